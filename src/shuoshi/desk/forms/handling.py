"""Forms of handling: signing for, contacts, work, progress, words inside and to the speaker (4.3)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from shuoshi.desk.forms import choices
from shuoshi.desk.forms.base import ActionForm, choice, day, radios, tick, words
from shuoshi.desk.forms.files import Photos
from shuoshi.matters import terms
from shuoshi.matters.vocabulary import Action, Way

_SPOKEN = [(way.value, way.label) for way in Way if way != Way.PAGE]
REACHED = [("yes", _("联系上了")), ("no", _("没有联系上"))]


class SignForForm(ActionForm):
    action = Action.SIGN_FOR
    happens = _("签收后开始办理。选定承办人，由他先联系说事人。")
    verb = _("签收")
    handler = choice(_("承办人"))

    def fill_choices(self) -> None:
        found = choices.people_of(self.about.matter.lead_unit_id, self.about.matter)
        self.offer("handler", found)
        assignment = self.about.matter.assignment
        proposed, me = str(assignment.handler_id if assignment else None), str(self.about.actor.person_id)
        self.fields["handler"].initial = next((one for one in (proposed, me) if one in dict(found)), None)

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.SignFor(handler=UUID(data["handler"]))


class ChangeHandlerForm(ActionForm):
    action = Action.CHANGE_HANDLER
    happens = _("期限不变。说事人会知道换了谁承办。")
    verb = _("改派")
    public = True
    handler = choice(_("新的承办人"))
    reason = words(_("理由"), rows=2)

    def fill_choices(self) -> None:
        now = str(self.about.matter.handler_id)
        found = choices.people_of(self.about.matter.lead_unit_id, self.about.matter)
        self.offer("handler", [pair for pair in found if pair[0] != now])

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.ChangeHandler(handler=UUID(data["handler"]), reason=data["reason"])


class RecordFirstContactForm(ActionForm):
    action = Action.RECORD_FIRST_CONTACT
    happens = _("联系上了，首次联系的期限就算兑现；没有联系上也照实记，记满规定的次数也算做到。说事人看得到。")
    verb = _("记首次联系")
    public = True
    way = choice(_("怎么联系的"), _SPOKEN)
    reached = radios(_("结果"), REACHED)
    text = words(_("联系情况"))

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.RecordFirstContact(way=Way(data["way"]), reached=data["reached"] == "yes", text=data["text"])


class WorkForm(ActionForm):
    """Investigation, plan and measure: an inner record, and what the speaker reads of it."""

    makes: type[terms.Work]
    text = words(_("记录（仅内部可见）"), rows=4)
    public_text = words(_("告诉说事人的话"), rows=2, required=False)
    photos = Photos()

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return self.makes(text=data["text"], public_text=data["public_text"], files=data["photos"])


class RecordInvestigationForm(WorkForm):
    action = Action.RECORD_INVESTIGATION
    makes = terms.RecordInvestigation
    happens = _("写清楚查了什么、谁去的、看到什么。照片跟着给说事人的话一起公开；没写那句话就只在内部。")
    verb = _("记下调查核实")


class SetPlanForm(WorkForm):
    action = Action.SET_PLAN
    makes = terms.SetPlan
    happens = _("写清楚怎么办、谁来办、哪天办完。")
    verb = _("记下方案")


class RecordMeasureForm(WorkForm):
    action = Action.RECORD_MEASURE
    makes = terms.RecordMeasure
    happens = _("写清楚已经做了什么。要凭证的事请附现场照片。")
    verb = _("记下实施")


class ReportProgressForm(ActionForm):
    action = Action.REPORT_PROGRESS
    happens = _("说事人马上看到；下一次告知的期限从今天重新算。")
    verb = _("告知进展")
    public = True
    done = words(_("已经做了什么"))
    next_step = words(_("下一步做什么"), rows=2)
    next_on = day(_("哪天做"), required=False)
    photos = Photos()

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.ReportProgress(
            done=data["done"], next_step=data["next_step"], next_on=data["next_on"], files=data["photos"]
        )


class NoteForm(ActionForm):
    action = Action.NOTE
    happens = _("群众看不到；监督小组看得到。")
    verb = _("记下备注")
    text = words(_("内部备注"))
    photos = Photos()

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.Note(text=data["text"], files=data["photos"])


class WriteToSpeakerForm(ActionForm):
    """Asks again when the words hold what looks like a phone or an id number (ux.md §5.6)."""

    action = Action.WRITE_TO_SPEAKER
    happens = _("发出后说事人在进度页看得到，不能收回。")
    verb = _("发给说事人")
    public = True
    text = words(_("发给说事人的话"))
    photos = Photos()
    sure = tick(_("里面的号码可以发给说事人"))

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        longest = _longest_number(str(data.get("text", "")))
        self.asks_again = longest >= 7 and not data.get("sure")
        if self.asks_again:
            self.add_error("sure", _("里面好像有电话或证件号。确实要发，请勾选这一项再发一次。"))
        return data

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.WriteToSpeaker(text=data["text"], files=data["photos"])


class AddInformationForm(ActionForm):
    action = Action.ADD_INFORMATION
    happens = _("替说事人记下补充的情况，照他的原话写。承办人会看到。")
    verb = _("记下补充")
    public = True
    text = words(_("说事人补充的情况"))
    photos = Photos()

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.AddInformation(text=data["text"], files=data["photos"])


def _longest_number(written: str) -> int:
    """The most digits in a row, spaces and dashes between them not counted."""
    longest = run = 0
    for character in written:
        if character.isdigit():
            run += 1
            longest = max(longest, run)
        elif character not in " -":
            run = 0
    return longest
