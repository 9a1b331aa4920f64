"""Undoing a run (撤销导入): asked for with a reason, above a few matters agreed to by a second person, done by the worker.

What nobody has touched ends as void and is found nowhere any more; what somebody has worked on stays. The file may then be
imported once more, as if it had not been.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext as _

from shuoshi.channels.spreadsheets.actions import CLAUSE, Deed, grid_of
from shuoshi.channels.spreadsheets.checking import Checker
from shuoshi.channels.spreadsheets.columns import Settings
from shuoshi.channels.spreadsheets.models import FromSpreadsheet, Run, RunState, Spreadsheet
from shuoshi.channels.spreadsheets.policies import may_agree, may_undo
from shuoshi.kernel import clock, idempotency
from shuoshi.kernel.actors import SYSTEM, Actor
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import actions as matters
from shuoshi.matters import terms
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Action, Channel

_log = logging.getLogger(__name__)
WITHIN = timedelta(days=7)  # of its end; the rows of the file lie there longer
ALONE = 50  # matters that one person may undo
REASON = 200  # characters
BATCH = 25  # matters in one transaction
BUDGET = timedelta(seconds=3)


def may_still(run: Run, now: datetime) -> bool:
    """Whether there is something to undo, and still time for it."""
    ended = run.ended_at or now  # one that was stopped ends with it
    return run.state in (RunState.DONE, RunState.STOPPED) and bool(run.registered) and now < ended + WITHIN


def ask(run_id: UUID, reason: str, *, actor: Actor) -> Run:
    """Undo it, or where it made many matters put it before a second person. Again changes nothing. Raises Refused."""
    now = clock.now()
    if not reason.strip():
        raise Refused("undo_reason_missing", _("请写明为什么撤销。"))
    if len(reason) > REASON:
        raise Refused("undo_reason_long", _("理由最多 %(most)d 字。") % {"most": REASON})
    with transaction.atomic():
        run = _locked(run_id)
        if not may_undo(actor, run):
            raise Refused("not_your_import_to_undo", _("只有开始这次导入的人和系统管理员可以撤销。"))
        if run.undo_asked_at is not None:
            return run
        _in_time(run, now)
        story = Story(Stream.of("sheet_run", run), Deed.ASK_UNDO, by=actor, at=now, clause=CLAUSE)
        story.change(
            run,
            undo_reason=reason.strip(),
            undo_asked_by_id=actor.person_id,
            undo_asked_at=now,
            state=RunState.UNDOING if run.registered <= ALONE else RunState.DONE,
            ended_at=run.ended_at or now,
        )
        story.tell()
    return run


def agree(run_id: UUID, *, actor: Actor) -> Run:
    """A second person lets it begin. Raises Refused."""
    now = clock.now()
    with transaction.atomic():
        run = _locked(run_id)
        if not may_agree(actor, run):
            raise Refused("undo_by_another", _("撤销要由另一个人同意。"), who_could=_("受理中心其他登记员、系统管理员"))
        if not run.undo_waits:
            return run
        _in_time(run, now)
        story = Story(Stream.of("sheet_run", run), Deed.UNDO, by=actor, at=now, clause=CLAUSE)
        story.change(run, state=RunState.UNDOING, undo_agreed_by_id=actor.person_id)
        story.tell()
    return run


def decline(run_id: UUID, *, actor: Actor) -> Run:
    """Whoever asked takes it back, or a second person says no; that it was asked for stays in the events."""
    now = clock.now()
    with transaction.atomic():
        run = _locked(run_id)
        if not (may_undo(actor, run) or may_agree(actor, run)):
            raise Refused("not_your_import_to_undo", _("只有开始这次导入的人和系统管理员可以撤销。"))
        if run.undo_waits:
            story = Story(Stream.of("sheet_run", run), Deed.DECLINE_UNDO, by=actor, at=now, clause=CLAUSE)
            story.change(run, undo_reason="", undo_asked_by_id=None, undo_asked_at=None)
            story.tell()
    return run


def carry_on(now: datetime, budget: timedelta = BUDGET) -> int:
    """Go on with the undoing that was begun first; how many matters were looked at. Safe after a crash."""
    run = Run.objects.filter(state=RunState.UNDOING).order_by("started_at", "pk").first()
    if run is None:
        return 0
    until, done = time.monotonic() + budget.total_seconds(), 0
    try:
        keys = _keys(run)
        while looked := _batch(run.pk, keys):
            done += looked
            if time.monotonic() >= until:
                break
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        _log.exception("an import could not be undone")
        return 0
    return done


def _batch(run_id: UUID, keys: Mapping[int, str]) -> int:
    """The next matters that nobody touched; 0 when there are none left."""
    with transaction.atomic():
        run = _locked(run_id)
        if run.state != RunState.UNDOING or run.undo_asked_by_id is None:
            return 0
        rows = FromSpreadsheet.objects.filter(run=run, matter__undone=False, line__gt=run.undone_to)
        looked = list(rows.order_by("line").values_list("line", "matter_id")[:BATCH])
        gone = [line for line, matter in looked if _undone(matter, run.pk, run.undo_asked_by_id)]
        now = clock.now()
        deed = Deed.UNDO if looked else Deed.UNDONE
        story = Story(Stream.of("sheet_run", run), deed, by=SYSTEM, at=now, clause=CLAUSE)
        if looked:
            idempotency.forget(matters.scope_of(Channel.IMPORT), [keys[line] for line in gone if line in keys])
            story.change(run, undone=run.undone + len(gone), undone_to=looked[-1][0])
        else:
            story.change(run, state=RunState.UNDONE, undone_at=now)
        story.tell()
    return len(looked)


def _undone(matter: UUID, run: UUID, by: UUID) -> bool:
    """Whether it could be; a matter that somebody worked on, or has accepted meanwhile, stays."""
    try:
        with transaction.atomic():
            matters.run(Action.UNDO_IMPORT, matter, terms.UndoImport(run=run, by=by), actor=SYSTEM)
    except (Refused, Matter.DoesNotExist):
        return False
    return True


def _keys(run: Run) -> dict[int, str]:
    """By line under which key a row is known: what is undone is known no longer, so that the file can be put right."""
    sheet = Spreadsheet.objects.filter(run=run).first()
    if sheet is None:
        return {}
    checker = Checker(Settings.read(str(sheet.settings)), run.registry_id, run.by_id)
    return {one.line: one.intake.key for one in checker.rows(grid_of(sheet)) if one.intake is not None}


def _in_time(run: Run, now: datetime) -> None:
    if run.state == RunState.RUNNING:
        raise Refused("undo_too_soon", _("登记完了才能撤销。请先停下，或者等它登记完。"))
    if not may_still(run, now):
        raise Refused("undo_too_late", _("导入满 7 天，不能再整批撤销。登记错的，请一件一件申请作废。"))


def _locked(run_id: UUID) -> Run:
    return Run.objects.select_for_update().get(pk=run_id)
