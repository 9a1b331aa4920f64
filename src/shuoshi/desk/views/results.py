"""The monthly sheet for the notice board, on screen and on paper. Lists that leave the house: exports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.http import HttpResponse

from shuoshi.desk import filters, rights
from shuoshi.desk.downloads import DOCX, PDF, file_of
from shuoshi.desk.frame import DeskRequest
from shuoshi.desk.views.documents import measured, picture_of
from shuoshi.kernel import clock
from shuoshi.kernel.papers import press
from shuoshi.kernel.web import PageData, page, show
from shuoshi.matters.papers import results as sheets
from shuoshi.matters.papers.balance import period_name
from shuoshi.matters.queries import periods


@dataclass(frozen=True)
class ResultsPage(PageData):
    template: ClassVar[str] = "desk/documents/results.html"
    month: str
    months: Sequence[filters.Option]
    pages: Sequence[int]
    all_pages: int
    problem: str
    fewest: int = sheets.FEWEST


@page(access=rights.overview, methods=("GET",))
def results(request: DeskRequest) -> HttpResponse:
    """What was promised for a month and kept, as it hangs on the notice board."""
    first = _month(request)
    made, problem = measured(_sheet(request, first))
    value = f"{first:%Y-%m}"
    options = [filters.Option(f"{one:%Y-%m}", period_name(periods.month(one)), one == first) for one in _months()]
    pages = range(1, len(made.pictures) + 1)
    return show(request, ResultsPage(month=value, months=options, pages=pages, all_pages=made.pages, problem=problem))


@page(access=rights.overview, methods=("GET",))
def results_page(request: DeskRequest) -> HttpResponse:
    return picture_of(request, _sheet(request, _month(request)))


@page(access=rights.overview, methods=("GET",))
def results_pdf(request: DeskRequest) -> HttpResponse:
    first = _month(request)
    return file_of(_sheet(request, first).pdf().data, f"results-{first:%Y-%m}.pdf", PDF, inline="open" in request.GET)


@page(access=rights.overview, methods=("GET",))
def results_word(request: DeskRequest) -> HttpResponse:
    first = _month(request)
    return file_of(_sheet(request, first).docx().data, f"results-{first:%Y-%m}.docx", DOCX)


def _sheet(request: DeskRequest, first: date) -> press.Paper:
    return sheets.paper(sheets.of_month(first), request.build_absolute_uri("/"), clock.now())


def _month(request: DeskRequest) -> date:
    """The month asked for; the last whole one where none, or none of ours, is asked for."""
    known: dict[str, Any] = {f"{one:%Y-%m}": one for one in _months()}
    found: date = known.get(request.GET.get("month", ""), _months()[1])
    return found


def _months() -> list[date]:
    """This month and the ones before, newest first."""
    return [one.first for one in periods.lately(clock.local(clock.now()).date())[0]]
