"""Promises with a clock as rows, and the one sweeper that looks at them when their time comes. Counting: calendar."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from django.db import connection, models, transaction
from django.db.models import Count, F, Min, Q

from shuoshi.kernel.history import History
from shuoshi.kernel.ids import new_id

Look = Callable[[UUID, datetime], object]
C = TypeVar("C", bound="Clock")

_log = logging.getLogger(__name__)
_FIRST_RETRY = timedelta(minutes=1)
_LAST_RETRY = timedelta(hours=6)
_registered: dict[type[Clock], Look] = {}


class Outcome(models.TextChoices):
    """How a clock ended. Settled once."""

    OPEN = "OPEN"
    MET = "MET"
    MISSED = "MISSED"
    VOID = "VOID"  # stopped or changed: the successor, if there is one, follows it


class Clock(models.Model):
    """One promise with a clock. A change (extension, pause) voids the row and opens a successor with `follows`.

    Subclasses add what it hangs on and a constraint for one open clock per kind and subject, and inherit this Meta.
    """

    history = History.PROJECTION
    unverified = frozenset({"failed_looks", "retry_at"})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=30)
    about = models.CharField(max_length=40, blank=True)  # which assignment, opinion or request, where several run
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()  # working days are counted once, when the clock starts
    next_look_at = models.DateTimeField(null=True)  # warn, due, later looks; null when nothing is left to watch
    basis = models.CharField(max_length=80)  # profile key or order that fixed it
    limit = models.CharField(max_length=8, blank=True)  # as calendar.Limit writes it; empty where a date was ordered
    provisional = models.BooleanField(default=False)  # counted over a year that is not published yet
    outcome = models.CharField(max_length=6, choices=Outcome, default=Outcome.OPEN)
    settled_at = models.DateTimeField(null=True)  # when it was decided
    done_at = models.DateTimeField(null=True)  # when what was promised was done, also when that was too late
    follows = models.OneToOneField("self", models.PROTECT, null=True, related_name="successor")
    failed_looks = models.PositiveSmallIntegerField(default=0)  # in a row; the sweeper's own note
    retry_at = models.DateTimeField(null=True)  # not before this, after a look that failed; at most _LAST_RETRY away

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(name="%(class)s_due_after_start", condition=Q(due_at__gt=F("started_at"))),
            models.CheckConstraint(
                name="%(class)s_open_or_settled",
                condition=Q(outcome=Outcome.OPEN, settled_at__isnull=True)
                | Q(outcome__in=[Outcome.MET, Outcome.MISSED, Outcome.VOID], settled_at__isnull=False),
            ),
        ]
        indexes = [  # read by kernel.clocks.sweep
            models.Index(
                name="%(class)s_by_next_look", fields=["next_look_at"], condition=Q(next_look_at__isnull=False)
            ),
        ]


def register(model: type[Clock], look: Look) -> None:
    """Have `sweep` call look(pk, now) for rows of this model whose next look has come.

    The look runs in its own transaction, takes its locks (the matter's first), then `still_due`, and must move
    `next_look_at` on or set it to null.
    """
    _registered[model] = look


def still_due(model: type[C], pk: UUID, now: datetime) -> C | None:
    """The clock, locked, if it is still to be looked at; None when another worker has it or has done it."""
    rows = model._default_manager.filter(pk=pk, next_look_at__lte=now)
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True, of=("self",))
    return rows.first()


def sweep(now: datetime, batch: int = 200) -> int:
    """Look at every clock whose next look has come; returns how many. Safe twice, in two workers, after a crash.

    A look that fails takes its row aside for a while (longer each time, up to six hours) and never holds up others.
    """
    return sum(_look_at(model, look, now, batch) for model, look in list(_registered.items()))


@dataclass(frozen=True, slots=True)
class Late:
    """Clocks whose look is owed: how many, since when, and how many of them failed when they were looked at."""

    count: int = 0
    failing: int = 0
    oldest: datetime | None = None


def late(since: datetime) -> Late:
    """What `sweep` should have looked at before `since`; one statement for each registered model."""
    found = Late()
    for model in _registered:
        owed = model._default_manager.filter(next_look_at__lt=since).order_by()
        asked = owed.aggregate(
            count=Count("pk"), failing=Count("pk", filter=Q(failed_looks__gt=0)), oldest=Min("next_look_at")
        )
        times = [at for at in (found.oldest, asked["oldest"]) if at is not None]
        found = Late(found.count + asked["count"], found.failing + asked["failing"], min(times, default=None))
    return found


def _look_at(model: type[Clock], look: Look, now: datetime, batch: int) -> int:
    due = (
        model._default_manager.filter(next_look_at__lte=now)
        .filter(Q(retry_at__isnull=True) | Q(retry_at__lte=now) | Q(retry_at__gt=now + _LAST_RETRY))
        .order_by("next_look_at")
        .values_list("pk", flat=True)[:batch]
    )
    done = 0
    for pk in list(due):
        try:
            with transaction.atomic():
                look(pk, now)
        except Exception:
            _log.exception("a look at %s %s failed", model._meta.label, pk)
            _set_aside(model, pk, now)
            continue
        done += 1
        _set_aside(model, pk, now, why="its look did not move next_look_at")
    return done


def _set_aside(model: type[Clock], pk: UUID, now: datetime, why: str = "") -> None:
    """Give a row that is still due, and in nobody's hands, a time before which it is not looked at again."""
    with transaction.atomic():
        row = still_due(model, pk, now)
        if row is None:
            return
        if why:
            _log.error("%s %s is set aside: %s", model._meta.label, pk, why)
        failed = row.failed_looks + 1
        wait = min(_FIRST_RETRY * 2 ** min(failed - 1, 10), _LAST_RETRY)
        model._default_manager.filter(pk=pk).update(failed_looks=min(failed, 1000), retry_at=now + wait)
