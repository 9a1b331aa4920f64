"""The worker does what is due, survives what fails, and takes over from the dead."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django_tasks_db.models import DBTaskResult

from shuoshi.kernel import clock, clocks, steady, tasks
from shuoshi.kernel.steady import WorkerBeat

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
done: list[str] = []

pytestmark = pytest.mark.django_db(transaction=True)


@tasks.task()
def note(word: str) -> str:
    done.append(word)
    if word == "fail":
        raise ValueError("this task fails")
    return word


@pytest.fixture(autouse=True)
def _fresh() -> None:
    done.clear()


def run_until(condition: object, seconds: float = 20) -> None:
    """Run a worker in a thread until the condition holds."""
    assert callable(condition)
    stop = threading.Event()
    thread = threading.Thread(target=tasks.run_worker, args=(stop,), kwargs={"poll": 0.02})
    thread.start()
    end = time.monotonic() + seconds
    try:
        while not condition() and time.monotonic() < end:
            time.sleep(0.02)
    finally:
        stop.set()
        thread.join(timeout=20)
    assert not thread.is_alive()
    assert condition()


def test_due_tasks_are_run_once_each_and_a_failing_one_holds_up_nobody() -> None:
    for word in ("a", "fail", "b"):
        note.enqueue(word)
    run_until(lambda: len(done) == 3)
    assert sorted(done) == ["a", "b", "fail"]
    assert DBTaskResult.objects.successful().count() == 2
    assert DBTaskResult.objects.get(status="READY").run_after > clock.now(), "it is tried again later"


def test_a_task_of_an_undone_transaction_is_never_run() -> None:
    with transaction.atomic():
        note.enqueue("never")
        transaction.set_rollback(True)
    assert tasks.run_round("w", {}) == 0
    assert done == []


def test_the_loop_sweeps_clocks_and_goes_on_when_a_round_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    swept: list[datetime] = []

    def broken(now: datetime) -> int:
        swept.append(now)
        raise RuntimeError("the sweep is broken")

    monkeypatch.setattr(clocks, "sweep", broken)
    note.enqueue("first")
    run_until(lambda: swept and done == ["first"])


def test_a_living_worker_beats() -> None:
    before = clock.now()
    run_until(lambda: (steady.last_beat() or NOW) >= before)


def test_a_regular_job_runs_at_its_interval_and_a_broken_one_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "_jobs", {})
    ran: list[datetime] = []

    def broken(now: datetime) -> None:
        raise RuntimeError("this job is broken")

    tasks.every(timedelta(minutes=1), broken)
    tasks.every(timedelta(minutes=1), ran.append)
    last_run: dict[str, float] = {}
    tasks.run_round("w", last_run)
    tasks.run_round("w", last_run)
    assert len(ran) == 1
    tasks.run_round("w", {name: at - 61 for name, at in last_run.items()})
    assert len(ran) == 2


def claimed_by(worker: str, *, beat_at: datetime, times: int = 1) -> None:
    """A task that stands as running under a worker which gave its last sign of life at `beat_at`."""
    note.enqueue("again")
    row = DBTaskResult.objects.get()
    for _ in range(times):
        row.claim(worker)
    DBTaskResult.objects.update(started_at=beat_at)
    WorkerBeat.objects.create(worker=worker, host="here", pid=1, at=beat_at)


def test_the_task_of_a_dead_worker_is_done_by_another() -> None:
    now = clock.now()
    claimed_by("dead", beat_at=now - timedelta(minutes=2))
    tasks.run_round("w2", {})
    assert done == [], "it may still live"
    WorkerBeat.objects.filter(worker="dead").update(at=now - 2 * tasks.LEASE)
    DBTaskResult.objects.update(started_at=now - 2 * tasks.LEASE)
    tasks.run_round("w2", {})
    assert done == ["again"]
    assert DBTaskResult.objects.successful().get().worker_ids == ["dead", "w2"]


def test_a_task_that_kills_eight_workers_is_left_to_people() -> None:
    claimed_by("dead", beat_at=clock.now() - 2 * tasks.LEASE, times=tasks.TRIES)
    tasks.run_round("w2", {})
    assert DBTaskResult.objects.failed().get().exception_class_path.endswith("WorkerLost")
    assert done == []


def test_two_workers_share_the_work_and_do_nothing_twice() -> None:
    for number in range(30):
        note.enqueue(str(number))

    def work(name: str) -> None:
        last_run: dict[str, float] = {}
        try:
            while tasks.run_round(name, last_run):
                pass
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(name,)) for name in ("w1", "w2")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done, key=int) == [str(number) for number in range(30)]
