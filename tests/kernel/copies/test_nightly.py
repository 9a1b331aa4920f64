"""When a copy is due, who begins it, and when the desk is told that none came."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

from shuoshi.kernel import clock, steady
from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.copies import last_good, latest, nightly, record
from shuoshi.kernel.copies.record import Copy, Outcome
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.steady import Kind

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def noon() -> Iterator[clock.Simulation]:
    steady.forget()
    with clock.simulated(NOON) as simulation:
        yield simulation
    steady.forget()


def copied(at: datetime, outcome: Outcome = Outcome.GOOD, **more: object) -> Copy:
    ended = None if outcome == Outcome.RUNNING else at
    return Copy.objects.create(
        **{"place": settings.COPIES, "started_at": at, "ended_at": ended, "outcome": outcome, "name": f"copy {at}"}
        | more
    )


def told() -> set[Kind]:
    steady.forget()
    return {one.kind for one in steady.alarms()} & {Kind.COPY_OLD, Kind.COPY_BROKEN, Kind.FILES_LOST}


def begins(monkeypatch: pytest.MonkeyPatch, now: datetime) -> list[str]:
    """The rows for which a process would have been started."""
    started: list[str] = []
    nightly._children.clear()

    class Child:
        def __init__(self, command: list[str], **how: object) -> None:
            started.append(command[-1])

        def poll(self) -> int | None:
            return None

    monkeypatch.setattr(subprocess, "Popen", Child)
    nightly.look(now)
    return started


def test_a_home_without_a_copy_gets_one_and_then_one_each_night() -> None:
    assert nightly.is_due(NOON)
    copied(NOON.replace(hour=1))
    assert nightly.is_due(NOON), "of before the night's hour"
    copied(NOON.replace(hour=2, minute=1))
    assert not nightly.is_due(NOON)
    assert not nightly.is_due(NOON + 13 * HOUR)
    assert nightly.is_due(NOON + 14 * HOUR + HOUR / 60)


def test_a_copy_at_another_place_or_under_way_or_failed() -> None:
    copied(NOON, place="/media/usb")
    assert nightly.is_due(NOON)
    copied(NOON, Outcome.FAILED)
    assert nightly.is_due(NOON)
    copied(NOON, Outcome.RUNNING)
    assert not nightly.is_due(NOON)


def test_of_two_workers_one_begins_and_after_a_failure_again_in_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    (first,) = begins(monkeypatch, NOON)
    assert begins(monkeypatch, NOON) == []
    Copy.objects.get(pk=first).failed("the disk was full")
    assert begins(monkeypatch, NOON + HOUR / 2) == []
    (second,) = begins(monkeypatch, NOON + HOUR)
    assert second != first


def test_a_copy_that_was_broken_off_stands_in_nobodys_way_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    row = copied(NOON - 7 * HOUR, Outcome.RUNNING)
    assert begins(monkeypatch, NOON)
    row.refresh_from_db()
    assert row.outcome == Outcome.FAILED and row.ended_at is not None


def test_a_process_that_ended_without_a_word_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    (first,) = begins(monkeypatch, NOON)
    monkeypatch.setattr(nightly._children[UUID(first)], "poll", lambda: 1)
    nightly.look(NOON + HOUR / 60)
    assert Copy.objects.get(pk=first).outcome == Outcome.FAILED
    nightly.look(NOON + HOUR)
    assert Copy.objects.filter(outcome=Outcome.RUNNING).count() == 1


def test_the_desk_is_told_after_three_days_without_a_good_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    begins(monkeypatch, NOON)
    assert told() == set(), "where there is nothing yet, nothing is late"
    Story(Stream("unit", "1"), "begin", by=SYSTEM, at=NOON).tell()
    begins(monkeypatch, NOON + 3 * DAY)
    assert told() == set()
    begins(monkeypatch, NOON + 3 * DAY + HOUR)
    assert told() == {Kind.COPY_OLD}
    good = copied(NOON + 4 * DAY)
    begins(monkeypatch, NOON + 4 * DAY)
    assert told() == set()
    begins(monkeypatch, NOON + 7 * DAY + HOUR)
    assert told() == {Kind.COPY_OLD}
    assert last_good() == good and latest() != good


def test_a_check_that_finds_a_fault_gives_alarm_and_the_copy_counts_no_more(
    monkeypatch: pytest.MonkeyPatch, noon: clock.Simulation
) -> None:
    good, bad = copied(NOON - DAY), copied(NOON - HOUR)
    assert nightly.check_is_due(NOON)
    record.checked(bad.name, "a part is missing")
    begins(monkeypatch, NOON)
    assert told() == {Kind.COPY_BROKEN}
    assert last_good() == good
    assert nightly.check_is_due(NOON), "the next copy is looked at too"
    noon.move_to(NOON + HOUR)
    newest = copied(NOON)
    record.checked(newest.name, "")
    begins(monkeypatch, NOON)
    assert told() == set()
    assert not nightly.check_is_due(NOON + 7 * DAY) and nightly.check_is_due(NOON + 7 * DAY + 2 * HOUR)


def test_lost_files_are_told_while_the_newest_copy_lacks_them(monkeypatch: pytest.MonkeyPatch) -> None:
    copied(NOON - HOUR, problem="1 files that rows name are not in the home")
    begins(monkeypatch, NOON)
    assert told() == {Kind.FILES_LOST}
    copied(NOON)
    begins(monkeypatch, NOON)
    assert told() == set()
