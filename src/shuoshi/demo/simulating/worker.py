"""The worker of a simulated year: it looks at clocks in their minute, carries and sends notices, and dies now and then.

It dies as a process does that is killed: at some statement, with whatever it had not committed. Another one begins in its
place some seconds later, which is what every installation sees to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.db import connection

from shuoshi.kernel import clock, clocks
from shuoshi.matters.actions import rearrange, recount
from shuoshi.notices import carrying, delivering, digest

KILLED = 0.01  # of rounds
STATEMENTS = 60  # it dies at one of so many, where the round has as many
AGAIN_AFTER = timedelta(seconds=10)
CARRIED_EVERY = timedelta(minutes=5)  # of simulated time; a real worker does it every other second
HOUR = timedelta(hours=1)


class Killed(BaseException):
    """The process is gone. Nothing of ours catches it, as nothing catches SIGKILL."""


class Worker:
    """`looks` and `killed` count what it did and how often it died."""

    def __init__(self, simulation: clock.Simulation, dice: Random) -> None:
        self._simulation, self._dice = simulation, dice
        self._carried = self._hourly = simulation.at
        self.looks = self.killed = 0

    def sweep(self, due: datetime) -> int:
        """Look at the clocks of this moment."""
        looked = self._done(clocks.sweep)
        self.looks += looked
        return looked

    def meanwhile(self, at: datetime) -> None:
        """Everything else it does, as often as simulated time has passed."""
        if at - self._carried < CARRIED_EVERY:
            return
        self.carry(at)
        if at - self._hourly >= HOUR:
            self._hourly = at
            for work in (digest.put_together, recount, rearrange):
                self._done(work)

    def carry(self, at: datetime) -> None:
        """Notices on their way, and messages out."""
        self._carried = at
        for work in (_carry_all, _send_all, delivering.give_back):
            self._done(work)

    def _done(self, work: Callable[[datetime], int]) -> int:
        """Do it, by however many workers that takes."""
        while True:
            try:
                with self._mortal():
                    return work(clock.now())
            except Killed:
                self.killed += 1
                self._simulation.move_to(clock.now() + AGAIN_AFTER)

    @contextmanager
    def _mortal(self) -> Iterator[None]:
        if self._dice.random() >= KILLED:
            yield
            return
        left = self._dice.randrange(1, STATEMENTS)

        def kill(execute: Callable[..., Any], *given: Any) -> Any:
            nonlocal left
            left -= 1
            if left == 0:
                raise Killed
            return execute(*given)

        with connection.execute_wrapper(kill):
            yield


def _carry_all(now: datetime) -> int:
    done = 0
    while carried := carrying.carry(now):
        done += carried
    return done


def _send_all(now: datetime) -> int:
    done = 0
    while sent := delivering.deliver(now):
        done += sent
    return done
