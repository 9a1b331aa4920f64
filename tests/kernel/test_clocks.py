"""The sweeper: everything due is looked at, a bad row holds up nobody, two workers do not meet."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from shuoshi.kernel import clocks
from shuoshi.kernel.clocks import Outcome
from tests.kernel.rows.models import Alarm

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[UUID]:
    """What was looked at, in order; a look whose alarm is about "bad" fails, one about "stuck" moves nothing."""
    done: list[UUID] = []

    def look(pk: UUID, now: datetime) -> None:
        alarm = clocks.still_due(Alarm, pk, now)
        if alarm is None:
            return
        alarm.basis = "looked"
        if alarm.about != "stuck":
            alarm.next_look_at = None
        alarm.save()
        done.append(pk)
        if alarm.about == "bad":
            raise ValueError("this row is broken")

    monkeypatch.setattr(clocks, "_registered", {})
    clocks.register(Alarm, look)
    return done


def alarm(minutes: int = 1, about: str = "", **values: object) -> Alarm:
    """An open clock whose next look came so many minutes ago."""
    row = Alarm(
        kind="completion",
        about=about,
        started_at=NOW - timedelta(days=9),
        due_at=NOW - timedelta(minutes=minutes),
        next_look_at=NOW - timedelta(minutes=minutes),
        basis="test",
        limit="7wd",
    )
    for name, value in values.items():
        setattr(row, name, value)
    row.save(force_insert=True)
    return row


@pytest.mark.django_db
def test_what_is_due_is_looked_at_oldest_first(looks: list[UUID]) -> None:
    late, later = alarm(minutes=1), alarm(minutes=50)
    alarm(next_look_at=NOW + timedelta(minutes=1))
    alarm(next_look_at=None)
    assert clocks.sweep(NOW) == 2
    assert looks == [later.pk, late.pk]
    assert clocks.sweep(NOW) == 0


@pytest.mark.django_db
def test_a_failing_row_is_undone_set_aside_and_tried_again_later(looks: list[UUID]) -> None:
    bad, good = alarm(minutes=9, about="bad"), alarm()
    assert clocks.sweep(NOW) == 1
    assert good.pk in looks
    bad.refresh_from_db()
    assert (bad.basis, bad.failed_looks, bad.retry_at) == ("test", 1, NOW + timedelta(minutes=1))
    assert bad.next_look_at == NOW - timedelta(minutes=9)  # verified columns stay as the events tell them

    assert clocks.sweep(NOW + timedelta(seconds=30)) == 0
    assert looks.count(bad.pk) == 1
    clocks.sweep(NOW + timedelta(minutes=1))
    assert looks.count(bad.pk) == 2
    bad.refresh_from_db()
    assert (bad.failed_looks, bad.retry_at) == (2, NOW + timedelta(minutes=3))


@pytest.mark.django_db
def test_bad_rows_older_than_a_whole_batch_starve_nobody(looks: list[UUID]) -> None:
    for n in range(4):
        alarm(minutes=60 + n, about="bad" if n % 2 else "stuck")
    good = alarm()
    clocks.sweep(NOW, batch=2)
    clocks.sweep(NOW, batch=2)
    clocks.sweep(NOW, batch=2)
    assert good.pk in looks


@pytest.mark.django_db
def test_the_wait_grows_to_six_hours(looks: list[UUID]) -> None:
    bad = alarm(about="bad", failed_looks=900)
    clocks.sweep(NOW)
    bad.refresh_from_db()
    assert bad.retry_at == NOW + timedelta(hours=6)


@pytest.mark.django_db
def test_a_batch_bounds_the_work_of_one_sweep(looks: list[UUID]) -> None:
    for n in range(5):
        alarm(minutes=n + 1)
    assert [clocks.sweep(NOW, batch=2) for _ in range(4)] == [2, 2, 1, 0]


@pytest.mark.django_db(transaction=True)
def test_two_workers_look_at_every_clock_once(looks: list[UUID]) -> None:
    rows = [alarm(minutes=n + 1) for n in range(30)]
    failures: list[Exception] = []

    def work() -> None:
        try:
            clocks.sweep(NOW)
        except Exception as failure:
            failures.append(failure)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert not failures
    assert sorted(looks) == sorted(row.pk for row in rows)
    assert not Alarm.objects.filter(failed_looks__gt=0).exists()


@pytest.mark.django_db
def test_sweeping_costs_what_is_due(looks: list[UUID]) -> None:
    """The due rows are found through the partial index, whatever stands beside them."""
    alarm()
    due = Alarm.objects.filter(next_look_at__lte=NOW).order_by("next_look_at").values_list("pk", flat=True)[:200]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    assert "alarm_by_next_look" in due.explain()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "values",
    [
        {"due_at": NOW - timedelta(days=9)},  # not after its start
        {"outcome": Outcome.MET},  # settled, but when?
        {"outcome": Outcome.OPEN, "settled_at": NOW},
        {"outcome": "HALF", "settled_at": NOW},
    ],
    ids=["due at its start", "met without a time", "open with a time", "unknown outcome"],
)
def test_the_database_refuses_a_clock_that_cannot_be(values: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        alarm(**values)


@pytest.mark.django_db
def test_a_clock_has_one_successor() -> None:
    first = alarm(outcome=Outcome.VOID, settled_at=NOW)
    alarm(follows=first)
    with pytest.raises(IntegrityError), transaction.atomic():
        alarm(follows=first)


@pytest.mark.django_db
def test_a_time_of_retry_that_no_sweep_set_is_not_believed(looks: list[UUID]) -> None:
    hidden = alarm(retry_at=NOW.replace(year=9999))
    clocks.sweep(NOW)
    assert looks == [hidden.pk]
