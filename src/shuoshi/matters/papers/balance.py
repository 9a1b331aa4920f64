"""The balance of the ledger on paper and as a table, in the words of its page. Figures only: it names no matter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuoshi.matters.papers import wording
from shuoshi.matters.papers.ledger import Ledger
from shuoshi.matters.queries.balance import Balance, Column, Line
from shuoshi.matters.queries.periods import Period
from shuoshi.matters.vocabulary import Kind
from shuoshi.organization import queries as organization

COLUMNS = (
    (Column.CARRIED, gettext_lazy("上期结转")),
    (Column.NEW, gettext_lazy("新登记")),
    (Column.BACK, gettext_lazy("再提")),
    (Column.ENDED, gettext_lazy("办结")),
    (Column.OPEN, gettext_lazy("期末未办结")),
)
OF_ONE_UNIT = gettext_lazy("没有交给一个单位的")
_NOT_YET = gettext_lazy("还没有定种类的")
_WIDTHS = (12, 30, 13, 13, 13, 13, 13)


def period_name(period: Period) -> str:
    if period.days:
        first, last = wording.full_day(period.first), wording.full_day(period.last)
        return first if first == last else _("%(first)s至%(last)s") % {"first": first, "last": last}
    year = period.first.year
    if period.months == 12:
        return _("%(year)s 年") % {"year": year}
    if period.months == 3:
        return _("%(year)s 年第 %(number)s 季度") % {"year": year, "number": period.quarter}
    return _("%(year)d 年 %(month)d 月") % {"year": year, "month": period.first.month}


def kind_name(kind: str) -> str:
    return str(Kind(kind).label) if kind else str(_NOT_YET)


def units_in_order() -> Mapping[UUID, str]:
    """Names of all units, also of those closed since, in reading order; one statement."""
    return {unit.pk: unit.short_name for unit in organization.units(closed=True)}


def lines_of_units(found: Balance, units: Mapping[UUID, str]) -> list[tuple[UUID | None, str, Line]]:
    """In reading order, what no unit had at the end."""
    lines: list[tuple[UUID | None, str, Line]] = [
        (key, name, found.units[key]) for key, name in units.items() if key in found.units
    ]
    if None in found.units:
        lines.append((None, str(OF_ONE_UNIT), found.units[None]))
    return lines


def sheet(found: Balance, period: Period, who: str, at: datetime) -> Ledger:
    """One statement, for the names of units."""
    with wording.official():
        rows = [_cells(_("全部"), _("合计"), found.whole)]
        rows += [_cells(_("按种类"), kind_name(kind), line) for kind, line in found.kinds]
        rows += [_cells(_("按单位"), name, line) for _unit, name, line in lines_of_units(found, units_in_order())]
        notes = [
            _("%(period)s，%(equation)s。") % {"period": period_name(period), "equation": equation(found.whole)},
            _("%(who)s 于 %(at)s 导出，只列%(who)s看得到的事。演练不计；分项办理的算一件。")
            % {"who": who, "at": wording.full_moment(at)},
        ]
        columns = [_("怎样分"), _("哪一项"), *(str(label) for _column, label in COLUMNS)]
        title = _("群众说事台账结转表")
    return Ledger(title, notes, columns, rows, at, _WIDTHS)


def equation(line: Line) -> str:
    """上期结转 12 ＋ 新登记 30 ＋ 再提 2 － 办结 28 ＝ 期末未办结 16."""
    said = [f"{label} {getattr(line, column)}" for column, label in COLUMNS]
    return f"{said[0]} ＋ {said[1]} ＋ {said[2]} － {said[3]} ＝ {said[4]}"


def _cells(group: str, name: str, line: Line) -> Sequence[str | int]:
    return [group, name, *(getattr(line, column) for column, _label in COLUMNS)]
