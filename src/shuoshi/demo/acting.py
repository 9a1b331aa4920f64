"""Acting as the people of the town: what every script of the demo can do and ask, whatever it is about."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from shuoshi.demo.knowledge import Shelf
from shuoshi.demo.residents import Resident, Residents
from shuoshi.demo.stories import Voice
from shuoshi.demo.timetable import Timetable
from shuoshi.demo.town import Town
from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor, ActorKind
from shuoshi.matters import actions, terms
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import (
    EMERGENCIES,
    Kind,
    Status,
)
from shuoshi.organization.profile import Profile

Moments = Iterator[datetime]
SLIPS_LIE = 4  # days
ONLINE = Actor(ActorKind.SPEAKER)


class NobodyLeftError(Exception):
    """A script has nobody who may go on: all stepped back, or answered it before. The matter lies, as it would in life."""


@dataclass
class Stage:
    """What all scripts share."""

    town: Town
    times: Timetable
    dice: Random
    residents: Residents
    profile: Profile
    last_day: date  # the last working day before the demo is looked at
    shelf: Shelf
    log: Counter[str] = field(default_factory=Counter)  # what a year counts beside its matters


class Acting:
    """The ground of a script: its voice, its dice, its matter. `at` is the moment it acts at, set by whoever runs it."""

    def __init__(self, voice: Voice, start: datetime, stage: Stage, number: int) -> None:
        self.voice, self.start, self.stage, self.number = voice, start, stage, number
        self.dice, self.times, self.town = stage.dice, stage.times, stage.town
        self.matter_id: UUID | None = None
        self.resident: Resident | None = None
        self.unit = self._handler = ""
        self.answered: set[str] = set()  # who may not answer it again
        self.apart: set[str] = set()  # who stepped back from this matter
        self.found = self.done = ""
        self.again = False
        self.turned = False  # a leader wanted it answered otherwise
        enquiry = voice.family.category[0] == "A" and not voice.takes("late")
        self.title = voice.title
        self.pace = 0.4 if enquiry and self.dice.random() < 0.93 else 1.0  # who only asks is answered soon

    # ── acting ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def act(self, who: str | Actor, *several: terms.Terms) -> None:
        actor = self.town.actor(who) if isinstance(who, str) else who
        assert self.matter_id is not None
        if who in self.town.successors.values() and who == self.handler:
            self._take_over(*several)
        actions.run_all(self.matter_id, list(several), actor=actor)

    @property
    def handler(self) -> str:
        """Who handles it; the successor, once somebody left the post."""
        return self.town.successors.get(self._handler, self._handler)

    @handler.setter
    def handler(self, key: str) -> None:
        self._handler = key

    def _take_over(self, *several: terms.Terms) -> None:
        """A successor signs for what lay with the one before, and for what comes back since."""
        if self.status == Status.ASSIGNED and not isinstance(several[0], terms.SignFor):
            self.act(self.handler, terms.SignFor(handler=self.town.persons[self.handler]))

    @property
    def speaker(self) -> Actor:
        return Actor(ActorKind.SPEAKER, matter_id=self.matter_id)

    @property
    def matter(self) -> Matter:
        """As it stands now; ask `status` where that is all one wants to know."""
        assert self.matter_id is not None
        return Matter.objects.get(pk=self.matter_id)

    @property
    def status(self) -> str:
        return str(self.column("status"))

    def column(self, name: str) -> Any:
        """One column of the matter as it stands now: a script asks thousands of times, and a row has sixty."""
        assert self.matter_id is not None
        return Matter.objects.values_list(name, flat=True).get(pk=self.matter_id)

    @property
    def now(self) -> datetime:
        return clock.local(clock.now())

    def soon(self, least: float, most: float) -> datetime:
        return self.times.soon(self.now, least * self.pace, most * self.pace)

    def lately(self) -> datetime:
        """An hour of the last afternoon: what was asked then waits for its ruling today."""
        return self.times.at_hour(self.stage.last_day, 14, 17.4)

    def minutes(self, least: float, most: float) -> datetime:
        """Minutes by day and night, where something is urgent."""
        return self.now + timedelta(minutes=self.dice.uniform(least, most))

    def chance(self, share: float) -> bool:
        return self.dice.random() < share

    def takes(self, path: str) -> bool:
        return self.voice.takes(path)

    @property
    def urgent(self) -> bool:
        return self.voice.urgency in EMERGENCIES and not self.voice.suspected  # those were looked into before

    @property
    def kind(self) -> Kind:
        known = {"PRAISE": Kind.PRAISE, "OTHER": Kind.OTHER, "INVALID": Kind.INVALID, "SCREENED": Kind.OTHER}
        category = self.voice.family.category
        return known[category] if category in known else Kind(self.stage.profile.kind_of(category).code)

    def _registrar(self) -> str:
        """Whoever is at the registry's desk; the county's, where the registry itself is complained about."""
        free = [key for key in ("wangfang", "wangfang", "heping", "wangqiang") if not self._kept_from(key)]
        return self.dice.choice(free[:3]) if free else "laizhi"

    def _kept_from(self, key: str) -> bool:
        """Whether the matter concerns this person, or the unit of one of their posts, or they stepped back from it."""
        units = {unit for unit, people in self._posts() if key in people}
        return key in self.apart or key in self.voice.about or bool(units & set(self.voice.about))

    def _posts(self) -> list[tuple[str, list[str]]]:
        return [(unit, people) for (unit, _role), people in self.town.holders.items()]

    @property
    def above(self) -> bool:
        """Whether it lies with the county, because nobody of the town may touch it."""
        return bool({"registry", "town"} & set(self.voice.about))

    def first_free(self, *keys: str) -> str:
        """The first of these people whom the matter does not concern."""
        return self.some(key for key in keys if not self._kept_from(key))[0]

    def some(self, people: Iterable[str]) -> list[str]:
        """These people, one at least. Raises NobodyLeftError."""
        found = list(people)
        if not found:
            raise NobodyLeftError
        return found

    def _hand_over(self) -> Moments:
        """The printed slip: handed over within the day; of the last days' some still lie on the list."""
        lately = (self.stage.last_day - self.now.date()).days < SLIPS_LIE
        if lately and self.chance(0.4):
            return
        if self.column("staff_entered") and self.column("receipt_handed_over_at") is None:
            yield self.soon(5, 300)
            whom = ("本人当面签收", "网格员送到家，本人签收", "本人手机收到，念了编号核对", "家里人代收，已签字")
            self.act(self._registrar(), terms.HandOverReceipt(to_whom=self.dice.choice(whom)))
