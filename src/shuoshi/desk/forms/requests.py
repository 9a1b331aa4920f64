"""Forms of what is asked for and ruled on: returns, lawful exits, conflicts, withdrawal, escalation."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.desk.forms import choices, group, points
from shuoshi.desk.forms.asked import asked
from shuoshi.desk.forms.base import ActionForm, choice, line, radios, tick, words
from shuoshi.desk.forms.files import Photos
from shuoshi.desk.forms.intake import GRANT
from shuoshi.kernel.templatetags.shuoshi import limit
from shuoshi.matters import terms
from shuoshi.matters.case import scopes
from shuoshi.matters.vocabulary import DECIDED_EXITS, Action, Exit, Kind, RequestKind, WishShown
from shuoshi.organization.profile import Step
from shuoshi.organization.roles import Role

MYSELF = "myself"
REGISTRY = (Role.REGISTRAR, Role.DISPATCHER, Role.FOLLOW_UP_AGENT)


class RequestReturnForm(ActionForm):
    action = Action.REQUEST_RETURN
    happens = _("由受理中心裁定。裁定前签收的期限照走；准了，说事人会看到理由和建议的单位。每个单位只能退一次。")
    verb = _("申请退单")
    reason = choice(_("理由类别"))
    text = words(_("为什么不该由本单位办"), rows=3)
    proper_unit = choice(_("建议由谁办"), required=False)

    def fill_choices(self) -> None:
        own = str(self.about.matter.lead_unit_id)
        self.offer("reason", [("", "——"), *choices.codes(self.about.profile.return_reasons)])
        others = [pair for pair in choices.units(self.about.matter) if pair[0] != own]
        self.offer("proper_unit", [("", _now("不归哪个单位，是内容不清")), *others])
        self.always_asked("proper_unit")  # most reasons ask for it

    def make(self, data: dict[str, Any]) -> terms.Terms:
        proper = UUID(data["proper_unit"]) if data["proper_unit"] else None
        return terms.RequestReturn(reason=data["reason"], text=data["text"], proper_unit=proper)

    def clean(self) -> dict[str, Any]:
        code, elsewhere = self.cleaned_data.get("reason"), self.cleaned_data.get("proper_unit")
        if code and not elsewhere and self.about.profile.return_reason(code).needs_proper_unit:
            self.add_error("proper_unit", _now("请选应当由哪个单位办。"))
        return super().clean()


class RulingForm(ActionForm):
    """Says what was asked for above its fields."""

    makes: type[terms.Ruling]
    kind: ClassVar[RequestKind]
    template = "desk/_fields_ruling.html"
    verb = _("作出裁定")
    granted = radios(_("裁定"), GRANT)
    text = words(_("理由"), rows=3)

    def fill_choices(self) -> None:
        self.asked = asked(self.about.matter, self.kind, self.about.profile)

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return self.makes(granted=data["granted"] == "yes", text=data["text"])


class RuleReturnForm(RulingForm):
    action = Action.RULE_RETURN
    kind = RequestKind.RETURN
    makes = terms.RuleReturn
    happens = _("同意就回到待交办，答复说事人的日期不变；不同意，承办单位继续办，不能再退。")


class RuleExitForm(RulingForm):
    action = Action.RULE_EXIT
    kind = RequestKind.EXIT
    makes = terms.RuleExit
    happens = _("同意就依规办结，说事人会收到依据和救济途径；不同意就继续办。")


class RuleConflictForm(RulingForm):
    action = Action.RULE_CONFLICT
    kind = RequestKind.RECUSAL
    makes = terms.RuleConflict
    happens = _(
        "同意：要回避的人或单位从此不能看、不能办这件事，没有别人能办就由上一级接着办。不同意：自己声明的回避取消。"
    )


class RequestExitForm(ActionForm):
    action = Action.REQUEST_EXIT
    happens = _("由承办单位以外的人裁定。裁定前照常办理，期限照走。")
    verb = _("申请依规办结")
    exit = choice(_("按哪一条办结"))
    text = words(_("事实和证据"), rows=4)
    basis = words(_("依据"), rows=2)
    rights_notice = words(_("告知的权利和途径"), rows=2)
    evidence = Photos(label=_("证据照片"))

    def fill_choices(self) -> None:
        kind, exits = self.about.matter.kind, {one.code: one for one in self.about.profile.exits}
        found = [
            (one.value, one.label)
            for one in Exit
            if one in DECIDED_EXITS and one in exits and (not exits[one].kinds or kind in exits[one].kinds)
        ]
        self.offer("exit", [("", "——"), *found])

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.RequestExit(
            exit=Exit(data["exit"]),
            text=data["text"],
            basis=data["basis"],
            rights_notice=data["rights_notice"],
            evidence=data["evidence"],
        )


class RewordDemandsForm(ActionForm):
    action = Action.REWORD_DEMANDS
    happens = _("说事人自己说归纳得不对，由受理中心照他说的改。原话不动，原来的写法留在经过里，他看得到；期限不变。")
    verb = _("记下更正")
    public = True
    demands = points.box(_("照说事人说的写。交办过的事，可以改写、可以加，不能减少。"), rows=5, required=True)
    shown_by = radios(_("凭什么知道是本人要更正"), WishShown.choices)
    proof_ref = line(
        _("凭据在哪里"), help_text=_("录音编号、签字件编号，或者核对的是哪种证件、谁在场。群众看不到这一行。")
    )

    def fill_choices(self) -> None:
        self.fields["demands"].initial = points.shown(points.in_force(self.about.matter))

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.RewordDemands(
            demands=points.lines(data["demands"]), shown_by=WishShown(data["shown_by"]), proof_ref=data["proof_ref"]
        )


class WithdrawForm(ActionForm):
    action = Action.WITHDRAW
    verb = _("记下撤回")
    public = True
    spokesperson = group.which(_("是哪一位代表要撤回"))
    shown_by = radios(_("凭什么知道是本人要撤回"), WishShown.choices)
    proof_ref = line(
        _("凭据在哪里"), help_text=_("录音编号、签字件编号，或者核对的是哪种证件、谁在场。群众看不到这一行。")
    )
    text = words(_("说事人的话"), rows=2, required=False)

    def fill_choices(self) -> None:
        kind = self.about.matter.kind or Kind.INTEREST_CLAIM
        after = limit(self.about.profile.limit(Step.WITHDRAWAL, kind))
        self.happens = _now(
            "说事人自己要撤回，由受理中心记下，%(after)s后生效，期间可以收回。承办人不能代提，也不能劝人撤回。"
        ) % {"after": after}
        group.offer_seats(self)
        if self.about.matter.is_group:
            self.happens += _now("集体反映里，撤回的只是他自己的一份，别的代表继续。")

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.Withdraw(
            text=data["text"],
            shown_by=WishShown(data["shown_by"]),
            proof_ref=data["proof_ref"],
            spokesperson=group.chosen(data),
        )


class RevokeWithdrawalForm(ActionForm):
    action = Action.REVOKE_WITHDRAWAL
    happens = _("撤回记错了，或者说事人改了主意：撤回作废，照常办理。说事人看得到原因。")
    verb = _("收回撤回")
    public = True
    spokesperson = group.which(_("收回哪一位代表的撤回"))
    text = words(_("为什么收回"), rows=2)

    def fill_choices(self) -> None:
        group.offer_seats(self)

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.RevokeWithdrawal(text=data["text"], spokesperson=group.chosen(data))


class DeclareConflictForm(ActionForm):
    """Of oneself, of a colleague or a unit; the registry also writes down what the speaker asks for."""

    action = Action.DECLARE_CONFLICT
    happens = _("您自己回避：马上就不能再看、再办这件事，并请人裁定。请别人或单位回避：裁定同意以后才生效。")
    verb = _("申请回避")
    who = choice(_("谁要回避"))
    text = words(_("是什么关系"), rows=2)
    for_speaker = tick(_("是说事人提出来的，我替他登记"))

    def fill_choices(self) -> None:
        matter, me = self.about.matter, self.about.actor.person_id
        self.offer("who", [(MYSELF, _("我自己")), *choices.to_recuse(matter, me)])
        if matter.home_path not in scopes(self.about.actor, REGISTRY):
            del self.fields["for_speaker"]

    def make(self, data: dict[str, Any]) -> terms.Terms:
        kind, _sep, key = data["who"].partition(":")
        return terms.DeclareConflict(
            text=data["text"],
            person=UUID(key) if kind == choices.PERSON else None,
            unit=UUID(key) if kind == choices.UNIT else None,
            for_speaker=bool(data.get("for_speaker")) and kind != MYSELF,
        )


class EscalateForm(ActionForm):
    action = Action.ESCALATE
    happens = _("交上一级受理中心重新交办，原来的单位协办。说事人看得到理由。")
    verb = _("提级办理")
    public = True
    reason = words(_("理由"), rows=2)

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.Escalate(reason=data["reason"])
