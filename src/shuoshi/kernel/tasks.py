"""Background work: the worker's loop, and the only module that knows the tasks library. What to do, packages know.

    @tasks.task()
    def tell(notice: str) -> None: …

    tell.enqueue(str(notice.pk))  # its row is in the caller's transaction
    for one in tasks.given_up(20): …  # what people have to look at; tasks.begin_anew(one.pk)

A task runs at least once, takes what JSON can carry and ends within LEASE. One that fails is tried again after growing
pauses, TRIES times in all, and then left to people with an alarm. Work that comes again and again is registered with
`every`, and bounds itself. Deadlines need neither: they are rows, see clocks.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from django.db import close_old_connections, transaction
from django.utils.crypto import get_random_string
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from shuoshi.kernel import clock, clocks, drafts, files, idempotency, jobs, outbox, steady, throttle
from shuoshi.kernel.steady import Kind, Watch, WorkerBeat, alarm, settle

__all__ = ["GivenUp", "begin_anew", "every", "given_up", "run_round", "run_worker", "task"]

LEASE = timedelta(minutes=10)  # a worker that gave no sign for so long is dead; its tasks begin again
TRIES = 8  # a task that failed, or whose worker died, so often is left to people
FIRST_PAUSE, LAST_PAUSE = timedelta(minutes=1), timedelta(hours=2)  # between tries; in all about four hours
KEPT = timedelta(days=30)  # finished tasks
BEAT_EVERY = timedelta(seconds=5)  # not every round: an idle worker must not write to the disk every second
FORGOTTEN = 1000  # finished tasks deleted at once
BATCH = 20  # tasks in one round, so that deadlines are looked at in between
_SWEPT = "swept"  # in the memory of a worker: when it last got through the limits

Job = Callable[[datetime], object]
_log = logging.getLogger(__name__)


class WorkerLost(Exception):
    """The worker died with this task too often."""


class GivenUp(NamedTuple):
    """A task that was left to people: what it is, since when, and after how many tries."""

    pk: UUID
    name: str
    at: datetime
    tries: int


def given_up(most: int) -> list[GivenUp]:
    """The newest tasks that failed for good, `most` at most; one statement."""
    rows = DBTaskResult.objects.failed().order_by("-finished_at", "pk")
    return [
        GivenUp(row.pk, row.task_path, row.finished_at, len(row.worker_ids))
        for row in rows.only("task_path", "finished_at", "worker_ids")[:most]
        if row.finished_at is not None
    ]


def begin_anew(pk: UUID) -> str:
    """Have a task that was given up tried again, from its first try on; its name, "" where it is given up no more."""
    with transaction.atomic():
        row = DBTaskResult.objects.failed().select_for_update().filter(pk=pk).first()
        if row is None:
            return ""
        name = str(row.task_path)
        fresh = {"status": TaskResultStatus.READY, "started_at": None, "finished_at": None, "run_after": clock.now()}
        DBTaskResult.objects.filter(pk=pk).update(**fresh, worker_ids=[], exception_class_path="", traceback="")
        if not DBTaskResult.objects.failed().filter(task_path=name).exists():
            settle(Kind.TASK_FAILED, name[-64:])
    return name


def every(interval: timedelta, job: Job) -> None:
    """Let workers call `job(now)` about that often. It must bear to run in two workers at once."""
    _jobs[f"{job.__module__}.{job.__qualname__}"] = (interval, job)


def run_worker(stop: threading.Event, poll: float = 1.0) -> None:
    """Do what is due until `stop` is set, looking again every `poll` seconds. A task under way is finished first."""
    worker = f"{socket.gethostname()[:40]}-{get_random_string(16)}"
    last_run: dict[str, float] = {}
    watch = Watch()
    try:
        while not stop.is_set():
            close_old_connections()
            if run_round(worker, last_run, stop, watch) < BATCH:
                stop.wait(poll)
    finally:
        _say_goodbye(worker)
        close_old_connections()


def run_round(
    worker: str, last_run: dict[str, float], stop: threading.Event | None = None, watch: Watch | None = None
) -> int:
    """One look at everything; how many tasks were run. What fails is logged and does not keep the rest from running.

    `last_run` remembers, from one round to the next, when each regular job ran (monotonic seconds), `watch` how far the
    clocks went: after a jump no limit is looked at and nothing expires, lest everything be overdue or gone at once.
    """
    last_run.setdefault(_SWEPT, time.monotonic())
    if _is_time("beat", BEAT_EVERY, last_run):
        _guarded("beat", partial(_beat, worker, last_run[_SWEPT]))
    if watch is None or _believes(watch):
        _guarded("clocks", partial(_sweep, last_run))
        for name, (interval, job) in list(_jobs.items()):
            if _is_time(name, interval, last_run):
                _regular(name, interval, job)
    done = 0
    while done < BATCH and not (stop and stop.is_set()) and _guarded("task", lambda: _run_next(worker)):
        done += 1
    return done


def _guarded(name: str, work: Callable[[], object]) -> object:
    try:
        return work()
    except Exception:
        _log.exception("worker: %s failed", name)
        return None


def _regular(name: str, interval: timedelta, job: Job) -> None:
    """One run of a regular job, and how it ended, for whoever asks what the background does."""
    began = time.monotonic()
    well = _guarded(name, lambda: (job(clock.now()), True)[1]) is True
    took = timedelta(seconds=time.monotonic() - began)
    _guarded("jobs", lambda: jobs.note(name, clock.now(), interval, took, well=well))


def _is_time(name: str, interval: timedelta, last_run: dict[str, float]) -> bool:
    now = time.monotonic()
    if now - last_run.get(name, float("-inf")) < interval.total_seconds():
        return False
    last_run[name] = now
    return True


def _beat(worker: str, swept: float) -> None:
    now = clock.now()
    swept_at = now - timedelta(seconds=time.monotonic() - swept)
    found = {"host": socket.gethostname()[:100], "pid": os.getpid(), "at": now, "swept_at": swept_at}
    WorkerBeat.objects.update_or_create(worker=worker, defaults=found)


def _sweep(last_run: dict[str, float]) -> None:
    clocks.sweep(clock.now())
    last_run[_SWEPT] = time.monotonic()


def _believes(watch: Watch) -> bool:
    """Whether the wall clock can be believed; a turn of that is told once."""
    steady = watch.steady(clock.now())
    if watch.turned:
        tell = partial(settle, Kind.CLOCK_JUMPED) if steady else partial(alarm, Kind.CLOCK_JUMPED, lasts=None)
        _guarded("watch", tell)
    return steady


def _say_goodbye(worker: str) -> None:
    """Nothing is under way any more: whoever still stands as running under our name begins again at once."""
    _guarded("goodbye", lambda: _begin_again(clock.now(), gone=worker))


def _run_next(worker: str) -> bool:
    """Run the next task that is due; False when there is none."""
    due = DBTaskResult.objects.ready()
    if not due.exists():  # a reader only: an idle worker must not take the write lock every second
        return False
    with transaction.atomic():
        row = due.get_locked()
        if row is None:
            return False
        row.claim(worker)
    _run(row)
    return True


def _run(row: DBTaskResult[Any, Any]) -> None:
    try:
        value = row.task.call(*row.args_kwargs["args"], **row.args_kwargs["kwargs"])
    except Exception as problem:
        _log.exception("worker: task %s failed", row.task_path)
        if _still_ours(row):
            _try_later(row, problem)
    else:
        if _still_ours(row):
            row.set_successful(value)


def _try_later(row: DBTaskResult[Any, Any], problem: Exception) -> None:
    """After a pause that doubles each time; after the last try, people have to look."""
    tries = len(row.worker_ids)
    if tries >= TRIES:
        _give_up(row, problem)
        return
    again = clock.now() + min(FIRST_PAUSE * 2 ** (tries - 1), LAST_PAUSE)
    DBTaskResult.objects.filter(pk=row.pk).update(status=TaskResultStatus.READY, started_at=None, run_after=again)


def _give_up(row: DBTaskResult[Any, Any], problem: Exception) -> None:
    row.set_failed(problem)
    alarm(Kind.TASK_FAILED, row.task_path[-64:])


def _still_ours(row: DBTaskResult[Any, Any]) -> bool:
    """Whether no other worker took the task over because we were too late."""
    fresh = DBTaskResult.objects.filter(pk=row.pk).first()
    return fresh is not None and fresh.status == TaskResultStatus.RUNNING and fresh.worker_ids == row.worker_ids


def _reap(now: datetime) -> int:
    """Give tasks of dead workers back; how many."""
    return _begin_again(now)


def _begin_again(now: datetime, gone: str = "") -> int:
    again = 0
    with transaction.atomic():
        alive = set(WorkerBeat.objects.filter(at__gt=now - LEASE).exclude(worker=gone).values_list("worker", flat=True))
        for row in DBTaskResult.objects.running().select_for_update(skip_locked=True):
            worker = row.worker_ids[-1] if row.worker_ids else ""
            if worker in alive or (worker != gone and row.started_at and row.started_at > now - LEASE):
                continue
            again += 1
            if len(row.worker_ids) >= TRIES:
                _give_up(row, WorkerLost(f"{len(row.worker_ids)} workers died with it"))
            else:
                DBTaskResult.objects.filter(pk=row.pk).update(status=TaskResultStatus.READY, started_at=None)
    return again


def _look_for_failing_looks(now: datetime) -> None:
    """A limit that is tried again and again stands still with all that hangs on it: people have to look."""
    steady.keep(Kind.LOOKS_FAIL, wrong=clocks.late(now - steady.SWEEP_LATE).failing > 0)


def _forget(now: datetime) -> None:
    """Delete finished tasks and workers of long ago."""
    old = DBTaskResult.objects.finished().filter(finished_at__lt=now - KEPT).order_by().values_list("pk", flat=True)
    DBTaskResult.objects.filter(pk__in=list(old[:FORGOTTEN])).delete()
    WorkerBeat.objects.filter(at__lt=now - KEPT).delete()


_jobs: dict[str, tuple[timedelta, Job]] = {}
every(timedelta(minutes=1), _reap)
every(timedelta(minutes=1), _look_for_failing_looks)
every(timedelta(minutes=1), steady.look_at_disk)
every(timedelta(minutes=5), drafts.expire)
every(timedelta(minutes=10), throttle.prune)
every(timedelta(minutes=10), files.reap)
every(timedelta(hours=1), steady.prune)
every(timedelta(hours=1), idempotency.prune)
every(timedelta(hours=1), outbox.prune)
every(timedelta(hours=1), jobs.prune)
every(timedelta(hours=1), _forget)
