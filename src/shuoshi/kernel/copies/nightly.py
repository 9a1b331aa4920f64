"""Copying by itself: when one is due, who of several workers begins it, and when the desk is told that none came.

The copy is made by a process of its own, so that no deadline waits for it; it ends when the worker does. What that
process does is `config.copying.nightly`.
"""

from __future__ import annotations

import logging
import subprocess
import sys
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q

from shuoshi.kernel import clock, steady
from shuoshi.kernel.copies.record import Copy, Outcome, last_checked, last_good
from shuoshi.kernel.events import Event
from shuoshi.kernel.steady import Kind

HOUR = 2  # of the night, by the institution's clock; an office that is dark then copies when it opens
LATE = timedelta(days=3)
CHECKED_EVERY = timedelta(days=7)
_LONGEST = timedelta(hours=6)  # what runs longer was broken off

_log = logging.getLogger(__name__)
_children: dict[UUID, subprocess.Popen[bytes]] = {}


def look(now: datetime) -> None:
    """For `tasks.every`: begin the copy of the night, again every hour until it stands; and tell when none came."""
    _bury(now)
    steady.keep(Kind.COPY_OLD, is_late(now))
    checked = last_checked()
    steady.keep(Kind.COPY_BROKEN, checked is not None and bool(checked.check_problem))
    good = last_good()
    steady.keep(Kind.FILES_LOST, good is not None and bool(good.problem))
    if is_due(now) and (row := _claim(now)) is not None:
        _log.info("copying to %s", row.place)
        command = [sys.executable, "-m", "shuoshi", "backup", "--record", str(row.pk)]
        _children[row.pk] = subprocess.Popen(command, stdin=subprocess.PIPE)


def is_due(now: datetime) -> bool:
    """Whether the night's copy is still owed and none is under way."""
    night = clock.local(now).replace(hour=HOUR, minute=0, second=0, microsecond=0)
    if night > now:
        night -= timedelta(days=1)
    newer = Copy.objects.filter(place=settings.COPIES)
    return (
        not newer.filter(outcome=Outcome.GOOD, started_at__gte=night).exists()
        and not newer.filter(outcome=Outcome.RUNNING).exists()
    )


def is_late(now: datetime) -> bool:
    """Whether the last good copy, or the beginning where there is none, is longer ago than LATE."""
    good = last_good()
    if good is not None:
        return good.started_at < now - LATE
    return Event.objects.filter(recorded_at__lt=now - LATE).order_by().exists()


def check_is_due(now: datetime) -> bool:
    """Whether no check has found a copy of the nightly place good for a week."""
    return not Copy.objects.filter(place=settings.COPIES, checked_at__gt=now - CHECKED_EVERY, check_problem="").exists()


def _bury(now: datetime) -> None:
    """Attempts of ours whose process ended without a word, and those that nobody can still be working on."""
    ended = [pk for pk, child in _children.items() if child.poll() is not None]
    for pk in ended:
        del _children[pk]
    running = Copy.objects.filter(outcome=Outcome.RUNNING)
    dead = running.filter(Q(pk__in=ended) | Q(started_at__lt=now - _LONGEST))
    if dead.exists():
        dead.update(outcome=Outcome.FAILED, ended_at=now, problem="broken off")


def _claim(now: datetime) -> Copy | None:
    """The attempt of this hour; None when it was made already, by us or another worker."""
    slot = f"{now:%Y%m%dT%H}"
    try:
        with transaction.atomic():
            return Copy.objects.create(slot=slot, place=settings.COPIES, started_at=now)
    except IntegrityError:
        return None
