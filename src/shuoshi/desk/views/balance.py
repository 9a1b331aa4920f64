"""The ledger of a period, which adds up: carried over, new, reopened, ended, open. Every figure opens its list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from shuoshi.desk import periods, rights
from shuoshi.desk.downloads import CSV, PDF, XLSX, file_of
from shuoshi.desk.frame import DeskRequest
from shuoshi.kernel import clock
from shuoshi.kernel.web import PageData, page, show
from shuoshi.ledgers.asked import NOBODY
from shuoshi.ledgers.registers import REGISTERS
from shuoshi.ledgers.writing import Csv
from shuoshi.matters.papers import balance as sheets
from shuoshi.matters.papers.balance import COLUMNS, OF_ONE_UNIT, kind_name, period_name
from shuoshi.matters.papers.ledger import Ledger
from shuoshi.matters.queries import balance as ledger
from shuoshi.matters.queries import queues
from shuoshi.matters.queries.balance import Column, Line
from shuoshi.matters.queries.periods import Period
from shuoshi.matters.vocabulary import Kind
from shuoshi.organization import queries as organization


@dataclass(frozen=True)
class Cell:
    """A figure, how many matters it is where some count twice, and where its list is; no list where it is none."""

    n: int
    url_query: str
    column: str
    label: str
    matters: int


@dataclass(frozen=True)
class Row:
    label: str
    cells: Sequence[Cell]


@dataclass(frozen=True)
class BalancePage(PageData):
    template: ClassVar[str] = "desk/balance.html"
    period: str  # in words
    name: str  # in addresses
    running: bool
    unknown: str  # a period that was asked for and is none
    choices: Sequence[periods.Choice]
    columns: Sequence[str | Promise]
    tables: Sequence[tuple[str, Sequence[Row]]]  # heading of the first column, lines
    line: Line
    adds_up: bool
    registers: Sequence[tuple[str, str | Promise]]


@page(access=rights.overview, methods=("GET",))
def balance(request: DeskRequest) -> HttpResponse:
    """Three statements beside the frame, whatever the size of the institution."""
    period = periods.asked(request)
    found, units = ledger.balance(request.actor, period), sheets.units_in_order()
    whole = [_row(_("合计"), found.whole, period)]
    kinds = [_row(kind_name(kind), line, period, kind=kind or NOBODY) for kind, line in found.kinds]
    by_unit = [
        _row(name, line, period, unit=str(unit or NOBODY)) for unit, name, line in sheets.lines_of_units(found, units)
    ]
    return show(
        request,
        BalancePage(
            period=period_name(period),
            name=period.name,
            running=period.ends > clock.now(),
            unknown=periods.unknown(request, period),
            choices=periods.choices(period),
            columns=[label for _column, label in COLUMNS],
            tables=[(_("全部"), whole), (_("种类"), kinds), (_("单位"), by_unit)]
            if found.kinds
            else [(_("全部"), whole)],
            line=found.whole,
            adds_up=found.adds_up,
            registers=[(name, one.label) for name, one in REGISTERS.items()],
        ),
    )


@page(access=rights.overview, methods=("GET",))
def listed(request: DeskRequest, column: str) -> HttpResponse:
    """The matters behind a figure, of one kind or one unit where the address says so."""
    period, known = periods.asked(request), dict(COLUMNS)
    if column not in known:
        raise Http404
    matters, words = ledger.of_figure(request.actor, period, Column(column)), []
    asked = {"period": period.name}
    kind, unit = request.GET.get("kind", ""), request.GET.get("unit", "")
    if kind:
        matters = ledger.of_kind(matters, _known_kind(kind))
        words.append(kind_name(_known_kind(kind)))
        asked["kind"] = kind
    if unit:
        key, name = _known_unit(unit)
        matters = ledger.of_unit(matters, period, key)
        words.append(name)
        asked["unit"] = unit
    title = _("：").join([str(known[Column(column)]), _("，").join(words)]) if words else str(known[Column(column)])
    shown = periods.FigurePage(
        title=title,
        rows=queues.rows(matters, after=request.GET.get("after", "")),
        back=f"{reverse('desk:balance')}?period={period.name}",
        back_label=_("台账结转：%(period)s") % {"period": period_name(period)},
        note=_("这一期里不止一次的，也只列一行。") if column in (Column.BACK, Column.ENDED) else "",
        taken_as=urlencode({"list": f"balance.{column}", **asked}),
    )
    return show(request, shown)


@page(access=rights.overview, methods=("GET",))
def as_workbook(request: DeskRequest) -> HttpResponse:
    period, made = _sheet(request)
    return file_of(made.xlsx().data, f"balance-{period.name}.xlsx", XLSX)


@page(access=rights.overview, methods=("GET",))
def as_csv(request: DeskRequest) -> HttpResponse:
    period, made = _sheet(request)
    text = Csv(list(zip(made.columns, made.widths, strict=True)), [made.title, *made.notes])
    for row in made.rows:
        text.add(row)
    return file_of(text.finished(), f"balance-{period.name}.csv", CSV)


@page(access=rights.overview, methods=("GET",))
def as_pdf(request: DeskRequest) -> HttpResponse:
    period, made = _sheet(request)
    return file_of(made.pdf().data, f"balance-{period.name}.pdf", PDF, inline="open" in request.GET)


def _sheet(request: DeskRequest) -> tuple[Period, Ledger]:
    period = periods.asked(request)
    found = ledger.balance(request.actor, period)
    return period, sheets.sheet(found, period, request.account.person.name, clock.now())


def _row(label: str, line: Line, period: Period, **narrowed: str) -> Row:
    query = urlencode({"period": period.name, **narrowed})
    matters = {Column.BACK: line.back_matters, Column.ENDED: line.ended_matters}
    cells = []
    for column, heading in COLUMNS:
        n = getattr(line, column)
        cells.append(Cell(n, query, column, str(heading), matters.get(column, n)))
    return Row(label, cells)


def _known_kind(value: str) -> str:
    if value == NOBODY:
        return ""
    if value not in Kind.values:
        raise Http404
    return value


def _known_unit(value: str) -> tuple[UUID | None, str]:
    if value == NOBODY:
        return None, str(OF_ONE_UNIT)
    units: Iterable[tuple[UUID, str]] = ((one.pk, one.short_name) for one in organization.units(closed=True))
    for key, name in units:
        if str(key) == value:
            return key, name
    raise Http404
