"""What was approved is destroyed, matter by matter, by the worker; then nothing of it is left in corners of the database."""

from __future__ import annotations

import logging
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from shuoshi.archive import reckoning
from shuoshi.archive.models import Destruction, Listed, State
from shuoshi.kernel import clock, search, tasks
from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.copies import erasures, place, targets
from shuoshi.kernel.events import Story, Stream
from shuoshi.matters import destroying
from shuoshi.matters.models import Matter
from shuoshi.organization import profile

CLAUSE = "4.4.2"
BATCH = 10  # matters in one round, so that notices and limits do not wait
_SMALL = 256 * 1024 * 1024  # bytes; writing a larger database anew would keep everybody waiting

_log = logging.getLogger(__name__)


def carry_on(now: datetime, batch: int = BATCH) -> int:
    """For `tasks.every`: destroy the next of what was approved first; how many. Each is a transaction of its own."""
    row = Destruction.objects.filter(state=State.APPROVED).order_by("approved_at", "pk").first()
    if row is None:
        return 0
    waiting = row.lines.filter(left_out=False, destroyed_at__isnull=True).order_by("pk")
    lines = list(waiting.values_list("pk", flat=True)[:batch])
    for line in lines:
        _one(row.pk, line)
    if len(lines) < batch:
        _end(row.pk)
    return len(lines)


@tasks.task()
def clean_up() -> None:
    """Tell the place of the copies what is gone, and press out of the database what deleting leaves in it.

    Fails where the place is out of reach, and is tried again: an older copy would bring everything back.
    """
    target = targets.at(settings.COPIES)
    try:
        place.require(target, settings.KEYS)
    except targets.NotThere:
        pass  # there is no copy yet
    else:
        erasures.put(target, settings.KEYS)
    search.press_out()
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        _write_anew()


def _write_anew() -> None:
    """Leave nothing in the log of SQLite, nor in pages that nobody uses any more."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        if cursor.fetchone()[0] <= _SMALL:  # of a larger one secure_delete has overwritten what was deleted
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _one(destruction: UUID, line: UUID) -> None:
    """Destroy one matter, if that is still to be done: it was raised again, or is to be kept longer by now."""
    with transaction.atomic():
        row = Destruction.objects.select_for_update().get(pk=destruction)
        one = Listed.objects.get(pk=line)
        if row.state != State.APPROVED or one.left_out or one.destroyed_at is not None:
            return
        now = clock.now()
        story = Story(Stream.of("destruction", row), "destroy", by=SYSTEM, at=now, clause=CLAUSE)
        matter = Matter.objects.select_for_update().get(pk=one.matter_id)
        kept = reckoning.kept([matter], profile.current().retention).get(matter.pk)
        event = None
        if kept is not None and kept.is_over(clock.local(now).date()):
            event = destroying.destroy(matter.pk, actor=SYSTEM, list=row.number)
        if event is None:
            story.change(one, left_out=True)
        else:
            story.change(one, destroyed_at=now, event_hash=event.hash)
        story.tell()


def _end(destruction: UUID) -> None:
    with transaction.atomic():
        row = Destruction.objects.select_for_update().get(pk=destruction)
        if row.state != State.APPROVED:
            return
        now = clock.now()
        story = Story(Stream.of("destruction", row), "end_destruction", by=SYSTEM, at=now, clause=CLAUSE)
        story.change(row, state=State.DONE, done_at=now)
        story.fact(destroyed=row.lines.filter(destroyed_at__isnull=False).count())
        story.tell()
        clean_up.enqueue()
