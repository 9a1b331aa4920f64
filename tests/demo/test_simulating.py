"""4.1-4.4, a year under the simulated clock: nothing the system promised is missed, and the counts would show it if it were."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from django.conf import settings
from django.db import connection

from shuoshi.config.simulating_cli import PROMISES
from shuoshi.demo.simulating import promises, told, year
from shuoshi.demo.simulating.crowd import Crowd, heard
from shuoshi.demo.simulating.worker import Killed, Worker
from shuoshi.demo.timetable import Timetable
from shuoshi.kernel import calendars, clock, clocks
from shuoshi.kernel.calendar import OfficeHours
from shuoshi.kernel.events import Event
from shuoshi.kernel.outbox import Notice
from shuoshi.matters import terms
from shuoshi.matters.models import Deadline, Matter
from shuoshi.matters.vocabulary import Kind, Status, TellBy
from shuoshi.notices import carrying
from shuoshi.notices.models import Message
from tests.support.village import Place, build_town

BEGIN = datetime(2026, 3, 2, 9, 0, tzinfo=clock.INSTITUTION_ZONE)


@pytest.fixture
def simulation() -> Iterator[clock.Simulation]:
    with clock.simulated(BEGIN) as simulation:
        yield simulation


@pytest.fixture
def town(db: None, simulation: clock.Simulation) -> Place:
    return build_town()


def _looked_after(simulation: clock.Simulation, end: datetime, late: timedelta = timedelta()) -> None:
    """The sweeper comes when a clock asks for it, or some time later."""
    while True:
        due = Deadline.objects.filter(next_look_at__isnull=False).order_by("next_look_at").first()
        if due is None or due.next_look_at is None or due.next_look_at + late > end:
            break
        simulation.move_to(due.next_look_at + late)
        clocks.sweep(clock.now())
    simulation.move_to(end)


@pytest.mark.slow
@pytest.mark.django_db
def test_no_promise_is_missed_in_a_year(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(settings, "HOME", tmp_path)
    figures = year.simulate(120, seed=5, progress=lambda *said: None)
    assert {promise: figures[promise] for promise in PROMISES} == dict.fromkeys(PROMISES, 0), figures["examples"]
    assert figures["matters"] >= 120
    assert figures["worker_killed"] > 0 and figures["emergencies"] > 0 and figures["reworked"] > 0
    assert figures["warnings"] > 50 and figures["messages"] > 100
    # a head who handled in somebody's place does not sign it: that script ends, as such a day would
    assert set(figures["refused_because"]) <= {"signed_by_another_unless_short"}


@pytest.mark.django_db
def test_the_same_seed_is_the_same_year():
    def told_of(seed: int) -> list[tuple[str, datetime]]:
        dice = Random(seed)
        times = Timetable(calendars.load(), dice)
        return [(voice.title, at) for voice, at in heard(30, [date(2026, 3, 2), date(2026, 3, 3)], times, dice)]

    assert told_of(7) == told_of(7)
    assert told_of(7) != told_of(8)


def test_a_crowd_never_shares_a_number():
    crowd = Crowd(Random(3))
    people = {id(one): one for one in (crowd.somebody("柳湾村", known=False) for _each in range(12_000))}
    assert len({one.phone for one in people.values()}) == 12_000


def test_a_worker_that_looks_in_time_keeps_every_promise(town: Place, simulation: clock.Simulation):
    town.raise_matter()
    _looked_after(simulation, BEGIN + timedelta(days=20))
    kept = promises.kept(clock.now())
    assert kept.warnings > 0
    assert (kept.clocks_late, kept.warnings_missed, kept.dates_wrong) == (0, 0, 0), kept.examples


def test_a_look_that_comes_late_is_counted(town: Place, simulation: clock.Simulation):
    town.raise_matter()
    _looked_after(simulation, BEGIN + timedelta(days=20), late=timedelta(minutes=7))
    kept = promises.kept(clock.now())
    assert kept.clocks_late > 0 and kept.warnings_missed > 0


def test_a_look_that_never_comes_is_counted(town: Place, simulation: clock.Simulation):
    town.raise_matter()
    simulation.move_to(BEGIN + timedelta(days=20))
    assert promises.kept(clock.now()).clocks_late > 0


def test_a_date_that_was_counted_otherwise_is_counted(
    town: Place, simulation: clock.Simulation, monkeypatch: pytest.MonkeyPatch
):
    town.raise_matter()
    assert promises.kept(clock.now()).dates_wrong == 0
    monkeypatch.setattr(promises, "HOURS", OfficeHours.parse("08:00-11:00"))
    assert promises.kept(clock.now()).dates_wrong > 0


def test_an_answer_nobody_asks_about_and_a_tier_that_is_not_told_are_counted(
    town: Place, simulation: clock.Simulation, monkeypatch: pytest.MonkeyPatch
):
    matter = town.follow_up(town.matter_in(Status.IN_FOLLOW_UP), 1)
    found = promises.kept(clock.now() + timedelta(minutes=5))
    assert matter.status == Status.ASSIGNED and (found.callbacks_missed, found.escalations_missed) == (0, 0)
    monkeypatch.setattr(promises, "_CALLED_BACK", frozenset())  # as if no clock had been started
    monkeypatch.setattr(promises, "DISSATISFIED", 1)  # as if the first rework were the tier's last
    found = promises.kept(clock.now() + timedelta(minutes=5))
    assert (found.callbacks_missed, found.escalations_missed) == (1, 1), found.examples


def test_a_notice_that_is_gone_and_one_that_comes_twice_are_counted(
    town: Place, simulation: clock.Simulation, tmp_path: Path
):
    matter = town.raise_matter("王芳", tell_by=TellBy.CALL)
    town.run("王芳", terms.Accept(kind=Kind.INTEREST_CLAIM, title="路灯不亮"), matter)
    while carrying.carry(clock.now()):
        pass
    sent = tmp_path / "sent.txt"
    assert told.told(clock.now(), sent).notices_lost == 0, told.told(clock.now(), sent).examples
    heard = Notice.objects.filter(channel="speaker", kind="accepted").get()
    Message.objects.filter(occasion=heard.event_id).update(way="sms")
    token = Message.objects.get(occasion=heard.event_id).token
    sent.write_text(f"x https://a/n/{token}\nx https://a/n/{token}\n", "utf-8")
    assert told.told(clock.now(), sent).notices_doubled == 1
    Message.objects.filter(occasion=heard.event_id).delete()
    assert told.told(clock.now(), sent).notices_lost == 1
    heard.delete()
    assert told.told(clock.now(), sent).notices_lost == 1, "the step itself asks for it"


def test_a_worker_that_is_killed_leaves_what_it_had_not_committed(
    town: Place, simulation: clock.Simulation, monkeypatch
):  # type: ignore[no-untyped-def]
    town.raise_matter()
    due = Deadline.objects.order_by("next_look_at").first()
    assert due is not None and due.next_look_at is not None
    simulation.move_to(due.next_look_at)
    monkeypatch.setattr("shuoshi.demo.simulating.worker.KILLED", 0.8)
    monkeypatch.setattr("shuoshi.demo.simulating.worker.STATEMENTS", 12)
    worker = Worker(simulation, Random(1))
    assert worker.sweep(due.next_look_at) == 1
    assert worker.killed > 0
    assert Event.objects.filter(action="clock_warned").count() == 1
    with pytest.raises(Killed), connection.execute_wrapper(_dies):
        Matter.objects.exists()


def _dies(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
    raise Killed


@pytest.mark.slow
def test_the_command_touches_nothing_of_ones_own(tmp_path: Path):
    import os
    import subprocess
    import sys

    file = tmp_path / "year.json"
    environ = os.environ | {"SHUOSHI_HOME": str(tmp_path / "mine"), "DATABASE_URL": ""}
    del environ["DJANGO_SETTINGS_MODULE"]  # those of the tests
    command = [sys.executable, "-m", "shuoshi", "simulate", "--matters", "3", "--json", str(file)]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-800:]
    assert json.loads(file.read_text("utf-8"))["history_breaks"] == 0
    assert not (tmp_path / "mine").exists()
