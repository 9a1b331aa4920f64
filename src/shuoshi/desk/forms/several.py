"""What is filled in once for several matters: the forms of the single actions, and what each matter makes of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.desk.forms import choices
from shuoshi.desk.forms.base import ActionForm
from shuoshi.desk.forms.handling import WriteToSpeakerForm
from shuoshi.desk.forms.supervision import RemindForm
from shuoshi.desk.forms.triage import AssignForm
from shuoshi.matters import terms
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Action
from shuoshi.organization import queries as organization
from shuoshi.organization.models import DutyLine


class SeveralForm(ActionForm):
    """`matters` are all that were chosen, `possible` the keys of those it can be done to now.

    What was done a moment ago is not possible any more; sent again, it must still say the same of it.
    """

    def __init__(self, *args: Any, matters: Sequence[Matter], possible: Collection[UUID], **kwargs: Any) -> None:
        self.matters, self.possible = matters, possible
        super().__init__(*args, **kwargs)

    def terms_for(self, matter: Matter) -> terms.Terms:
        """What is done to this one; only after `is_valid`."""
        return self.terms()


class TellSeveralForm(SeveralForm, WriteToSpeakerForm):
    happens = _("每位说事人在自己的进度页上看得到，不能收回；怎么通知他，照他自己选的办法。")
    verb = _("发给这些说事人")

    def fill_choices(self) -> None:
        del self.fields["photos"]  # a picture is of one place: it is sent with the matter it belongs to

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.WriteToSpeaker(text=data["text"])


class RemindSeveralForm(SeveralForm, RemindForm):
    happens = _("每件的承办人和负责人马上会看到，期限不变。群众看不到。一件事一天只能催一次。")


class AssignSeveralForm(SeveralForm, AssignForm):
    """To one unit. Each matter has its own line of the duty list, or none: then the reason is owed."""

    happens = _("每件都交给同一个单位，期限按各件的规定；说事人会知道由谁办、最晚哪天答复。")
    verb = _("交办这些事")
    help_for_days = _("每件都只能比规定的期限短；不填就按规定。")
    unlisted = _("不是每一件的职责清单上都有这个单位，请写为什么交给它。")

    def fill_choices(self) -> None:
        del self.fields["myself"]  # who takes several on signs for each, having read it
        self.fields["days"].help_text = self.help_for_days
        tiers = {matter.tier_path for matter in self.matters}
        everything, known = choices.units_under(tiers), dict[tuple[str, str], list[DutyLine]]()
        self._lines = {matter.pk: self._listed(matter, known) for matter in self.matters}
        first, *rest = [self._lines[key] for key in self.possible] or [{}]
        self._line_of = {unit: first[unit] for unit in set(first).intersection(*rest)}
        some = {unit for key in self.possible for unit in self._lines[key]}
        named = [pair for pair in everything if pair[0] in some]
        others = [pair for pair in everything if pair[0] not in some]
        groups = [(_now("职责清单上的单位"), named)] if named else []
        self.offer("unit", [("", "——"), *groups, (_now("其他单位（要写理由）"), others)])
        self.offer("co_units", everything)
        self.offer("person", [("", "——"), *choices.handlers_under(tiers)])
        self._ask_why_not_by_the_list(named)

    def terms_for(self, matter: Matter) -> terms.Terms:
        made = self.terms()
        assert isinstance(made, terms.Assign)
        return replace(made, duty_line=self._lines[matter.pk].get(str(made.unit)))

    @staticmethod
    def _listed(matter: Matter, known: dict[tuple[str, str], list[DutyLine]]) -> Mapping[str, UUID]:
        """The units the duty list names for this matter; one statement for each category and place."""
        place = (matter.category, matter.area.path if matter.area else "")
        if place not in known:
            known[place] = organization.duty(*place) if matter.category else []
        return {str(line.unit_id): line.pk for line in reversed(known[place])}


FORMS: Mapping[Action, type[SeveralForm]] = {
    form.action: form for form in (AssignSeveralForm, TellSeveralForm, RemindSeveralForm)
}
