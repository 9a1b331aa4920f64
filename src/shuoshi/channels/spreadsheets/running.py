"""What the worker does with runs: the next rows, some at a time, through the ordinary registration.

A batch is one transaction with its event: matters, the place where to go on, and what was counted become visible together
or not at all, so that a worker that dies leaves nothing half done and the next one goes on from there.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction

from shuoshi.channels import messages
from shuoshi.channels.spreadsheets.actions import CLAUSE, KEPT, Deed, grid_of
from shuoshi.channels.spreadsheets.checking import Checked, Checker
from shuoshi.channels.spreadsheets.columns import Settings
from shuoshi.channels.spreadsheets.models import FromSpreadsheet, RefusedRow, Run, RunState, Spreadsheet
from shuoshi.channels.spreadsheets.reading import Grid
from shuoshi.kernel import clock, files
from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.events import Story, Stream
from shuoshi.matters import actions as matters
from shuoshi.matters.intake import Intake

_log = logging.getLogger(__name__)
BATCH = 200  # rows in one transaction: whoever writes beside it waits for a moment only
BUDGET = timedelta(seconds=3)  # of one round of the worker, so that notices and limits do not wait


def carry_on(now: datetime, budget: timedelta = BUDGET) -> int:
    """Go on with the run that was begun first; how many rows were looked at.

    A run that cannot go on is stopped, so that those behind it do not wait for it; a database that is busy stops nothing.
    """
    sheet = (
        Spreadsheet.objects.filter(run__state=RunState.RUNNING)
        .select_related("run")
        .order_by("run__started_at", "pk")
        .first()
    )
    if sheet is None or sheet.run is None:
        return 0
    try:
        return _go_on(sheet, sheet.run, _end(budget))
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        _log.exception("an import was stopped")
        _stop(sheet.run.pk)
        return 0


def _go_on(sheet: Spreadsheet, run: Run, until: float) -> int:
    checker, grid, done = Checker(Settings.read(str(sheet.settings)), run.registry_id, run.by_id), grid_of(sheet), 0
    while (looked := _batch(run.pk, checker, grid)) and time.monotonic() < until:
        done += looked
    return done + looked


def forget(now: datetime, batch: int = 50) -> int:
    """Delete sheets whose time is over, with their rows and what was refused of them; how many."""
    old, gone = Spreadsheet.objects.filter(expires_at__lte=now), 0
    for key in list(old.order_by("expires_at").values_list("pk", flat=True)[:batch]):
        with transaction.atomic():
            row = old.select_for_update(of=("self",)).filter(pk=key).first()
            if row is None:  # begun or gone on with meanwhile
                continue
            RefusedRow.objects.filter(run=row.run_id).delete()
            row.delete()
        for name in filter(None, (row.stored, row.checked)):
            files.remove(name)
        gone += 1
    return gone


def _batch(run_id: UUID, checker: Checker, grid: Grid) -> int:
    """The next rows of a run; how many, 0 when it is over or stands still."""
    with transaction.atomic():
        run = Run.objects.select_for_update().get(pk=run_id)
        if run.state != RunState.RUNNING:
            return 0
        rows = list(islice(checker.rows(grid, run.next_row), min(BATCH, run.to_do)))
        now = clock.now()
        story = Story(Stream.of("sheet_run", run), Deed.ROWS if rows else Deed.END, by=SYSTEM, at=now, clause=CLAUSE)
        if rows:
            raised, repeated, refused = _register(rows)
            story.add_all(FromSpreadsheet(run=run, line=line, matter_id=matter) for line, matter in raised)
            RefusedRow.objects.bulk_create(RefusedRow(run=run, line=line, reason=words) for line, words in refused)
            story.change(
                run,
                next_row=run.next_row + len(rows),
                registered=run.registered + len(raised),
                repeated=run.repeated + repeated,
                refused=run.refused + len(refused),
            )
        else:
            story.change(run, state=RunState.DONE, ended_at=now)
            Spreadsheet.objects.filter(run=run).update(expires_at=now + KEPT)
        story.tell()
    return len(rows)


def _register(rows: Sequence[Checked]) -> tuple[list[tuple[int, UUID]], int, list[tuple[int, str]]]:
    """(line and matter of what is new, how many were matters already, line and words of what was refused)."""
    good = [row for row in rows if row.intake is not None]
    known = messages.known_keys(row.intake.key for row in good if row.intake is not None)
    new: dict[str, Intake] = {}
    for row in good:
        assert row.intake is not None
        if row.intake.key not in known:  # also where its place or category was put otherwise this time
            new.setdefault(row.intake.key, row.intake)
    found = dict(zip(new, matters.register_all(list(new.values()), actor=SYSTEM), strict=True))
    raised: list[tuple[int, UUID]] = []
    refused: list[tuple[int, str]] = []
    repeated = 0
    for row in good:
        assert row.intake is not None
        outcome = found.get(row.intake.key)
        if isinstance(outcome, str):
            refused.append((row.line, outcome))
        elif outcome is None or row.intake is not new[row.intake.key]:
            repeated += 1
        else:
            raised.append((row.line, outcome.matter_id))
    return raised, repeated, refused


def _stop(run_id: UUID) -> None:
    with transaction.atomic():
        run = Run.objects.select_for_update().get(pk=run_id)
        if run.state == RunState.RUNNING:
            story = Story(Stream.of("sheet_run", run), Deed.STOP, by=SYSTEM, at=clock.now(), clause=CLAUSE)
            story.change(run, state=RunState.STOPPED)
            story.tell()
            Spreadsheet.objects.filter(run=run).update(expires_at=clock.now() + KEPT)


def _end(budget: timedelta) -> float:
    return time.monotonic() + budget.total_seconds()
