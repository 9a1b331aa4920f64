"""Lists that leave the house: asked for on the page of a list, made by the worker, taken by whoever asked, for a day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shuoshi.desk import filters, kept_lists, rights
from shuoshi.desk.again import fresh
from shuoshi.desk.downloads import CSV, PDF, XLSX, file_of
from shuoshi.desk.forms import choices
from shuoshi.desk.forms.exports import ExportForm
from shuoshi.desk.frame import DeskRequest, posted_deed
from shuoshi.kernel import clock
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.web import Page, PageData, keyset, page, show, staff
from shuoshi.kernel.web.forms import posted
from shuoshi.ledgers import actions, queries
from shuoshi.ledgers.asked import NOBODY, Asked, NoSuchList
from shuoshi.ledgers.choosing import source
from shuoshi.ledgers.models import Export, ExportState, FileKind
from shuoshi.ledgers.registers import REGISTERS
from shuoshi.matters.papers.balance import COLUMNS, OF_ONE_UNIT, kind_name, period_name
from shuoshi.matters.purpose import Purpose
from shuoshi.matters.queries import periods, queues
from shuoshi.matters.queries.figures import LISTS
from shuoshi.organization import profile
from shuoshi.organization import queries as organization

_TYPES = {FileKind.PDF: PDF, FileKind.CSV: CSV, FileKind.XLSX: XLSX}
_OF_A_PERIOD = ("period", "kind", "unit")


@dataclass(frozen=True)
class AskPage(PageData):
    """`columns`: what will stand in it."""

    template: ClassVar[str] = "desk/exports/ask.html"
    back: str
    scope: str
    count: int
    columns: str
    dropped: tuple[str, ...]
    form: ExportForm
    kept: kept_lists.Beside | None


@dataclass(frozen=True)
class ExportsPage(PageData):
    template: ClassVar[str] = "desk/exports/home.html"
    rows: Page[Export]
    days: int = queries.SHOWN.days


@dataclass(frozen=True)
class ExportPage(PageData):
    """`before`: how many are made before it; `differs`: the file has more or fewer rows than the page said."""

    template: ClassVar[str] = "desk/exports/one.html"
    export: Export
    waiting: bool
    made: bool
    before: int
    differs: bool


@page(access=fresh(staff))
def ask(request: DeskRequest) -> HttpResponse:
    """GET says what the ledger of a list will hold; POST has it made."""
    asked, bar = _asked(request)
    try:
        found = source(asked)
        count = found.count(request.actor, clock.now())
        label, back = _of(asked)
    except NoSuchList:
        raise Http404 from None
    form = ExportForm(posted(request), count=count, initial={"kind": FileKind.XLSX})
    scope = _scope(label, bar)
    if request.method == "POST" and form.is_valid():
        kind, purpose = form.cleaned_data["kind"], Purpose(form.cleaned_data["purpose"])
        export = actions.ask(asked, scope, kind, purpose, actor=request.actor, key=form.key)
        return redirect("desk:export", export.pk)
    columns = _("，").join(name for name, _width in found.columns()[1:])
    dropped = bar.dropped if bar else ()
    kept = None
    if bar is not None and asked.sort in ("queue", "figure"):
        kept = kept_lists.beside(request, f"ledger.{request.GET['list']}", bar)
    return show(request, AskPage(back, scope, count, columns, dropped, form, kept))


@page(access=staff, methods=("GET",))
def exports(request: DeskRequest) -> HttpResponse:
    """One's own of the last month, the newest first. One statement."""
    rows = keyset(queries.mine(request.actor), request.GET.get("after", ""), queries.ORDER)
    return show(request, ExportsPage(rows))


@page(access=rights.watched)
def export(request: DeskRequest, key: UUID) -> HttpResponse:
    """How far it is, and the file once it is made."""
    found = _own(request, key)
    if posted_deed(request) == "throw_away":
        actions.throw_away(key, actor=request.actor)
        messages.success(request, _("这份导出不要了，文件已经清理。"))
        return redirect("desk:exports")
    waiting, made = found.state == ExportState.ASKED, found.state == ExportState.MADE
    before = queries.before(found) if waiting and not found.written else 0
    return show(request, ExportPage(found, waiting, made, before, made and found.rows != found.promised))


@page(access=fresh(staff), methods=("POST",))
def file(request: DeskRequest, key: UUID) -> HttpResponse:
    """The file, for nobody but its owner."""
    _own(request, key)
    row, data = actions.take(key, actor=request.actor)
    name = f"ledger-{clock.local(row.ended_at or row.asked_at):%Y%m%d-%H%M}.{row.kind}"
    return file_of(data, name, _TYPES[FileKind(row.kind)])


def _own(request: DeskRequest, key: UUID) -> Export:
    found = queries.one(key, request.actor)
    if found is None:
        raise Http404
    return found


def _asked(request: DeskRequest) -> tuple[Asked, filters.Bar | None]:
    """What the address asks for. Raises Refused where a number that was searched for is kept no longer."""
    listed, query = request.GET.get("list", "")[:60], request.GET
    if listed.startswith(("balance.", "register.")):
        period, kind, unit = (query.get(name, "")[:60] for name in _OF_A_PERIOD)
        return Asked(listed, period=period, kind=kind, unit=unit), None
    bar = filters.read(request, profile.current())
    if filters.KEPT in query and not bar.typed:  # the list would be another one
        raise Refused("search_gone", _("查找的内容只留半小时，请回去再查一次，再导出。"))
    return Asked(listed, bar.filters, bar.typed), bar


def _of(asked: Asked) -> tuple[str | Promise, str]:
    """What the list is called, and its page."""
    if asked.sort == "queue":
        return queues.QUEUES[asked.name].label, reverse("desk:queue", args=[asked.name])
    if asked.sort == "figure":
        return LISTS[asked.name].label, reverse("desk:listed", args=[asked.name])
    if asked.sort == "search":
        return _("查找"), reverse("desk:search")
    period = periods.named(asked.period)
    assert period is not None  # it was counted already
    if asked.sort == "register":
        label = _with(REGISTERS[asked.name].label, period_name(period))
        return label, f"{reverse('desk:register_of', args=[asked.name])}?period={period.name}"
    words = [str(dict(COLUMNS)[asked.name]), period_name(period)]  # type: ignore[index]  # its names are its values
    if asked.kind:
        words.append(kind_name("" if asked.kind == NOBODY else asked.kind))
    if asked.unit:
        words.append(_unit(asked.unit))
    query = {name: value for name in _OF_A_PERIOD if (value := getattr(asked, name))}
    back = f"{reverse('desk:balance_list', args=[asked.name])}?{urlencode(query)}"
    return _with(_("台账结转"), _("，").join(words)), back


def _unit(key: str) -> str:
    named = {str(one.pk): one.short_name for one in organization.units(closed=True)}
    return str(OF_ONE_UNIT) if key == NOBODY else named.get(key, "")


def _with(label: str | Promise, words: str) -> str:
    return str(choices.with_words(label, words))


def _scope(label: str | Promise, bar: filters.Bar | None) -> str:
    """已超期；类别：基础设施. What was typed is not written out: it may be a number."""
    if bar is None:
        return str(label)
    chosen = [choices.with_words(chip.label, chip.words) for chip in bar.chips if chip.name not in _SEARCHED]
    searched = [_("按查找的内容")] if bar.typed else []
    return pgettext("separator", "；").join([str(label), *chosen, *searched])


_SEARCHED = (filters.TYPED, filters.KEPT)
