"""Verbs on sheets: given, its columns and words confirmed, begun, stopped, gone on with, thrown away."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuoshi.channels.spreadsheets import columns, outlook, reading
from shuoshi.channels.spreadsheets.columns import Settings
from shuoshi.channels.spreadsheets.models import Layout, Run, RunState, Spreadsheet
from shuoshi.channels.spreadsheets.outlook import Outlook
from shuoshi.channels.spreadsheets.policies import may_import, may_open, may_steer
from shuoshi.channels.spreadsheets.reading import Grid
from shuoshi.kernel import clock, files
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.ids import new_id
from shuoshi.kernel.refusal import Refused
from shuoshi.organization import queries as organization
from shuoshi.organization.models import Institution, Unit, UnitKind

CLAUSE = "4.1.1"
LASTS = timedelta(days=7)  # a sheet that was not begun
MOST = 20  # sheets of one person that were not begun
KEPT = timedelta(days=30)  # one whose run ended or stands still, so that its faulty rows can be taken away
_WORD = 20  # characters of a word that a layout keeps


class Deed(models.TextChoices):
    """Names of the events of runs and layouts, with the words of their history."""

    KEEP_LAYOUT = "keep_layout", gettext_lazy("存表格模板")
    EDIT_LAYOUT = "edit_layout", gettext_lazy("修改表格模板")
    DROP_LAYOUT = "drop_layout", gettext_lazy("停用表格模板")
    BEGIN = "begin_import", gettext_lazy("开始导入")
    ROWS = "import_rows", gettext_lazy("登记一批")
    STOP = "stop_import", gettext_lazy("停下导入")
    GO_ON = "go_on_importing", gettext_lazy("接着导入")
    END = "end_import", gettext_lazy("导入完了")
    ASK_UNDO = "ask_to_undo_import", gettext_lazy("申请撤销导入")
    DECLINE_UNDO = "decline_to_undo_import", gettext_lazy("不撤销导入")
    UNDO = "undo_whole_import", gettext_lazy("撤销导入")
    UNDONE = "undone_import", gettext_lazy("撤销完了")


def give(name: str, data: bytes, *, actor: Actor) -> Spreadsheet:
    """Keep a file as rows, sealed; its columns are those of a layout with these headings, else what they are called.

    Raises Refused, BadSheet, BadWorkbook. The same file again, not begun yet, is there once.
    """
    if not may_import(actor):
        raise Refused("no_importer", _("您的岗位不能导入表格。"), who_could=_("受理中心登记员"))
    digest = hashlib.sha256(data).hexdigest()
    before = Spreadsheet.objects.filter(by_id=actor.person_id, sha256=digest, run=None, expires_at__gt=clock.now())
    known = before.order_by("-given_at").first()
    if known is not None:
        return known
    if Spreadsheet.objects.filter(by_id=actor.person_id, run=None).count() >= MOST:
        raise Refused("sheets_enough", _("没有开始登记的表已经有 %(n)d 张，请先登记，或者点“不要了”。") % {"n": MOST})
    grid = reading.read(name, data)
    now = clock.now()
    assert actor.person_id is not None
    row = Spreadsheet(id=new_id(), by_id=actor.person_id, sha256=digest, digest=grid.digest, given_at=now)
    row.name, row.tab, row.rows, row.expires_at = (
        name.strip()[-80:],
        grid.tab if grid.left else "",
        len(grid.lines),
        now + LASTS,
    )
    row.stored = files.store(grid.packed(), row.data_key()).name
    layout = Layout.objects.filter(digest=grid.digest, active=True).first()
    if layout is not None:
        row.settings = _kept(Settings.read(layout.settings), grid).written()
    row.save()
    return row


def grid_of(sheet: Spreadsheet) -> Grid:
    """Its rows. Raises Refused where they are gone: a copy that was restored without its files."""
    try:
        return Grid.unpacked(files.read(sheet.stored, sheet.data_key()))
    except files.FileMissing:
        raise _gone() from None


def outlook_of(sheet: Spreadsheet, registry: UUID) -> Outlook:
    """What would come of its rows: as it was kept, else looked at anew. Raises Refused where they are gone."""
    if not files.lies_there(sheet.stored):
        raise _gone()
    return outlook.kept(sheet, registry) or outlook.of(sheet, grid_of(sheet), registry)


def settings_of(sheet: Spreadsheet, grid: Grid) -> Settings:
    """What was confirmed last, a layout, or what the headings say."""
    return Settings.read(str(sheet.settings)) if sheet.settings else columns.recognised(grid)


def put(sheet_id: UUID, settings: Settings, *, actor: Actor) -> Spreadsheet:
    """Confirm columns and words of a sheet that was not begun. Raises Refused."""
    with transaction.atomic():
        row = _open(sheet_id, actor)
        wrong = columns.faults(settings.columns, grid_of(row))
        if wrong:
            raise Refused("columns_do_not_fit", next(iter(wrong.values()))[0])
        row.settings, row.checked_as = settings.written(), ""
        row.save(update_fields=["settings", "checked_as"])
    return look_at(row, actor)


def put_words(sheet_id: UUID, values: Mapping[str, Mapping[str, str]], *, actor: Actor) -> Spreadsheet:
    """What the words of some columns mean; those of a layout that the sheet does not hold stay."""
    with transaction.atomic():
        row = _open(sheet_id, actor)
        before = Settings.read(str(row.settings))
        merged = {one: {**before.values.get(one, {}), **ours} for one, ours in values.items()}
        row.settings = replace(before, values={**before.values, **merged}).written()
        row.checked_as = ""
        row.save(update_fields=["settings", "checked_as"])
    return look_at(row, actor)


def look_at(sheet: Spreadsheet, actor: Actor) -> Spreadsheet:
    """Look at all rows, and keep what would come of them, once every word is put to something. Raises Refused."""
    grid, registry = grid_of(sheet), registry_of(actor).pk
    if columns.unput(Settings.read(str(sheet.settings)), grid):
        return sheet
    found = outlook.of(sheet, grid, registry)  # takes seconds: not locked
    with transaction.atomic():
        row = _open(sheet.pk, actor)
        if row.settings == sheet.settings:
            before = outlook.keep(row, found, registry)
            transaction.on_commit(lambda: files.remove(before) if before else None)
    return row


def begin(sheet_id: UUID, layout: str, *, actor: Actor) -> Run:
    """Let the worker register the good rows; `layout`: under which name the columns are kept, "" for not at all.

    Once for a sheet: whoever presses again gets the run there is. Raises Refused.
    """
    now = clock.now()
    looked_at = Spreadsheet.objects.select_related("run").filter(pk=sheet_id).first()
    if looked_at is None or not may_open(actor, looked_at):
        raise _gone()
    if looked_at.run is not None:
        return looked_at.run
    if not looked_at.settings:
        raise Refused("columns_unknown", _("请先选好每一列是什么。"))
    registry, settings = registry_of(actor), str(looked_at.settings)
    if not looked_at.checked_as and columns.unput(Settings.read(settings), grid_of(looked_at)):
        raise Refused("words_unput", _("请先把表里的写法对到我们的：哪些已经办结，要您来定。"))
    found = outlook_of(looked_at, registry.pk)  # takes seconds where it was not kept: not locked
    if not found.good and not found.known:
        raise Refused("nothing_to_import", _("没有一行可以登记。请看每一行的原因，改好了再传。"))
    try:
        return _begin(sheet_id, settings, found, layout.strip(), registry, actor, now)
    except IntegrityError:
        raise Refused("layout_meanwhile", _("刚才有人存了列名相同的模板，请再点一次。")) from None


def _begin(
    sheet_id: UUID, settings: str, found: Outlook, layout: str, registry: Unit, actor: Actor, now: datetime
) -> Run:
    """What `begin` writes, once it was looked at. Raises Refused, IntegrityError for a layout kept at the same moment."""
    with transaction.atomic():
        row = _locked(sheet_id, actor)
        if row.run_id is not None:
            return Run.objects.get(pk=row.run_id)
        if str(row.settings) != settings:
            raise Refused("columns_changed", _("刚才列改过了，请再看一遍。"))
        run = Run(id=new_id(), sha256=row.sha256, by_id=row.by_id, registry=registry, started_at=now, rows=row.rows)
        run.name = str(row.name)
        run.faulty, run.settled = found.faulty, found.settled
        story = Story(Stream.of("sheet_run", run), Deed.BEGIN, by=actor, at=now, clause=CLAUSE, first=True)
        story.add(run)
        story.tell()
        row.run, row.expires_at = run, None
        row.save(update_fields=["run", "expires_at"])
        if layout:
            _keep_layout(row, layout, actor, now)
    return run


def stop(run_id: UUID, *, actor: Actor) -> Run:
    """After the rows that are under way; what is registered stays. Raises Refused."""
    return _steer(run_id, RunState.RUNNING, RunState.STOPPED, Deed.STOP, actor)


def go_on(run_id: UUID, *, actor: Actor) -> Run:
    """From where it was stopped. Raises Refused."""
    return _steer(run_id, RunState.STOPPED, RunState.RUNNING, Deed.GO_ON, actor)


def throw_away(sheet_id: UUID, *, actor: Actor) -> None:
    """A sheet that was not begun, with all its rows; again does nothing."""
    with transaction.atomic():
        row = Spreadsheet.objects.select_for_update().filter(pk=sheet_id, run=None).first()
        if row is None or not may_open(actor, row):
            return
        stored = [name for name in (row.stored, row.checked) if name]
        row.delete()
        transaction.on_commit(lambda: [files.remove(name) for name in stored])


def drop_layout(layout_id: UUID, *, actor: Actor) -> None:
    """Headings like these are recognised by their words again."""
    now = clock.now()
    with transaction.atomic():
        row = Layout.objects.select_for_update().filter(pk=layout_id, active=True).first()
        if row is None:
            return
        if not may_import(actor):
            raise Refused("no_importer", _("您的岗位不能导入表格。"), who_could=_("受理中心登记员"))
        story = Story(Stream.of("layout", row), Deed.DROP_LAYOUT, by=actor, at=now)
        story.change(row, active=False)
        story.tell()


def registry_of(actor: Actor) -> Unit:
    """The registry that takes the rows in: where the actor sits, else the institution's. Raises Refused."""
    try:
        whole = organization.institution()
    except Institution.DoesNotExist:
        raise Refused("no_institution", _("还没有设好单位，请管理员先设好。")) from None
    if whole.opened_at is None:
        raise Refused("not_open", _("这里还没有开始受理说事，还不能登记。"), who_could=_("系统管理员"))
    own = next((post.unit_id for post in actor.posts if post.unit_kind == UnitKind.REGISTRY), None)
    registry = organization.registry_for(own, whole)
    if registry is None:
        raise Refused("no_registry", _("还没有设受理中心，请管理员先设好。"))
    return registry


def _kept(settings: Settings, grid: Grid) -> Settings:
    """Of a layout, the columns under the very headings of this sheet."""
    plain = {heading.casefold(): one for heading, one in settings.columns.items()}
    found = {heading: plain[heading.casefold()] for heading in grid.headings if heading.casefold() in plain}
    return replace(settings, columns=found)


def _keep_layout(sheet: Spreadsheet, name: str, actor: Actor, now: datetime) -> None:
    """One layout for the same headings: a second one takes its place.

    It stays for good and lies open, so of the words of the file only those that were put to something stand in it, and
    none that is long: a column may hold sentences about people.
    """
    chosen = Settings.read(str(sheet.settings))
    put = {
        one: {word: ours for word, ours in words.items() if ours and len(word) <= _WORD}
        for one, words in chosen.values.items()
    }
    settings = replace(chosen, values=put).written()
    row = Layout.objects.select_for_update().filter(digest=sheet.digest, active=True).first()
    told = {"name": name[:40], "settings": settings, "kept_at": now, "kept_by_id": sheet.by_id}
    if row is None:
        row = Layout(digest=sheet.digest, **told)
        story = Story(Stream.of("layout", row), Deed.KEEP_LAYOUT, by=actor, at=now, first=True)
        story.add(row)
    else:
        story = Story(Stream.of("layout", row), Deed.EDIT_LAYOUT, by=actor, at=now)
        story.change(row, name=told["name"], settings=told["settings"], kept_at=now, kept_by=sheet.by)
    story.tell()


def _steer(run_id: UUID, source: RunState, target: RunState, deed: Deed, actor: Actor) -> Run:
    now = clock.now()
    with transaction.atomic():
        row = Run.objects.select_for_update().get(pk=run_id)
        if not may_steer(actor, row):
            raise Refused("not_your_import", _("只有开始这次导入的人和系统管理员可以停下或接着办。"))
        if row.state == source:
            story = Story(Stream.of("sheet_run", row), deed, by=actor, at=now)
            sheet = Spreadsheet.objects.select_for_update().filter(run=row).first()
            if sheet is None:
                raise _gone()
            if target == RunState.RUNNING:
                grid_of(sheet)
            sheet.expires_at = None if target == RunState.RUNNING else now + KEPT
            sheet.save(update_fields=["expires_at"])
            story.change(row, state=target)
            story.tell()
    return row


def _open(sheet_id: UUID, actor: Actor) -> Spreadsheet:
    row = _locked(sheet_id, actor)
    if row.run_id is not None:
        raise Refused("import_begun", _("这张表已经开始登记了，列不能再改。"))
    return row


def _locked(sheet_id: UUID, actor: Actor) -> Spreadsheet:
    row = Spreadsheet.objects.select_for_update().filter(pk=sheet_id).first()
    if row is None or not may_open(actor, row):
        raise _gone()
    return row


def _gone() -> Refused:
    return Refused("no_such_sheet", _("这张表已经清理了，请再传一次。"))
