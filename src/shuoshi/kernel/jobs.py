"""What the worker does again and again: when it last did it, how it ended, when it will again. Written once a minute.

A job that runs every few seconds must not write to the disk each time: a change from well to failing is written at
once, the rest when a minute has passed.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from django.db import models

from shuoshi.kernel.history import History

WRITTEN_EVERY = 60.0  # seconds
KEPT = timedelta(days=30)  # of jobs that no release does any more


class JobRun(models.Model):
    """The last run of one regular job, by whichever worker."""

    history = History.WORKING
    copied = False  # of this machine

    name = models.CharField(max_length=120, primary_key=True)
    at = models.DateTimeField()
    next_at = models.DateTimeField()
    took_ms = models.PositiveIntegerField()
    failures = models.PositiveIntegerField(default=0)  # one after the other
    failed_at = models.DateTimeField(null=True)  # the last time, also when it went well since


def note(name: str, at: datetime, interval: timedelta, took: timedelta, *, well: bool) -> None:
    """A job ran. `name` is the way to its function."""
    known = _noted.get(name)
    if known is not None and known[1] == well and time.monotonic() - known[0] < WRITTEN_EVERY:
        return
    found = {"at": at, "next_at": at + interval, "took_ms": int(took.total_seconds() * 1000)}
    row, _made = JobRun.objects.get_or_create(name=name[-120:], defaults=found)
    failures = 0 if well else row.failures + 1
    failed_at = row.failed_at if well else at
    JobRun.objects.filter(pk=row.pk).update(**found, failures=failures, failed_at=failed_at)
    _noted[name] = (time.monotonic(), well)


def runs() -> list[JobRun]:
    """All regular jobs, those that fail first; one statement."""
    return list(JobRun.objects.order_by("-failures", "name"))


def prune(now: datetime) -> int:
    """Forget jobs that nothing runs any more."""
    return JobRun.objects.filter(at__lt=now - KEPT).delete()[0]


_noted: dict[str, tuple[float, bool]] = {}
