"""Lives through the year: everybody's scripts under one simulated clock, every step in a transaction of its own."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count, Q
from django.utils import translation

from shuoshi.demo.acting import Moments, Stage
from shuoshi.demo.build import FOUNDED_BEFORE, collecting_rarely
from shuoshi.demo.crowd import Crowd as Together
from shuoshi.demo.emergencies import FIRST, SECOND, Drill
from shuoshi.demo.knowledge import fill
from shuoshi.demo.posts import Succession
from shuoshi.demo.queue import Built, Progress, Queue, Script
from shuoshi.demo.simulating import promises, told
from shuoshi.demo.simulating.away import Absences, Lived
from shuoshi.demo.simulating.crowd import Crowd, heard
from shuoshi.demo.simulating.worker import Worker
from shuoshi.demo.telling import Telling
from shuoshi.demo.timetable import Timetable
from shuoshi.demo.town import Town, build_town, content
from shuoshi.kernel import calendars, clock
from shuoshi.kernel.events import Event
from shuoshi.kernel.verify import verify
from shuoshi.matters.models import Emergency, Matter, Rating, Round
from shuoshi.matters.vocabulary import OPEN, RoundBecause, Status
from shuoshi.notices.ways.file import NAME as SENT
from shuoshi.organization import actions as organization
from shuoshi.organization.profile import current
from shuoshi.people import passwords

BEGINS = date(2025, 7, 1)  # a year whose calendar is known, with a turn of the year and the long holidays in it
LASTS = timedelta(days=365)
MANY_TOGETHER = 500  # matters for one of a group
NOTHING_NEW = timedelta(days=20)  # before the end, so that most comes to its own


class Year(Queue):
    """The scripts of the demo, with a worker that can die."""

    def __init__(self, simulation: clock.Simulation, end: datetime, progress: Progress, worker: Worker) -> None:
        super().__init__(simulation, end, progress)
        self._worker = worker

    def _sweep(self, due: datetime) -> int:
        return self._worker.sweep(due)

    def _step(self, script: Moments, play: Script, number: int, at: datetime) -> None:
        super()._step(script, play, number, at)
        self._worker.meanwhile(at)


class Calls(Telling):
    """The registry calls whom nobody else tells, twice a day; text messages leave by the worker."""

    def script(self) -> Iterator[datetime]:
        self._open_gateway()
        for at in self._moments:
            yield at
            self._call()


class Rosters:
    """Who is on duty by day and by night, written a week ahead."""

    title, number = "值班表", -2000

    def __init__(self, town: Town, begins: date, ends: date) -> None:
        self._town, self._ends = town, ends
        self.start = datetime.combine(begins, datetime.min.time(), clock.INSTITUTION_ZONE)

    def script(self) -> Iterator[datetime]:
        week = self.start
        while week.date() <= self._ends:
            for half in range(14):
                starts = week + timedelta(hours=8.5 + 12 * half)
                organization.put_on_duty(
                    self._town.units["town"].pk,
                    self._town.persons[(FIRST, SECOND)[half % 2]],
                    starts,
                    starts + timedelta(hours=12),
                    actor=self._town.actor("jiangbo"),
                )
            week += timedelta(days=7)
            yield week - timedelta(hours=9)


def simulate(matters: int, seed: int, progress: Progress, begins: date = BEGINS) -> dict[str, Any]:
    """Live through a year in an empty database; figures by name. The same seed, the same year.

    `clocks_late`, `warnings_missed`, `dates_wrong`, `callbacks_missed`, `escalations_missed`, `notices_lost`,
    `notices_doubled` and `history_breaks` are promises of the system: 0 where all were kept.
    """
    began = time.monotonic()
    end = datetime.combine(begins + LASTS, datetime.min.time(), clock.INSTITUTION_ZONE)
    with (
        translation.override("zh-hans"),
        collecting_rarely(),
        clock.simulated(end - LASTS - FOUNDED_BEFORE) as simulation,
    ):
        built, worker, log = _live(matters, Random(f"simulate:{seed}"), simulation, end, progress)  # noqa: S311 (dice for a story, no secret)
        simulation.move_to(end)
        lived = time.monotonic() - began
        figures = _figures(end, progress)
    return {
        "matters": built.matters,
        "seed": seed,
        "begins": begins.isoformat(),
        "ends": end.date().isoformat(),
        **figures,
        "acts": built.acts,
        "looks": worker.looks,
        "worker_killed": worker.killed,
        **{name: log[name] for name in ("absences", "done_by_deputies", "left_by_deputies")},
        "scripts_refused": len(built.refused),
        "refused_because": dict(Counter(_because(one) for one in built.refused).most_common()),
        "seconds_lived": round(lived),
        "seconds_counted": round(time.monotonic() - began - lived),
    }


def _live(
    matters: int, dice: Random, simulation: clock.Simulation, end: datetime, progress: Progress
) -> tuple[Built, Worker, Counter[str]]:
    town = build_town(passwords.made_up())
    times = Timetable(calendars.load(), dice)
    days = _working_days(end.date() - LASTS, end.date())
    shelf = fill(town, days[-1])
    stage = Stage(town, times, dice, Crowd(dice), current(), end.date() + LASTS, shelf)
    worker = Worker(simulation, dice)
    year = Year(simulation, end, progress, worker)
    year.put(Rosters(town, end.date() - LASTS, end.date()))
    year.put(Absences(town, end.date() - LASTS, end.date(), dice, stage.log))
    year.put(Calls(town, days, dice))
    year.put(Drill(stage, days, 901))
    for number, given in enumerate(content()["came"], start=1):
        year.put(Succession(stage, given, days, number))
    new = [day for day in days if day < (end - NOTHING_NEW).date()]
    for number in range(max(1, matters // MANY_TOGETHER)):
        year.put(Together(stage, days[: 40 + dice.randrange(len(new) - 40)], 5000 + number, dice, lately=False))
    for number, (voice, start) in enumerate(heard(matters, new, times, dice), start=1):
        year.put(Lived(voice, start, stage, number))
    built = year.run()
    worker.carry(end)  # of the looks since the last script
    return built, worker, stage.log


def _working_days(first: date, last: date) -> list[date]:
    calendar = calendars.load()
    days = ((first + timedelta(days=ahead)) for ahead in range((last - first).days))
    return [day for day in days if calendar.is_working_day(day)]


def _figures(end: datetime, progress: Progress) -> dict[str, Any]:
    """Promises first, then what the year was like."""
    progress("promises", 0, 3)
    kept = asdict(promises.kept(end))
    progress("promises", 1, 3)
    heard_of = asdict(told.told(end, Path(settings.HOME) / SENT))
    progress("promises", 2, 3)
    breaks = [f"{one.where} {one.column}: {one.what}" for one in verify()]
    progress("promises", 3, 3)
    examples = [*kept.pop("examples"), *heard_of.pop("examples"), *breaks[:20]]
    return {**kept, **heard_of, "history_breaks": len(breaks), "examples": examples, **_what_it_was_like()}


def _what_it_was_like() -> dict[str, Any]:
    real = Matter.objects.filter(drill=False, part_of__isnull=True)
    by_status = real.order_by().values_list("status").annotate(count=Count("pk"))
    night = Q(duty_since__isnull=False) | Q(emergency_files__isnull=False)
    return {
        "events": Event.objects.count(),
        "by_status": dict(by_status),
        "still_open": real.filter(status__in=OPEN).count(),
        "closed": real.filter(status=Status.CLOSED).count(),
        "reworked": Round.objects.filter(because=RoundBecause.REWORK).values("matter").distinct().count(),
        "ratings": Rating.objects.count(),
        "emergencies": real.filter(night).distinct().count(),
        "emergency_files": Emergency.objects.count(),
        "database": connection.vendor,
    }


def _because(refused: str) -> str:
    """The code of a refusal, or the kind of a failure, without the title of the matter."""
    return refused.rpartition(": ")[2].removeprefix("Refused(").partition(",")[0].strip("'() ")
