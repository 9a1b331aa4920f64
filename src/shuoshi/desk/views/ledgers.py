"""Lists on paper: the ledger of a list as it is filtered, and the monthly sheet for the notice board."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from shuoshi.desk import filters, kept_lists, lists, rights
from shuoshi.desk.again import fresh
from shuoshi.desk.downloads import DOCX, PDF, XLSX, file_of
from shuoshi.desk.forms import choices
from shuoshi.desk.forms.base import radios
from shuoshi.desk.frame import DeskRequest
from shuoshi.desk.views.documents import measured, picture_of
from shuoshi.kernel import clock
from shuoshi.kernel.papers import press
from shuoshi.kernel.web import PageData, page, show, staff
from shuoshi.kernel.web.forms import Form, posted
from shuoshi.matters.actions.exports import Purpose, note_export
from shuoshi.matters.models import Matter
from shuoshi.matters.papers import ledger as ledgers
from shuoshi.matters.papers import results as sheets
from shuoshi.matters.papers import wording
from shuoshi.matters.papers.balance import period_name
from shuoshi.matters.queries import periods, queues
from shuoshi.organization import profile


class LedgerForm(Form):
    """What the list is for, and as what."""

    purpose = radios(gettext_lazy("做什么用"), Purpose.choices)
    kind = radios(gettext_lazy("要哪种文件"), [("xlsx", gettext_lazy("Excel 表格")), ("pdf", "PDF")])


@dataclass(frozen=True)
class LedgerPage(PageData):
    template: ClassVar[str] = "desk/documents/ledger.html"
    title: str | Promise
    back: str
    scope: str
    count: int
    form: LedgerForm
    kept: kept_lists.Beside
    most: int = ledgers.MOST
    most_on_paper: int = ledgers.MOST_ON_PAPER


@dataclass(frozen=True)
class ResultsPage(PageData):
    template: ClassVar[str] = "desk/documents/results.html"
    month: str
    months: Sequence[filters.Option]
    pages: Sequence[int]
    all_pages: int
    problem: str
    fewest: int = sheets.FEWEST


@page(access=fresh(staff))
def ledger(request: DeskRequest) -> HttpResponse:
    """GET says what the ledger of a list will hold; POST makes it, and writes down who took it for what."""
    label, matters, back = _listed(request)
    bar = filters.read(request, profile.current())
    matters = queues.narrow(matters, bar.filters).filter(drill=False, part_of__isnull=True)
    form = LedgerForm(posted(request), initial={"kind": "xlsx"})
    if request.method != "POST" or not form.is_valid():
        kept = kept_lists.beside(request, f"ledger.{request.GET['list']}", bar)
        return show(request, LedgerPage(label, back, _scope(label, bar), matters.count(), form, kept))
    now, kind, purpose = clock.now(), form.cleaned_data["kind"], Purpose(form.cleaned_data["purpose"])
    with wording.official():
        who, at = request.account.person.name, wording.full_moment(now)
        notes = [
            _("范围：%(scope)s") % {"scope": _scope(label, filters.read(request, profile.current()))},
            _("%(who)s 于 %(at)s 导出，用途：%(purpose)s。只供内部使用。")
            % {"who": who, "at": at, "purpose": purpose.label},
        ]
        most = ledgers.MOST_ON_PAPER if kind == "pdf" else ledgers.MOST
        made = ledgers.ledger(matters, _("群众说事台账"), notes, now, most)
    chosen = {select.name: select.value for select in bar.selects if select.value}
    note_export(request.GET["list"], chosen, len(made.rows), kind, purpose, actor=request.actor)
    name = f"ledger-{clock.local(now):%Y%m%d-%H%M}"
    if kind == "pdf":
        return file_of(made.pdf().data, f"{name}.pdf", PDF)
    return file_of(made.xlsx().data, f"{name}.xlsx", XLSX)


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


def _scope(label: str | Promise, bar: filters.Bar) -> str:
    """已超期；类别：基础设施. What was typed is not among it: it narrows no ledger."""
    chosen = [choices.with_words(select.label, _chosen(select)) for select in bar.selects if select.value]
    return pgettext("separator", "；").join([str(label), *chosen])


def _chosen(select: filters.Select) -> str:
    return next(option.label for option in select.options if option.chosen)


def _listed(request: DeskRequest) -> tuple[str | Promise, QuerySet[Matter], str]:
    """The list that `?list=queue.over` or `figure.open` names, what it is called, and its page."""
    sort, _dot, name = request.GET.get("list", "").partition(".")
    now = clock.now()
    if sort == "queue" and name in queues.QUEUES:
        found = queues.in_queue(request.actor, name, now)
        return queues.QUEUES[name].label, found, reverse("desk:queue", args=[name])
    if sort == "figure" and name in lists.LISTS and rights.sees_overview(request.actor):
        one = lists.LISTS[name]
        return one.label, one.matters(request.actor, now), reverse("desk:listed", args=[name])
    raise Http404


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
