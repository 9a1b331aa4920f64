"""Forms of the result: answers demand by demand, report, signature (4.3.3)."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.desk.forms import choices
from shuoshi.desk.forms.base import ActionForm, Words, choice, day, radios, words
from shuoshi.desk.forms.citing import CitingForm
from shuoshi.desk.forms.files import Photos
from shuoshi.kernel import clock
from shuoshi.matters import checklist, terms
from shuoshi.matters.answering import answering
from shuoshi.matters.vocabulary import Action, DeadlineKind, Outcome, ReportForm, ResultState, Way

_ONE_REPLY = _("只有这一条要求，不另写，就用下面给说事人的答复。")
_DELIVERY = [(way.value, way.label) for way in Way]


class PrepareResultForm(CitingForm, ActionForm):
    """One group of three fields per demand, then reply and report."""

    action = Action.PREPARE_RESULT
    happens: Words = _("写好后送单位负责人审签。签发时答复和书面报告一起发出：答复给说事人，报告给受理中心。")
    verb = _("送审签")
    template = "desk/_fields_result.html"
    reply = words(_("给说事人的答复"), rows=5)
    report = words(_("给受理中心的书面报告"), rows=6)
    form = radios(_("报告形式"), [(one.value, one.label) for one in ReportForm])
    basis = words(_("依据"), rows=2, required=False)
    remedies = words(_("不同意时还可以走的途径"), rows=2, required=False)
    proofs = Photos(label=_("现场凭证"))
    without_opinions = words(_("还有协办单位或者外单位没有答复，为什么不等"), rows=2, required=False)

    fills: ClassVar[dict[str, str]] = {"answer": "reply", "basis": "basis"}

    def said(self) -> str:
        return f"{self.about.matter.title} {self.about.matter.content}"

    def category_said(self) -> str:
        return self.about.matter.category

    def fill_choices(self) -> None:
        self._say_what_is_unchecked()
        self.fields["form"].initial = ReportForm.SHORT
        category = self.about.matter.category
        if category and self.about.profile.category(category).proof:
            self.fields["proofs"].label = _now("现场凭证（这一类办好了一定要有）")
            self.always_asked("proofs")  # may have come with an earlier step
        waited_for = [DeadlineKind.CO_OPINION, DeadlineKind.ASK_BACK]
        if self.about.matter.deadlines.filter(kind__in=waited_for, outcome="OPEN").exists():
            self.always_asked("without_opinions")
        else:
            del self.fields["without_opinions"]
        self.demands = list(self.about.matter.demands.filter(dropped=False, settled=False).order_by("ordinal"))
        follows = {one.code: str(one.follows) for one in self.about.profile.outcomes}
        outcomes = [
            (one.value, choices.with_words(one.label, follows[one.value]) if one.value in follows else one.label)
            for one in Outcome
        ]
        alone = len(self.demands) == 1
        for demand in self.demands:
            name = str(demand.ordinal)
            self.fields[f"outcome_{name}"] = choice(_now("结果"), [("", "——"), *outcomes])
            self.fields[f"text_{name}"] = words(
                _now("怎么答复"), rows=2, required=not alone, help_text=_ONE_REPLY if alone else ""
            )
            self.fields[f"because_{name}"] = words(
                _now("原因、谁能办，或者依据"),
                rows=2,
                required=False,
                help_text=_now("无法办理、不予支持时要写。"),
            )

    def _say_what_is_unchecked(self) -> None:
        """Before anything is written: what the rules want looked at first."""
        matter, profile = self.about.matter, self.about.profile
        if any(item.needed for item in checklist.items(profile, matter)):
            left = checklist.missing(profile, matter, checklist.ticked_now(matter))
            if left:
                named = _now("、").join(map(str, left))
                self.happens = _now("核对清单里还有要先做的：%(items)s。核对了才能送审签。") % {"items": named}

    def groups(self) -> list[dict[str, Any]]:
        """For the template: each demand with its three fields."""
        return [
            {
                "demand": demand,
                "fields": [self[f"{part}_{demand.ordinal}"] for part in ("outcome", "text", "because")],
            }
            for demand in self.demands
        ]

    def rest(self) -> list[forms.BoundField]:
        return [
            self[name]
            for name in ("reply", "report", "form", "basis", "remedies", "proofs", "without_opinions")
            if name in self.fields
        ]

    def clean(self) -> dict[str, Any]:
        for demand in self.demands:
            code = self.cleaned_data.get(f"outcome_{demand.ordinal}")
            because = f"because_{demand.ordinal}"
            if code in (Outcome.CANNOT_ACT, Outcome.NOT_JUSTIFIED) and not self.cleaned_data.get(because):
                self.add_error(because, _now("无法办理要写明原因和谁能办；不予支持要写明依据。"))
        return super().clean()

    def make(self, data: dict[str, Any]) -> terms.Terms:
        points = tuple(
            terms.PointAnswer(
                demand=demand.pk,
                outcome=Outcome(data[f"outcome_{demand.ordinal}"]),
                text=data[f"text_{demand.ordinal}"] or data["reply"],
                because=data[f"because_{demand.ordinal}"],
            )
            for demand in self.demands
        )
        return terms.PrepareResult(
            points=points,
            reply=data["reply"],
            report=data["report"],
            form=ReportForm(data["form"]),
            basis=data["basis"],
            remedies=data["remedies"],
            proofs=data["proofs"],
            cites=self.cited(),
            without_opinions=data.get("without_opinions", ""),
        )


class SendBackResultForm(ActionForm):
    reads = frozenset({ResultState.PREPARED})
    action = Action.SEND_BACK_RESULT
    happens = _("退给承办人改。办理期限照走。")
    verb = _("退改")
    reason = words(_("要改什么"), rows=2)

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.SendBackResult(reason=data["reason"])


class SignResultForm(ActionForm):
    reads = frozenset({ResultState.PREPARED})
    action = Action.SIGN_RESULT
    happens = _("签发后答复给说事人、报告给受理中心，办理期限到此为止，接着由受理中心回访。")
    verb = _("签发")
    delivered_by = choice(_("答复怎么送到"), _DELIVERY)
    delivered_on = day(_("哪天送到"))

    def fill_choices(self) -> None:
        self.fields["delivered_on"].initial = clock.local(clock.now()).date()

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.SignResult(delivered_by=Way(data["delivered_by"]), delivered_on=data["delivered_on"])


class ReturnReportForm(ActionForm):
    reads = frozenset({ResultState.SIGNED})
    action = Action.RETURN_REPORT
    happens = _("退回承办单位补正，办理期限从停下的地方接着走。说事人看得到理由。")
    verb = _("退回补正")
    public = True
    parts = forms.MultipleChoiceField(label=_("退回哪几个分项"), widget=forms.CheckboxSelectMultiple)
    reason = words(_("缺什么"), rows=2)

    def fill_choices(self) -> None:
        matter = self.about.matter
        if matter.assignment_id is not None:
            del self.fields["parts"]
            return
        found = answering(matter)
        said = _now("第 %(n)d 分项（%(unit)s）")
        named = [(one.part, one.lead_unit.short_name if one.lead_unit else "") for one in found]
        self.offer("parts", [(str(part), said % {"n": part, "unit": unit}) for part, unit in named])

    def make(self, data: dict[str, Any]) -> terms.Terms:
        parts = tuple(int(one) for one in data.get("parts", ()))
        return terms.ReturnReport(reason=data["reason"], parts=parts)
