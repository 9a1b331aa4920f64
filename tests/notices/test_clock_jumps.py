"""Drill 10, outgoing: while the clock cannot be believed nothing leaves, and afterwards everything does once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shuoshi.kernel import clock, tasks
from shuoshi.kernel.steady import Watch
from shuoshi.matters.vocabulary import TellBy
from shuoshi.notices import carrying, delivering
from shuoshi.notices.models import Message, State, Way
from tests.notices.told import MORNING, Kept, gateway
from tests.support.village import Place, build_town

pytestmark = pytest.mark.drill(10)


@pytest.mark.parametrize("jump", [timedelta(days=3), timedelta(days=-1)])
def test_nothing_leaves_after_a_jump_and_everything_once_when_it_is_over(
    db: None, sms: Kept, monkeypatch: pytest.MonkeyPatch, jump: timedelta
):
    with clock.simulated(MORNING) as simulation:
        town: Place = build_town()
        gateway(Way.SMS)
        monkeypatch.setattr("shuoshi.kernel.steady._ticks", lambda: 0.0)
        jobs = {
            "carry": (timedelta(), carrying.carry),
            "deliver": (timedelta(), delivering.deliver),
            "give back": (timedelta(), delivering.give_back),
        }
        monkeypatch.setattr(tasks, "_jobs", jobs)
        watch = Watch()
        last: dict[str, float] = {}
        tasks.run_round("w", last, watch=watch)
        town.raise_matter(by="王芳", tell_by=TellBy.SMS)
        simulation.move_to(MORNING + jump)
        for _ in range(3):
            tasks.run_round("w", last, watch=watch)
        assert not sms.sent and not Message.objects.exists()
        simulation.move_to(MORNING)
        for _ in range(3):
            tasks.run_round("w", last, watch=watch)
        assert len(sms.sent) == 1 and Message.objects.get(way=Way.SMS).state == State.SENT
