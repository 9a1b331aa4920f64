"""Drill 10: the server's clock jumps three days ahead and a day back: nothing is overdue at once, order stays."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from shuoshi.kernel import clock, tasks
from shuoshi.kernel.events import Event
from shuoshi.kernel.steady import TOLERANCE, Watch
from shuoshi.kernel.verify import verify
from shuoshi.matters import terms
from shuoshi.matters.models import Deadline
from shuoshi.matters.vocabulary import Status
from tests.support.village import Place

pytestmark = [pytest.mark.django_db, pytest.mark.drill(10)]


def overdue() -> int:
    return Event.objects.filter(action__in=["clock_overdue", "clock_warned"]).count()


@pytest.mark.parametrize("jump", [timedelta(days=3), timedelta(days=-1)])
def test_a_jump_makes_nothing_overdue_and_the_worker_recovers_by_itself(town: Place, jump: timedelta):
    for _ in range(5):
        town.matter_in(Status.IN_HANDLING)
    real, watch = clock.now(), Watch()
    last_run: dict[str, float] = {}
    stop = threading.Event()
    with clock.simulated(real) as simulation:
        tasks.run_round("drill", last_run, stop, watch)
        simulation.move_to(real + jump)
        tasks.run_round("drill", last_run, stop, watch)
        assert overdue() == 0
        simulation.move_to(real + timedelta(seconds=30))
        assert watch.steady(clock.now())
        tasks.run_round("drill", last_run, stop, watch)
        assert overdue() == 0


def test_without_the_watch_the_same_jump_would_have_told_everybody(town: Place):
    town.matter_in(Status.IN_HANDLING)
    with clock.simulated(clock.now() + timedelta(days=20)):
        tasks.run_round("drill", {})
    assert overdue() > 0


def test_time_that_passes_for_both_clocks_is_no_jump():
    watch, now = Watch(), clock.now()
    assert watch.steady(now, 0.0)
    assert watch.steady(now + timedelta(days=3), timedelta(days=3).total_seconds())
    assert watch.steady(now + timedelta(days=3) + TOLERANCE / 2, timedelta(days=3).total_seconds())
    assert not watch.steady(now + timedelta(days=2), timedelta(days=3).total_seconds() + 60)


def test_events_keep_their_order_when_the_clock_is_set_back(town: Place):
    matter = town.matter_in(Status.IN_HANDLING)
    with clock.simulated(clock.now() - timedelta(days=1)):
        town.run("孙丽", terms.Note(text="昨天的钟"), matter)
    recorded = list(
        Event.objects.filter(stream_id=str(matter.pk)).order_by("sequence").values_list("recorded_at", flat=True)
    )
    assert recorded == sorted(recorded)
    assert not Deadline.objects.filter(matter=matter, outcome="MISSED").exists()
    assert list(verify()) == []
