"""The form of dividing: one unit for each demand (4.2.2)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.desk.forms import choices
from shuoshi.desk.forms.base import ActionForm, choice, narrowed, words
from shuoshi.matters import terms
from shuoshi.matters.vocabulary import Action
from shuoshi.organization import queries as organization


class DivideForm(ActionForm):
    """A select for each demand, with the unit of the duty list chosen beforehand."""

    action = Action.DIVIDE
    happens = _(
        "每条要求选一个单位，同一个单位的几条合成一个分项，各有各的期限；"
        "说事人还是一个编号、一个查询码，各分项都办完了一起答复、一次回访。"
    )
    verb = _("分项交办")
    reason = words(_("不按职责清单交办的理由"), rows=2, required=False, help_text=_("都是职责清单上的单位，不用写。"))

    def fill_choices(self) -> None:
        matter = self.about.matter
        everything = choices.units(matter)
        offered = {value for value, _label in everything}
        found = organization.duty(matter.category, matter.area.path if matter.area else "")
        lines = {str(line.unit_id): line for line in reversed(found) if str(line.unit_id) in offered}
        self._line_of = {unit: line.pk for unit, line in lines.items()}
        listed = [(unit, line.unit.name) for unit, line in reversed(lines.items())]
        others = [(value, label) for value, label in everything if value not in lines]
        groups = [(_now("职责清单上的单位"), listed)] if listed else []
        self._demands = list(matter.demands.filter(dropped=False, settled=False).order_by("ordinal"))
        for demand in self._demands:
            demand.matter = matter
            label = _now("第 %(n)d 条：%(text)s") % {"n": demand.ordinal, "text": demand.text}
            field = choice(label, [("", "——"), *groups, (_now("其他单位（要写理由）"), others)])
            field.initial = listed[0][0] if listed else ""
            self.fields[f"unit_{demand.ordinal}"] = narrowed(field)
        self.order_fields([f"unit_{demand.ordinal}" for demand in self._demands])
        self.always_asked("reason")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        chosen = {f"unit_{one.ordinal}": data.get(f"unit_{one.ordinal}") for one in self._demands}
        if not all(chosen.values()):
            return data
        if len(set(chosen.values())) < 2:
            self.add_error(list(chosen)[-1], _now("几条要求都由一个单位办，用“交办”，不用分项。"))
        if set(chosen.values()) - set(self._line_of) and not data.get("reason") and not self.has_error("reason"):
            self.add_error("reason", _now("有的单位不在职责清单上，请写为什么交给它。"))
        return data

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.Divide(
            shares=tuple(
                terms.Share(
                    demand=demand.pk,
                    unit=UUID(data[f"unit_{demand.ordinal}"]),
                    duty_line=self._line_of.get(data[f"unit_{demand.ordinal}"]),
                )
                for demand in self._demands
            ),
            reason=data["reason"],
        )
