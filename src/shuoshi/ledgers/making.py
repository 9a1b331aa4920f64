"""What the worker does with exports: a few rows at a time, so that notices and limits do not wait; then the file, sealed.

The rows of a file are gathered in the memory of one worker, packed as they will be, and nowhere else. A worker that dies
leaves an export that another begins anew. Whoever asked is looked up again with every portion: with other posts, nothing
more is written, and what is out of sight meanwhile is left out.
"""

from __future__ import annotations

import logging
import secrets
import time
from datetime import datetime, timedelta
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from shuoshi.kernel import files
from shuoshi.kernel.actors import SYSTEM, Actor
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.papers.press import NotMade
from shuoshi.kernel.refusal import Refused
from shuoshi.ledgers.actions import Deed, clear
from shuoshi.ledgers.asked import Asked, NoSuchList
from shuoshi.ledgers.choosing import source, writer_of
from shuoshi.ledgers.models import Export, ExportState, Failed
from shuoshi.ledgers.policies import held
from shuoshi.ledgers.writing import TooLong
from shuoshi.matters.papers import wording
from shuoshi.matters.purpose import Purpose
from shuoshi.organization import actors, profile

PORTION = 500  # rows in one statement
BUDGET = timedelta(seconds=2)  # of one round of the worker
LEASE = timedelta(minutes=2)  # a worker that gave no sign for so long is dead
TRIES = 3
LASTS = timedelta(hours=24)  # a file
LEFT = timedelta(days=1)  # one that no worker made
_ME = secrets.token_hex(16)  # this process
_log = logging.getLogger(__name__)


class Making:
    """One export under way: which rows are to come, and the file as far as it is written."""

    def __init__(self, export: Export, now: datetime) -> None:
        self.export = export
        self.asked = Asked.read(str(export.asked))
        self.source = source(self.asked)
        actor = _actor(export)
        self.keys = self.source.keys(actor, now)
        self.at = 0
        self.rows = 0
        who, purpose = export.by.name, Purpose(export.purpose).label
        at = wording.full_moment(now)
        notes = [
            _("范围：%(scope)s") % {"scope": export.scope},
            _("%(who)s 于 %(at)s 导出，用途：%(purpose)s。只供内部使用。") % {"who": who, "at": at, "purpose": purpose},
            _("编号：%(id)s") % {"id": export.pk},
        ]
        self.writer = writer_of(export, self.source, actor, notes, now)

    def go_on(self, until: float) -> bool:
        """The next portions; whether all are written. Raises NoSuchList, TooLong, Refused."""
        rules = profile.current()
        while self.at < len(self.keys):
            some = self.keys[self.at : self.at + PORTION]
            for row in self.source.rows(_actor(self.export), rules, some, self.rows + 1):
                self.writer.add(row)
                self.rows += 1
            self.at += len(some)
            if time.monotonic() >= until:
                break
        return self.at >= len(self.keys)


_under_way: dict[UUID, Making] = {}


def carry_on(now: datetime, budget: timedelta = BUDGET) -> int:
    """Go on with the export that was asked for first; how many of its rows are written."""
    export = _claimed(now)
    if export is None:
        _under_way.clear()
        return 0
    try:
        with wording.official():
            return _go_on(export, now, time.monotonic() + budget.total_seconds())
    except (OperationalError, InterfaceError):
        raise
    except (NoSuchList, Refused) as away:
        why = Failed.FORM if isinstance(away, NotMade) else Failed.RIGHTS
        _fail(export, why, now)
    except TooLong:
        _fail(export, Failed.TOO_LONG, now)
    except Exception:
        _log.exception("an export was not made")
        _under_way.pop(export.pk, None)
        if export.tries + 1 >= TRIES:
            _fail(export, Failed.BROKEN, now)
        else:  # begun anew after a pause
            Export.objects.filter(pk=export.pk).update(tries=export.tries + 1, beat_at=now, worker="-")
    return 0


def forget(now: datetime, batch: int = 50) -> int:
    """Clear files whose day is over, and give up what nobody made; how many."""
    gone = 0
    over = Q(state=ExportState.MADE, expires_at__lte=now) | Q(state=ExportState.ASKED, asked_at__lte=now - LEFT)
    for key in list(Export.objects.filter(over).order_by("asked_at").values_list("pk", flat=True)[:batch]):
        with transaction.atomic():
            row = Export.objects.select_for_update().filter(over, pk=key).first()
            if row is None:
                continue
            if row.state == ExportState.ASKED:
                _failed(row, Failed.LEFT, now)
            else:
                clear(row, SYSTEM, now)
        gone += 1
    return gone


def _claimed(now: datetime) -> Export | None:
    """The first that is to be made, ours from now on; what another worker has in hand is left to it."""
    free = Q(worker="") | Q(worker=_ME) | Q(beat_at__lt=now - LEASE)
    waiting = Export.objects.filter(free, state=ExportState.ASKED)
    first = waiting.select_related("by", "account__person").order_by("asked_at", "pk").first()
    if first is None or not waiting.filter(pk=first.pk).update(worker=_ME, beat_at=now):
        return None
    return first


def _go_on(export: Export, now: datetime, until: float) -> int:
    making = _under_way.get(export.pk)
    if making is None:
        _under_way.clear()
        making = _under_way[export.pk] = Making(export, now)
    making.export = export  # with the account as it is now
    if not making.go_on(until):
        Export.objects.filter(pk=export.pk).update(written=making.rows)
        return making.rows
    data = making.writer.finished()
    _keep(export, making.rows, data, now)
    _under_way.pop(export.pk, None)
    return making.rows


def _keep(export: Export, rows: int, data: bytes, now: datetime) -> None:
    """Seal the file and tell what left: how many rows, and the digest by which a copy can be known again."""
    kept = files.store(data, export.data_key())
    with transaction.atomic():
        row = Export.objects.select_for_update().get(pk=export.pk)
        if row.state != ExportState.ASKED:  # thrown away meanwhile; the file without a row is cleared away
            return
        story = Story(Stream.of("export", row), Deed.MAKE, by=SYSTEM, at=now)
        told = {"state": ExportState.MADE, "stored": kept.name, "sha256": kept.sha256, "size": kept.size}
        story.change(row, rows=rows, ended_at=now, expires_at=now + LASTS, **told)
        story.tell()
        Export.objects.filter(pk=row.pk).update(written=rows)


def _fail(export: Export, why: Failed, now: datetime) -> None:
    _under_way.pop(export.pk, None)
    with transaction.atomic():
        row = Export.objects.select_for_update().get(pk=export.pk)
        if row.state == ExportState.ASKED:
            _failed(row, why, now)


def _failed(row: Export, why: Failed, now: datetime) -> None:
    story = Story(Stream.of("export", row), Deed.FAIL, by=SYSTEM, at=now)
    story.change(row, state=ExportState.FAILED, why=why, ended_at=now, asked="")
    story.tell()


def _actor(export: Export) -> Actor:
    """Whoever asked, with the posts they hold at this moment. Raises NoSuchList where they are others."""
    account = type(export.account).objects.select_related("person").get(pk=export.account_id)
    actor = actors.of(account)
    if not account.is_active or held(actor) != export.held:
        raise NoSuchList
    return actor
