"""Who is away in a simulated year, and what is done meanwhile: by the deputy, in their place, where the rules let them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

from shuoshi.demo.play import Play
from shuoshi.demo.town import HANDLES, Town
from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import terms
from shuoshi.matters.models import Matter
from shuoshi.organization import actions as organization
from shuoshi.organization import actors, deputies
from shuoshi.organization.absence import AwayBecause

EACH_WEEK = 4  # people who go away
LONGEST = 9  # days
WITHOUT = 0.25  # of absences nobody was named for: whoever heads the unit acts


class Absences:
    """Every Monday some of those who handle and head say that they are away, with a colleague in their place or nobody."""

    title, number = "请假", -3000

    def __init__(self, town: Town, begins: date, ends: date, dice: Random, log: Counter[str]) -> None:
        self._town, self._ends, self._dice, self._log = town, ends, dice, log
        self.start = datetime.combine(begins, datetime.min.time(), clock.INSTITUTION_ZONE) + timedelta(hours=8)

    def script(self) -> Iterator[datetime]:
        week = self.start
        while week.date() <= self._ends:
            for _each in range(EACH_WEEK):
                self._goes_away()
            week += timedelta(days=7)
            yield week

    def _goes_away(self) -> None:
        units = sorted({unit for unit, role in self._town.holders if role in HANDLES})
        unit = self._dice.choice(units)
        people = sorted({*self._town.handlers(unit), *self._town.holders[unit, "department_head"]})
        who = self._dice.choice(people)
        others = [key for key in people if key != who]
        deputy = self._dice.choice(others) if others and self._dice.random() > WITHOUT else None
        begin = clock.now() + timedelta(days=self._dice.randrange(0, 5), hours=self._dice.randrange(0, 9))
        end = begin + timedelta(days=self._dice.randrange(1, LONGEST), hours=self._dice.randrange(0, 9))
        try:
            organization.enter_absence(
                self._town.persons[who],
                self._town.persons[deputy] if deputy else None,
                begin,
                end,
                AwayBecause.LEAVE,
                actor=self._town.actor(who),
            )
        except Refused as refused:  # two who would stand in for one another, somebody who left
            self._log[f"absence_refused_{refused.code}"] += 1
        else:
            self._log["absences"] += 1


class Lived(Play):
    """A matter as in the demo; of whoever is away the deputy does it; who may not, leaves it to them, and they do it when asked to."""

    def act(self, who: str | Actor, *several: terms.Terms) -> None:
        deputy = self._in_place_of(who) if isinstance(who, str) else None
        if deputy is not None:
            try:
                super().act(deputy, *several)
            except (Refused, Matter.DoesNotExist):  # somebody kept from it does not even know of it
                self.stage.log["left_by_deputies"] += 1
            else:
                self.stage.log["done_by_deputies"] += 1
                return
        super().act(who, *several)

    def _in_place_of(self, who: str) -> Actor | None:
        away = deputies.covers(clock.now())
        person = self.town.persons[who]
        acts = away.acting_for(person)
        if acts is None or acts == person:
            return None
        key = next(key for key, pk in self.town.persons.items() if pk == acts)
        return actors.of(self.town.accounts[key])
