"""The form of a new demand that comes up beside a matter: who speaks is known, what they say is typed (4.4.1)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.desk.forms import choices, group, groups, points
from shuoshi.desk.forms.base import ActionForm, choice, line, radios, tick, words
from shuoshi.desk.forms.groups import Group, Part, grouped
from shuoshi.matters import terms
from shuoshi.matters.vocabulary import Action, Channel, Status, Urgency

_WAYS = (Channel.HOTLINE, Channel.POINT, Channel.MEETING, Channel.VISIT)
_URGENCY = [
    (Urgency.U4.value, _("一般")),
    (Urgency.U3.value, _("加急：影响多户")),
    (Urgency.U2.value, _("紧急：断水断电断气或有隐患")),
    (Urgency.U1.value, _("特急：有人身危险")),
]


class RegisterLinkedForm(ActionForm):
    action = Action.REGISTER_LINKED
    happens = _(
        "登记成另一件事，有自己的编号、回执和答应的日期；说事人、留不留名、怎么告知都照这一件。"
        "两件事的页上都写着对方的编号。这一件该办的照旧办，期限不变。"
    )
    verb = _("另行登记")
    template = groups.TEMPLATE
    public = True
    spokesperson = group.which(_("是哪一位代表说的"))
    content = words(_("说事人的原话（怎么说就怎么记）"), rows=3)
    demands = words(_("归纳的要求，一行一条"), rows=2, required=False)
    repeats = tick(_("还是这一件事，办结以后又说了"), help_text=_("再次提出的时限过了才能这样登记。"))
    channel = choice(_("渠道"), [(one.value, one.label) for one in _WAYS])
    urgency = radios(_("紧急程度"), _URGENCY)
    area = choice(_("村、社区"), required=False)
    place = line(_("具体地方"), required=False)
    concerns_units = forms.MultipleChoiceField(
        label=_("反映的是哪个单位"), required=False, widget=forms.SelectMultiple(attrs={"size": 4})
    )
    concerns_people = forms.MultipleChoiceField(
        label=_("反映的是谁"), required=False, widget=forms.SelectMultiple(attrs={"size": 4})
    )
    concerns_words = line(_("名册里没有的人，用话写"), required=False)

    def groups(self) -> list[Group]:
        parts = (
            Part("", ("spokesperson", "content", "demands", "repeats", "channel", "urgency")),
            Part(_now("在哪里"), ("area", "place"), beside=True),
            Part(_now("反映单位或者个人的"), ("concerns_units", "concerns_people", "concerns_words"), folded=True),
        )
        return grouped(self, parts)

    def fill_choices(self) -> None:
        matter = self.about.matter
        group.offer_seats(self)
        self.offer("area", [("", _now("不清楚")), *choices.areas()])
        self.offer("concerns_units", choices.units)
        self.offer("concerns_people", choices.staff)
        first = {"area": str(matter.area_id or ""), "place": matter.place}
        first |= {"channel": Channel.HOTLINE.value, "urgency": Urgency.U4.value}
        for name, value in first.items():
            self.fields[name].initial = value
        if matter.status != Status.CLOSED:
            del self.fields["repeats"]

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.RegisterLinked(
            content=data["content"],
            spokesperson=group.chosen(data),
            demands=points.lines(data["demands"]),
            repeats=bool(data.get("repeats")),
            channel=Channel(data["channel"]),
            urgency=Urgency(data["urgency"]),
            area=UUID(data["area"]) if data["area"] else None,
            place=data["place"],
            concerns_units=tuple(UUID(one) for one in data["concerns_units"]),
            concerns_people=tuple(UUID(one) for one in data["concerns_people"]),
            concerns_words=data["concerns_words"],
        )
