"""Forms of more time, of time that stands still, and of what is parked (4.2.2, 4.4.2)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.desk.forms import choices
from shuoshi.desk.forms.base import ActionForm, choice, day, tick, words
from shuoshi.desk.forms.files import Photos
from shuoshi.desk.forms.requests import RulingForm
from shuoshi.kernel.templatetags.shuoshi import limit
from shuoshi.matters import terms
from shuoshi.matters.vocabulary import Action, RequestKind
from shuoshi.organization.profile import Step


class RequestExtensionForm(ActionForm):
    action = Action.REQUEST_EXTENSION
    verb = _("申请延期")
    days = forms.IntegerField(label=_("延几个工作日"), min_value=1, max_value=60)
    text = words(_("为什么要延期"), rows=3)
    plan = words(_("延期后怎么办"), rows=2)
    statutory = tick(_("要超过法定的 60 日"), help_text=_("只有领导能批，最多再延 30 日。"))

    def fill_choices(self) -> None:
        most = self.about.profile.limit(Step.EXTENSION, self.about.matter.kind)
        words_ = _now("由承办单位以外的人裁定，裁定前期限照走。一件事只能延一次。准了，说事人会看到理由和新的日期。")
        longest = _now("这类事最多延%(limit)s。") % {"limit": limit(most)} if most else ""
        self.happens = words_ + longest

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.RequestExtension(
            days=data["days"], text=data["text"], plan=data["plan"], statutory=bool(data["statutory"])
        )


class RuleExtensionForm(RulingForm):
    action = Action.RULE_EXTENSION
    kind = RequestKind.EXTENSION
    makes = terms.RuleExtension
    happens = _("同意：办理期限和答应说事人的日期一起往后推，说事人会看到您写的理由。不同意：期限照旧。")


class RequestPauseForm(ActionForm):
    action = Action.REQUEST_PAUSE
    happens = _(
        "由承办单位以外的人裁定。准了，办理期限停下来，说事人会看到为什么停、等谁、最晚到哪天；到那一天自动恢复计时。"
    )
    verb = _("申请暂停计时")
    cause = choice(_("因为什么"))
    until = day(_("最晚到哪天"))
    text = words(_("在等什么"), rows=2, help_text=_("例如等说事人拿来哪份材料，等哪家出鉴定结果。"))
    evidence = Photos(label=_("证明材料"))

    def fill_choices(self) -> None:
        self.offer("cause", [("", "——"), *choices.codes(self.about.profile.pause_causes)])

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.RequestPause(
            cause=data["cause"], until=data["until"], text=data["text"], evidence=data["evidence"]
        )


class RulePauseForm(RulingForm):
    action = Action.RULE_PAUSE
    kind = RequestKind.PAUSE
    makes = terms.RulePause
    happens = _("同意：从现在起停止计时，说事人会看到您写的理由和最晚的日期。不同意：照常计时。")


class ResumeForm(ActionForm):
    action = Action.RESUME
    happens = _("从现在起恢复计时，停下来的工作日往后顺延。说事人看得到。")
    verb = _("恢复计时")
    public = True
    text = words(_("为什么恢复"), rows=2)

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.Resume(text=data["text"])


class RequestParkForm(ActionForm):
    action = Action.REQUEST_PARK
    happens = _(
        "由承办单位以外的领导裁定。挂账不是办结：准了，原因、措施照您写的给说事人看，目标日期对他公开；每月复核一次，能办了就销号接着办。"
    )
    verb = _("申请挂账")
    public = True
    reason = choice(_("客观原因"))
    text = words(_("为什么现在办不了"), rows=3)
    measures = words(_("正在采取的措施"), rows=3)
    until = day(_("目标日期"))
    evidence = Photos(label=_("证明材料"))

    def fill_choices(self) -> None:
        self.offer("reason", [("", "——"), *choices.codes(self.about.profile.park_reasons)])

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.RequestPark(
            reason=data["reason"],
            text=data["text"],
            measures=data["measures"],
            until=data["until"],
            evidence=data["evidence"],
        )


class RuleParkForm(RulingForm):
    action = Action.RULE_PARK
    kind = RequestKind.PARK
    makes = terms.RulePark
    happens = _("同意：办理期限停下来，说事人会看到原因、措施和目标日期。不同意：照常办理。")


class ReviewParkedForm(ActionForm):
    action = Action.REVIEW_PARKED
    happens = _("现在还不能办，写清楚进展和还差什么，说事人看得到；一个月后再复核。能办了，请做“销号”。")
    verb = _("记下复核")
    public = True
    text = words(_("复核的情况"), rows=3)

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.ReviewParked(text=data["text"])


class StrikeOffForm(ActionForm):
    action = Action.STRIKE_OFF
    happens = _("现在能办了：接着办理，挂账前剩下的期限接着走。说事人看得到。")
    verb = _("销号，接着办")
    public = True
    text = words(_("为什么现在能办了"), rows=2)

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.StrikeOff(text=data["text"])
