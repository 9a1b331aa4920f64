"""Registers of a period on screen: one line for each time it happened. As files they are exports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.http import Http404, HttpResponse
from django.utils.functional import Promise

from shuoshi.desk import periods, rights
from shuoshi.desk.frame import DeskRequest
from shuoshi.kernel import clock
from shuoshi.kernel.web import Page, PageData, keyset, page, show
from shuoshi.ledgers.asked import NoSuchList
from shuoshi.ledgers.registers import REGISTERS, Register, listed
from shuoshi.matters.papers.balance import period_name
from shuoshi.organization import profile


@dataclass(frozen=True)
class Line:
    """One row: the number of its matter, and its cells with their headings."""

    number: str
    cells: Sequence[tuple[str | Promise, str]]


@dataclass(frozen=True)
class RegisterPage(PageData):
    template: ClassVar[str] = "desk/register_of.html"
    name: str
    register: Register
    others: Sequence[tuple[str, str | Promise]]
    period: str  # in words
    period_code: str  # in addresses
    running: bool
    unknown: str
    choices: Sequence[periods.Choice]
    rows: Page[Any]
    lines: Sequence[Line]


@page(access=rights.overview, methods=("GET",))
def register(request: DeskRequest, name: str) -> HttpResponse:
    """One statement beside the frame, whatever the period holds."""
    period = periods.asked(request)
    try:
        found, matters = listed(name, request.actor, period)
    except NoSuchList:
        raise Http404 from None
    rows: Page[Any] = keyset(matters, request.GET.get("after", ""), found.order)
    rules, labels = profile.current(), [label for label, _width in found.headings]
    lines = [
        Line(found.matter(row).number, list(zip(labels, found.cells(rules, row), strict=True))[1:]) for row in rows.rows
    ]
    return show(
        request,
        RegisterPage(
            name=name,
            register=found,
            others=[(one, other.label) for one, other in REGISTERS.items()],
            period=period_name(period),
            period_code=period.name,
            running=period.ends > clock.now(),
            unknown=periods.unknown(request, period),
            choices=periods.choices(period),
            rows=rows,
            lines=lines,
        ),
    )
