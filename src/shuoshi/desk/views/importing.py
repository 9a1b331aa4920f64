"""Import of a spreadsheet on the desk: the file, its columns and words, what would come of it, and the run."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from shuoshi.channels.spreadsheets import actions, policies, queries, undoing
from shuoshi.channels.spreadsheets.columns import Settings, unput
from shuoshi.channels.spreadsheets.models import Layout, Run, RunState, Spreadsheet
from shuoshi.channels.spreadsheets.queries import Preview
from shuoshi.channels.spreadsheets.reading import BadSheet
from shuoshi.desk import rights
from shuoshi.desk.downloads import CSV, file_of
from shuoshi.desk.forms.importing import BeginForm, ColumnsForm, FileForm, UndoForm, WordsForm
from shuoshi.desk.frame import DeskRequest, posted_deed, posted_row
from shuoshi.kernel import clock
from shuoshi.kernel.inert import inert
from shuoshi.kernel.web import Page, PageData, keyset, page, show
from shuoshi.kernel.web.forms import posted
from shuoshi.kernel.workbooks import BadWorkbook
from shuoshi.matters.models import Matter
from shuoshi.matters.queries import queues

_SHOWN = 50  # faults on a page


@dataclass(frozen=True)
class ImportPage(PageData):
    """`begun`: what the reader gave and did not finish."""

    template: ClassVar[str] = "desk/import/home.html"
    form: FileForm
    begun: Sequence[Spreadsheet]
    runs: Page[Run]
    layouts: Sequence[Layout]


@dataclass(frozen=True)
class ColumnsPage(PageData):
    template: ClassVar[str] = "desk/import/columns.html"
    sheet: Spreadsheet
    form: ColumnsForm
    layout: Layout | None  # from which the columns are known


@dataclass(frozen=True)
class WordsPage(PageData):
    template: ClassVar[str] = "desk/import/words.html"
    sheet: Spreadsheet
    form: WordsForm


@dataclass(frozen=True)
class CheckPage(PageData):
    """`shown`: the first of the faults; all of them are in the file that can be taken away."""

    template: ClassVar[str] = "desk/import/check.html"
    sheet: Spreadsheet
    preview: Preview
    shown: Page[Any]
    form: BeginForm


@dataclass(frozen=True)
class RunPage(PageData):
    """`sheet` for whoever gave it, while it is there: then its faulty rows can be taken away."""

    template: ClassVar[str] = "desk/import/run.html"
    run: Run
    sheet: Spreadsheet | None
    matters: Page[Matter]
    may_steer: bool
    running: bool
    stopped: bool
    broken: bool
    undo: UndoForm | None  # while it can be asked for
    may_agree: bool
    alone: int = undoing.ALONE


@page(access=rights.imports)
def home(request: DeskRequest) -> HttpResponse:
    """What was imported, what was begun, and the next file. Six statements beside the frame."""
    do = posted_deed(request)
    if do in ("throw_away", "drop_layout"):
        (actions.throw_away if do == "throw_away" else actions.drop_layout)(posted_row(request), actor=request.actor)
        messages.success(request, _("清理了。") if do == "throw_away" else _("模板停用了。"))
        return redirect("desk:import")
    form = FileForm(request.POST, request.FILES) if do == "give" else FileForm()
    if do == "give" and form.is_valid():
        given = form.cleaned_data["sheet"]
        try:
            sheet = actions.give(given.name or "", given.read(), actor=request.actor)
        except (BadSheet, BadWorkbook) as problem:
            form.add_error("sheet", str(problem))
        else:
            return redirect("desk:import_columns", sheet.pk)
    begun, layouts = queries.begun(request.actor), queries.layouts()
    runs = keyset(queries.runs(request.actor), request.GET.get("after", ""), ("-started_at", "-id"), _SHOWN)
    shown = ImportPage(form=form, begun=begun, runs=runs, layouts=layouts)
    return show(request, shown, status=422 if form.errors else None)


@page(access=rights.imports)
def columns(request: DeskRequest, key: UUID) -> HttpResponse:
    """What each column is, with what stands beneath it."""
    sheet = _sheet(request, key)
    if sheet.run_id is not None:
        return redirect("desk:import_run", sheet.run_id)
    grid = actions.grid_of(sheet)
    before = actions.settings_of(sheet, grid)
    form = ColumnsForm(posted(request), grid=grid, settings=before)
    if request.method == "POST" and form.is_valid():
        settings = form.settings(before)
        actions.put(key, settings, actor=request.actor)
        onward = "desk:import_words" if queries.to_translate(grid, settings) else "desk:import_check"
        return redirect(onward, key)
    return show(request, ColumnsPage(sheet=sheet, form=form, layout=queries.layout_of(sheet)))


@page(access=rights.imports)
def words(request: DeskRequest, key: UUID) -> HttpResponse:
    """What the words of categories, areas and states mean here."""
    sheet = _sheet(request, key)
    if sheet.run_id is not None:
        return redirect("desk:import_run", sheet.run_id)
    if not sheet.settings:
        return redirect("desk:import_columns", key)
    settings = Settings.read(str(sheet.settings))
    found = queries.to_translate(actions.grid_of(sheet), settings)
    form = WordsForm(posted(request), words=found, settings=settings)
    if request.method == "POST" and form.is_valid():
        actions.put_words(key, form.values(), actor=request.actor)
        return redirect("desk:import_check", key)
    return show(request, WordsPage(sheet=sheet, form=form))


@page(access=rights.imports)
def check(request: DeskRequest, key: UUID) -> HttpResponse:
    """What would come of it, every fault by row and column; POST lets the worker begin."""
    sheet = _sheet(request, key)
    if sheet.run_id is not None:
        return redirect("desk:import_run", sheet.run_id)
    if not sheet.settings:
        return redirect("desk:import_columns", key)
    if not sheet.checked_as and unput(Settings.read(str(sheet.settings)), actions.grid_of(sheet)):
        return redirect("desk:import_words", key)
    layout = queries.layout_of(sheet)
    form = BeginForm(posted(request), initial={"layout": layout.name if layout else ""})
    if request.method == "POST" and form.is_valid():
        run = actions.begin(key, form.cleaned_data["layout"], actor=request.actor)
        return redirect("desk:import_run", run.pk)
    preview = queries.preview(sheet, request.actor)
    shown = _part(preview.outlook.faults, request.GET.get("after", ""))
    return show(request, CheckPage(sheet=sheet, preview=preview, shown=shown, form=form))


@page(access=rights.imports, methods=("GET",))
def faults(request: DeskRequest, key: UUID) -> HttpResponse:
    """Every row that is not registered, with column, what stands there and why, to be mended in the file."""
    sheet = _sheet(request, key)
    if not sheet.settings:
        raise Http404
    found = queries.faults(sheet, request.actor)
    rows = [(fault.line, fault.column, fault.value, fault.reason) for fault in found]
    rows += [(one.line, "", "", str(one.reason)) for one in queries.refusals(sheet)]
    made = io.StringIO()
    writer = csv.writer(made)
    writer.writerow([_("行"), _("列"), _("写的是"), _("原因")])
    writer.writerows([line, *map(inert, texts)] for line, *texts in sorted(rows))
    return file_of(made.getvalue().encode("utf-8-sig"), f"faults-{key.hex[:8]}.csv", CSV)


@page(access=rights.imports)
def run(request: DeskRequest, key: UUID) -> HttpResponse:
    """How far it is, whose it was, and what it registered."""
    found = queries.run(key, request.actor)
    if found is None:
        raise Http404
    do = posted_deed(request)
    if do in _STEERED:
        _STEERED[do](key, actor=request.actor)
        return redirect("desk:import_run", key)
    undo = UndoForm(request.POST) if do == "undo" else UndoForm()
    if do == "undo" and undo.is_valid():
        undoing.ask(key, undo.cleaned_data["reason"], actor=request.actor)
        return redirect("desk:import_run", key)
    may_undo = policies.may_undo(request.actor, found) and undoing.may_still(found, clock.now())
    return show(
        request,
        RunPage(
            run=found,
            sheet=queries.sheet_of(found, request.actor),
            matters=queues.rows(queries.matters_of(found, request.actor), after=request.GET.get("after", "")),
            may_steer=policies.may_steer(request.actor, found),
            running=found.state == RunState.RUNNING,
            stopped=found.state == RunState.STOPPED,
            broken=queries.stands_still(found),
            undo=undo if may_undo and not found.undo_waits else None,
            may_agree=found.undo_waits and policies.may_agree(request.actor, found),
        ),
        status=422 if undo.errors else None,
    )


_STEERED: Mapping[str, Callable[..., Run]] = {
    "stop": actions.stop,
    "go_on": actions.go_on,
    "agree": undoing.agree,
    "decline": undoing.decline,
}


def _sheet(request: DeskRequest, key: UUID) -> Spreadsheet:
    found = queries.sheet(key, request.actor)
    if found is None:
        raise Http404
    return found


def _part(whole: Sequence[Any], after: str) -> Page[Any]:
    """Some of a list that is made anew each time, from a place on."""
    start = int(after) if after.isdecimal() and len(after) < 7 else 0
    following = start + _SHOWN
    return Page(whole[start:following], str(following) if following < len(whole) else "")
