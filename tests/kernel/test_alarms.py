"""What is out of order is told in one place: a dead worker, limits nobody looks at, a clock that jumped, what was raised."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shuoshi.kernel import clock, clocks, steady, tasks
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.steady import Kind, WorkerBeat, alarm, alarms, settle
from tests.kernel.rows.models import Alarm

pytestmark = pytest.mark.django_db


def kinds() -> list[Kind]:
    steady.forget()
    return [one.kind for one in alarms()]


def test_a_house_without_a_worker_gives_alarm_until_one_beats() -> None:
    assert kinds() == [Kind.WORKER_STILL]
    tasks.run_round("w", {})
    assert kinds() == []
    WorkerBeat.objects.update(at=clock.now() - 2 * steady.BEAT_LATE)
    assert kinds() == [Kind.WORKER_STILL]


def test_a_worker_that_never_gets_through_the_limits_gives_alarm(monkeypatch: pytest.MonkeyPatch) -> None:
    memory: dict[str, float] = {}

    def broken(now: object) -> int:
        raise RuntimeError("the sweep is broken")

    monkeypatch.setattr(clocks, "sweep", broken)
    tasks.run_round("w", memory)
    assert kinds() == []
    for name in ("beat", "swept"):
        memory[name] -= 2 * steady.SWEEP_LATE.total_seconds()
    tasks.run_round("w", memory)
    assert kinds() == [Kind.SWEEP_STILL]
    monkeypatch.undo()
    tasks.run_round("w", memory)
    memory["beat"] -= 60
    tasks.run_round("w", memory)
    assert kinds() == []


def test_a_limit_that_is_tried_in_vain_gives_alarm_until_it_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = [True]

    def look(pk: UUID, now: datetime) -> None:
        if broken:
            raise Refused("owed", "always in this state")
        Alarm.objects.filter(pk=pk).update(next_look_at=None)

    monkeypatch.setattr(clocks, "_registered", {})
    clocks.register(Alarm, look)
    start = clock.now()
    at = {"started_at": start - timedelta(days=1), "due_at": start, "next_look_at": start}
    Alarm.objects.create(kind="completion", basis="test", **at)
    with clock.simulated(start) as simulation:
        tasks.run_round("w", {})
        assert kinds() == [], "it may be a passing trouble"
        simulation.move_to(start + timedelta(minutes=6))
        tasks.run_round("w", {})
        assert kinds() == [Kind.LOOKS_FAIL]
        broken.clear()
        simulation.move_to(start + timedelta(minutes=20))
        tasks.run_round("w", {})
        assert kinds() == []


def test_a_jump_of_the_clock_is_told_until_it_is_back() -> None:
    watch, memory, real = steady.Watch(), dict[str, float](), clock.now()
    with clock.simulated(real) as simulation:
        tasks.run_round("w", memory, None, watch)
        simulation.move_to(real + timedelta(days=3))
        memory.pop("beat")
        tasks.run_round("w", memory, None, watch)
        assert kinds() == [Kind.CLOCK_JUMPED]
        simulation.move_to(real + timedelta(seconds=10))
        memory.pop("beat")
        tasks.run_round("w", memory, None, watch)
        assert kinds() == []


def test_an_alarm_is_counted_shown_for_its_time_and_cleared_away() -> None:
    tasks.run_round("w", {})
    for _ in range(2):
        alarm(Kind.PHONES_TRIED, "an account")
    alarm(Kind.PHONES_TRIED, "another")
    found = {(one.about, one.count) for one in alarms()}
    assert found == {("an account", 2), ("another", 1)}
    settle(Kind.PHONES_TRIED, "another")
    assert [one.about for one in alarms()] == ["an account"]
    with clock.simulated(clock.now() + steady.LASTS):
        assert Kind.PHONES_TRIED not in kinds()
        assert steady.prune(clock.now()) == 1


def test_asking_costs_one_statement_and_asking_again_none() -> None:
    tasks.run_round("w", {})
    alarm(Kind.CODES_GUESSED)
    steady.forget()
    with CaptureQueriesContext(connection) as asked:
        assert [one.kind for one in alarms()] == [Kind.CODES_GUESSED]
        assert alarms()[0].text
    assert len(asked) == 1
