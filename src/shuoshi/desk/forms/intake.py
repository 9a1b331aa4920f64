"""Forms of the rows around registration: urgency, corrections, the receipt, voiding."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.desk.forms import choices, group, points
from shuoshi.desk.forms.asked import asked
from shuoshi.desk.forms.base import ActionForm, choice, line, radios, tick, words
from shuoshi.kernel.calendar import Limit, Unit
from shuoshi.matters import terms
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import EMERGENCIES, ORDER_OWED, Action, RequestKind, Status, Urgency

_URGENT = [(level.value, level.label) for level in (Urgency.U1, Urgency.U2)]
_CALM = [(level.value, level.label) for level in Urgency if level not in EMERGENCIES]
GRANT = [("yes", _("同意")), ("no", _("不同意"))]


class ConfirmUrgencyForm(ActionForm):
    action = Action.CONFIRM_URGENCY
    happens = _("核实后马上按分钟计时，值班人、领导和承办单位都会收到提醒，说事人看得到。")
    verb = _("核实为紧急")
    public = True
    level = radios(_("紧急程度"), _URGENT)
    reason = words(_("核实的情况"), rows=2)

    def fill_choices(self) -> None:
        self.offer("level", [pair for pair in _URGENT if pair[0] != self.about.matter.urgency])

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.ConfirmUrgency(level=Urgency(data["level"]), reason=data["reason"])


class LowerUrgencyForm(ActionForm):
    action = Action.LOWER_URGENCY
    happens = _("按分钟计的时限停止，改按工作日计。说事人看得到理由。")
    verb = _("降低紧急程度")
    public = True
    level = radios(_("改为"), _CALM)
    reason = words(_("理由"), rows=2)

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.LowerUrgency(level=Urgency(data["level"]), reason=data["reason"])


class CorrectRegistrationForm(ActionForm):
    action = Action.CORRECT_REGISTRATION
    happens = _("改前改后都留在记录里，说事人看得到。说事人的原话不能改。")
    verb = _("更正登记")
    public = True
    area = choice(_("村、社区"), required=False, first=_("不改"))
    place = line(_("具体地方"), required=False)
    demands = points.box(rows=4, help_text=_("没有改动，要求就不变。"))
    order_number = line(_("上级件单号"), limit=60)
    order_days = forms.IntegerField(label=_("上级要求几天内报结"), min_value=1, max_value=365)
    order_unit = radios(_("怎么算"), [(Unit.WORKING_DAYS, _("工作日")), (Unit.CALENDAR_DAYS, _("自然日"))])
    reason = words(_("更正的理由"), rows=2)

    def fill_choices(self) -> None:
        matter = self.about.matter
        self._fill_order(matter)
        self.offer("area", [("", _("不改")), *choices.areas()])
        self.fields["place"].initial = matter.place
        self._demands = points.shown(points.in_force(matter))
        self.fields["demands"].initial = self._demands

    def make(self, data: dict[str, Any]) -> terms.Terms:
        wanted = points.lines(data["demands"])
        return terms.CorrectRegistration(
            reason=data["reason"],
            area=UUID(data["area"]) if data["area"] else None,
            place=data["place"] if data["place"] != self.about.matter.place else None,
            demands=wanted if wanted != points.lines(self._demands) else None,
            order=self._corrected(data),
        )

    def _fill_order(self, matter: Matter) -> None:
        """What the order says, where there is one that is still to be reported on."""
        self._order: terms.OrderCorrected | None = None
        if matter.order_state not in ORDER_OWED:
            for name in ("order_number", "order_days", "order_unit"):
                del self.fields[name]
            return
        order = matter.outside_order
        limit = Limit.parse(order.limit)
        working = limit.unit == Unit.WORKING_DAYS
        self._order = terms.OrderCorrected(number=order.number, days=limit.amount, working_days=working)
        for name, value in (("number", order.number), ("days", limit.amount), ("unit", limit.unit)):
            self.fields[f"order_{name}"].initial = str(value)

    def _corrected(self, data: dict[str, Any]) -> terms.OrderCorrected | None:
        if self._order is None:
            return None
        given = terms.OrderCorrected(
            number=data["order_number"],
            days=data["order_days"],
            working_days=data["order_unit"] == Unit.WORKING_DAYS,
        )
        return given if given != self._order else None


class CheckConcernedForm(ActionForm):
    action = Action.CHECK_CONCERNED
    happens = _("选中的单位和人从这一步起看不到这件事，也不能办；说事人会看到已经核对过。")
    verb = _("核对好了")
    public = True
    units = forms.MultipleChoiceField(
        label=_("说的是哪个单位"), required=False, widget=forms.SelectMultiple({"size": 6})
    )
    people = forms.MultipleChoiceField(label=_("说的是谁"), required=False, widget=forms.SelectMultiple({"size": 6}))
    nobody = tick(_("核对过，不是这里的单位和工作人员"))

    def fill_choices(self) -> None:
        self.offer("units", choices.units())
        self.offer("people", choices.staff())
        self.fields["people"].help_text = _now("说事人写的是：“%(words)s”") % {
            "words": self.about.matter.concerns_words
        }

    def make(self, data: dict[str, Any]) -> terms.Terms:
        units, people = (tuple(UUID(one) for one in data[name]) for name in ("units", "people"))
        return terms.CheckConcerned(units=units, people=people, nobody=data["nobody"])


class TypeOutForm(ActionForm):
    action = Action.TYPE_OUT
    happens = _("记成文字以后才能受理、交办。录音原样留着；承办单位看文字，说事人要求保密或者不留名的，听不到录音。")
    verb = _("记好了")
    public = True
    text = words(
        _("录音里说的"),
        rows=8,
        help_text=_("照说事人的话记，听不清的写“（听不清）”。一句也没有说的，写明“录音里没有话”。"),
    )

    concerns = line(
        _("投诉的是这里的哪个单位、哪个人"),
        required=False,
        help_text=_("录音里说到的才写；写了，先核对是谁，再往下办。"),
    )

    def fill_choices(self) -> None:
        matter = self.about.matter
        if matter.status != Status.REGISTERED:
            del self.fields["concerns"]
        if not matter.untyped:
            self.happens = _("改的是受理以前记下的文字；改前改后都留在记录里。")
            self.fields["text"].initial = str(matter.content)

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.TypeOut(text=data["text"], concerns=data.get("concerns", ""))


class HandOverReceiptForm(ActionForm):
    action = Action.HAND_OVER_RECEIPT
    happens = _("写下把回执交给了谁。交给本人，或者本人委托的家人，都要有签收。")
    verb = _("记为已交付")
    spokesperson = group.which(_("哪一位代表的回执"))
    to_whom = line(_("交给了谁，在哪里签收"))

    def fill_choices(self) -> None:
        group.offer_seats(self, without_receipt=True)

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.HandOverReceipt(to_whom=data["to_whom"], spokesperson=group.chosen(data))


class VoidForm(ActionForm):
    action = Action.VOID
    happens = _("登记错了、测试或者无效的登记可以申请作废，要由另一个人核定。")
    verb = _("申请作废")
    reason = words(_("作废的理由"), rows=2)

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.Void(reason=data["reason"])


class RuleVoidForm(ActionForm):
    action = Action.RULE_VOID
    happens = _("同意后这件事作废，说事人看得到理由；不同意就照常办理。")
    verb = _("作出核定")
    template = "desk/_fields_ruling.html"
    granted = radios(_("核定"), GRANT)
    text = words(_("理由"), rows=2)

    def fill_choices(self) -> None:
        self.asked = asked(self.about.matter, RequestKind.VOID, self.about.profile)

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.RuleVoid(granted=data["granted"] == "yes", text=data["text"])
