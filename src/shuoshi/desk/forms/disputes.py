"""Forms of disputes before and during mediation: duties to report, the other side, both saying yes, meeting, ending (2.2.4)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.desk.forms import choices, groups
from shuoshi.desk.forms.base import ActionForm, choice, day, line, phone_number, radios, tick, words
from shuoshi.desk.forms.files import Photos
from shuoshi.desk.forms.groups import Group, Part, grouped
from shuoshi.kernel import clock
from shuoshi.kernel.templatetags.shuoshi import day as day_of
from shuoshi.kernel.web.forms import Moment
from shuoshi.matters import terms
from shuoshi.matters.actions.mediation import PERIOD
from shuoshi.matters.vocabulary import Action, Duty, EndsBecause, Mediated, Way
from shuoshi.organization.profile import Step

YES_NO = [("yes", _("有")), ("no", _("没有"))]
SPOKEN = [(way.value, way.label) for way in (Way.FACE_TO_FACE, Way.VISIT, Way.CALL, Way.LETTER)]


class AnswerDutiesForm(ActionForm):
    """A question for each duty, and beneath it to whom it was reported, and when."""

    action = Action.ANSWER_DUTIES
    happens = _("三项都要回答。有的，先报告，再写报告了谁、什么时候。群众看不到。答过“有”的不能再改成没有。")
    verb = _("记下核对")
    template = groups.TEMPLATE
    text = words(_("怎么核对的"), rows=2, help_text=_("问了谁、看了什么。"))

    def fill_choices(self) -> None:
        before = set(self.about.matter.duty_answers.filter(found=True).values_list("duty", flat=True))
        for duty in Duty:
            self.fields[f"found_{duty.value}"] = radios(
                duty.label, YES_NO, initial="yes" if duty.value in before else ""
            )
            self.fields[f"to_{duty.value}"] = line(_now("报告了谁"), required=False, limit=100)
            self.fields[f"at_{duty.value}"] = Moment(label=_now("什么时候报告的"), required=False)
            self.always_asked(f"to_{duty.value}", f"at_{duty.value}")
        self.order_fields([*(name for name in self.fields if name != "text"), "text"])

    def groups(self) -> list[Group]:
        found = [Part(duty.label, [f"{part}_{duty.value}" for part in ("found", "to", "at")]) for duty in Duty]
        shown = grouped(self, [*found, Part("", ["text"])])
        for group in shown[:-1]:
            group.fields[0].label = _now("有没有")
        return shown

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        for duty in Duty:
            if data.get(f"found_{duty.value}") != "yes":
                continue
            if not data.get(f"to_{duty.value}"):
                self.add_error(f"to_{duty.value}", _now("有这种情况，要写明报告了谁。还没有报告的，现在就报告。"))
            if not data.get(f"at_{duty.value}") and f"at_{duty.value}" not in self.errors:
                self.add_error(f"at_{duty.value}", _now("请写什么时候报告的。"))
        return super().clean()

    def make(self, data: dict[str, Any]) -> terms.Terms:
        answers = tuple(
            terms.DutyFound(
                duty=duty,
                found=data[f"found_{duty.value}"] == "yes",
                reported_to=data[f"to_{duty.value}"],
                reported_at=data[f"at_{duty.value}"],
            )
            for duty in Duty
        )
        return terms.AnswerDuties(answers=answers, text=data["text"])


class NameOtherSideForm(ActionForm):
    action = Action.NAME_OTHER_SIDE
    happens = _(
        "登记和说事人有争执的一方。是本机构单位的，它和它的人从此不能看、不能办这件事，没有别人能办就由上一级接着办。"
    )
    verb = _("登记")
    name = line(_("姓名，或者外面单位的名称"), required=False, limit=60)
    phone = line(_("电话"), required=False, limit=30)
    unit = choice(_("或者本机构的单位"), required=False)

    def fill_choices(self) -> None:
        self.offer("unit", [("", _now("不是本机构的单位")), *choices.units()])
        self.always_asked("name", "unit")

    def clean_phone(self) -> str:
        return phone_number(self.cleaned_data["phone"])

    def clean(self) -> dict[str, Any]:
        if bool(self.cleaned_data.get("name")) == bool(self.cleaned_data.get("unit")):
            self.add_error("name", _now("写明对方是谁：写姓名或名称，或者选一个单位，只填一样。"))
        return super().clean()

    def make(self, data: dict[str, Any]) -> terms.Terms:
        unit = UUID(data["unit"]) if data["unit"] else None
        return terms.NameOtherSide(name=data["name"], phone="" if unit else data["phone"], unit=unit)


class OpenMediationForm(ActionForm):
    action = Action.OPEN_MEDIATION
    verb = _("开始调解")
    template = groups.TEMPLATE
    mediator = choice(_("调解员"))
    no_conflict = tick(_("调解员和双方都没有近亲属或者利害关系"))
    speaker_by = choice(_("怎么同意的"), SPOKEN)
    speaker_on = day(_("哪天"))
    other_by = choice(_("怎么同意的"), SPOKEN)
    other_on = day(_("哪天"))
    until = day(_("双方商定调解到哪天"))

    def fill_choices(self) -> None:
        matter, today = self.about.matter, clock.local(clock.now()).date()
        limit = self.about.profile.limit(Step.MEDIATION, matter.kind) or PERIOD
        last = today + timedelta(days=limit.amount)
        self.offer("mediator", [("", "——"), *choices.mediators(matter)])
        self.fields["mediator"].initial = str(matter.handler_id)
        for name in ("speaker_on", "other_on"):
            self.fields[name].initial = today
        self.fields["until"].initial = last
        self.fields["until"].help_text = _now("最晚 %(day)s；双方同意可以再延长一次。") % {"day": day_of(last)}
        self.happens = _now(
            "双方都同意了才能开始。办理期限和答应说事人的日期都改到调解的日期，说事人会看到；调解不成，按原来剩下的时间接着走。一件事只调解一次，任何一方随时可以不再调解。"
        )

    def groups(self) -> list[Group]:
        parts = (
            Part("", ("mediator", "no_conflict")),
            Part(_now("说事人同意调解"), ("speaker_by", "speaker_on"), beside=True),
            Part(_now("对方同意调解"), ("other_by", "other_on"), beside=True),
            Part("", ("until",)),
        )
        return grouped(self, parts)

    def clean(self) -> dict[str, Any]:
        if not self.cleaned_data.get("no_conflict"):
            self.add_error("no_conflict", _now("有近亲属或者利害关系的不能调解，请换一位调解员。"))
        return super().clean()

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.OpenMediation(
            mediator=UUID(data["mediator"]),
            speaker=terms.Consent(by=Way(data["speaker_by"]), on=data["speaker_on"]),
            other=terms.Consent(by=Way(data["other_by"]), on=data["other_on"]),
            until=data["until"],
            no_conflict=data["no_conflict"],
        )


class RecordSessionForm(ActionForm):
    action = Action.RECORD_SESSION
    happens = _("调解经过留在卷里，群众看不到；哪天调解、谁到了，说事人看得到。")
    verb = _("记下")
    held_on = day(_("哪天调解的"))
    speaker_there = tick(_("说事人到了"))
    other_there = tick(_("对方到了"))
    text = words(_("调解经过"), rows=4)
    public_text = words(_("给说事人看的话"), rows=2, required=False)
    until = day(_("双方同意延长到哪天"), required=False, help_text=_("只能延长一次。"))
    mediator = choice(_("换调解员"), required=False, help_text=_("双方都同意，才能换。"))
    no_conflict = tick(_("新调解员和双方都没有近亲属或者利害关系"))
    agreed = line(_("双方怎么同意延长、换人的"), required=False, help_text=_("说事人看得到。"))
    photos = Photos()

    def fill_choices(self) -> None:
        self.fields["held_on"].initial = clock.local(clock.now()).date()
        if self.about.matter.mediations.filter(outcome=Mediated.OPEN, extended_at__isnull=False).exists():
            del self.fields["until"]
        now = str(self.about.matter.mediator_id)
        others = [(person, name) for person, name in choices.mediators(self.about.matter) if person != now]
        self.offer("mediator", [("", _now("不换")), *others])

    def clean(self) -> dict[str, Any]:
        asks = self.cleaned_data.get("until") or self.cleaned_data.get("mediator")
        if asks and not self.cleaned_data.get("agreed"):
            self.add_error("agreed", _now("延长、换人都要双方同意，请写怎么同意的。"))
        return super().clean()

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.RecordSession(
            held_on=data["held_on"],
            speaker_there=data["speaker_there"],
            other_there=data["other_there"],
            text=data["text"],
            public_text=data["public_text"],
            until=data.get("until"),
            agreed=data.get("agreed", ""),
            files=data["photos"],
            mediator=UUID(data["mediator"]) if data["mediator"] else None,
            no_conflict=data["no_conflict"],
        )


class EndMediationForm(ActionForm):
    action = Action.END_MEDIATION
    happens = _(
        "调解到此为止，不能再开始一次。办理期限和答应说事人的日期按原来剩下的时间接着走。说事人看得到下面的话。"
    )
    verb = _("终止调解")
    public = True
    because = radios(_("为什么"), EndsBecause.choices)
    text = words(_("情况"), rows=3)
    remedies = words(_("告知双方的其他途径"), rows=2, help_text=_("裁决、仲裁、起诉，哪一样，找哪里。"))
    told_other = choice(_("怎么告知了对方"), SPOKEN)

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.EndMediation(
            text=data["text"],
            because=EndsBecause(data["because"]),
            remedies=data["remedies"],
            told_other=Way(data["told_other"]),
        )
