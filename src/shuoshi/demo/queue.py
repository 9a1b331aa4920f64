"""Runs the scripts of the demo in the order of their moments, the clocks being looked at when their time comes."""

from __future__ import annotations

import heapq
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from django.db import connection, transaction

from shuoshi.demo.acting import NobodyLeftError
from shuoshi.demo.crowd import Crowd
from shuoshi.demo.divided import Divided
from shuoshi.demo.emergencies import Drill
from shuoshi.demo.play import Moments, Play
from shuoshi.kernel import clock, clocks
from shuoshi.kernel.refusal import Refused
from shuoshi.matters.models import Deadline, Matter

Progress = Callable[[str, int, int], object]
_log = logging.getLogger("shuoshi.demo")


class Script(Protocol):
    """What happens by and by: a matter, or something beside the matters. The earlier number goes first in a moment."""

    start: datetime
    number: int
    title: str

    def script(self) -> Moments:
        """Acts at the moment it last named, then names the next."""
        ...


@dataclass
class Built:
    """What came of it. `refused` names scripts that the procedure stopped: none, unless a rule and a script disagree."""

    matters: int = 0
    acts: int = 0
    looks: int = 0
    refused: list[str] = field(default_factory=list)


def _matters(play: Script) -> int:
    """How many a script registers by itself; who says the same as a voice is counted where it turned out so."""
    return play.matters if isinstance(play, Crowd | Divided) else int(isinstance(play, Play | Drill))


class Queue:
    """Runs all scripts in the order of their moments; between them the clocks are looked at when their time comes."""

    def __init__(self, simulation: clock.Simulation, end: datetime, progress: Progress) -> None:
        self._simulation, self._end, self._progress = simulation, end, progress
        self._waiting: list[tuple[datetime, int, Iterator[datetime], Script]] = []
        self._built = Built()
        asked = Deadline.objects.filter(retry_at__isnull=True, next_look_at__isnull=False).order_by("next_look_at")
        self._next_look_sql = asked.values_list("next_look_at")[:1].query.sql_with_params()

    def put(self, play: Script) -> None:
        heapq.heappush(self._waiting, (play.start, play.number, play.script(), play))

    def run(self) -> Built:
        total = sum(_matters(play) for *_when, play in self._waiting)
        started: dict[int, Script] = {}
        while self._waiting:
            at, number, script, play = heapq.heappop(self._waiting)
            if at > self._end:
                break
            self._look_until(at)
            self._simulation.move_to(at)
            self._step(script, play, number, at)
            if _matters(play):
                started[number] = play
                self._progress("matters", sum(map(_matters, started.values())), total)
        self._look_until(self._end)
        twins = sum(isinstance(play, Play) and play.twin is not None for play in started.values())
        self._built.matters = sum(map(_matters, started.values())) + twins
        return self._built

    def _step(self, script: Moments, play: Script, number: int, at: datetime) -> None:
        try:
            with transaction.atomic():
                following = next(script, None)
        except (Refused, Matter.DoesNotExist, NobodyLeftError) as refused:
            self._built.refused.append(f"{play.title}: {refused!r}")
            _log.warning("a script of the demo was refused: %s: %s", play.title, refused)
            return
        self._built.acts += 1
        if following is not None:
            heapq.heappush(self._waiting, (max(following, at), number, script, play))

    def _look_until(self, at: datetime) -> None:
        """Let the sweeper look at each clock in the very minute it asks for."""
        while True:
            due = self._next_look()
            if due is None or due > at:
                return
            self._simulation.move_to(due)
            looked = self._sweep(due)
            self._built.looks += looked
            if not looked:
                return

    def _sweep(self, due: datetime) -> int:
        """The worker's look at the clocks; how many it looked at."""
        return clocks.sweep(due)

    def _next_look(self) -> datetime | None:
        """When the next clock wants to be looked at. Asked some thousand times, so its SQL is made only once."""
        with connection.cursor() as cursor:
            cursor.execute(*self._next_look_sql)
            row: tuple[datetime] | None = cursor.fetchone()
        return row and (row[0] if row[0].tzinfo else row[0].replace(tzinfo=UTC))  # SQLite keeps UTC without its name
