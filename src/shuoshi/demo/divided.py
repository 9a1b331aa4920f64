"""One resident with three wishes for three units in the demo: divided, answered together, and handled once more in one point."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from enum import Enum, auto
from random import Random
from uuid import UUID

from shuoshi.demo import words
from shuoshi.demo.acting import ONLINE, Stage
from shuoshi.demo.pictures import drawn
from shuoshi.demo.residents import name
from shuoshi.demo.timetable import DAY, Timetable
from shuoshi.kernel import calendars, clock
from shuoshi.kernel.actors import Actor, ActorKind
from shuoshi.matters import actions, terms
from shuoshi.matters.intake import Intake, PersonSaid
from shuoshi.matters.models import Matter
from shuoshi.matters.terms import Terms
from shuoshi.matters.vocabulary import (
    Channel,
    Complexity,
    Kind,
    Naming,
    Outcome,
    Satisfaction,
    Solved,
    TellBy,
    Way,
)

ACCEPTS, DIVIDES = "heping", "tangjing"
UNITS = ("construction", "water", "environment")  # a wish each, in their order


class Ends(Enum):
    """How the story goes: to the end with one point done twice, taken back half-way, or still in hand."""

    CONTENT = auto()
    WITHDRAWN = auto()
    IN_HAND = auto()


_BACK = {Ends.CONTENT: 30, Ends.WITHDRAWN: 22, Ends.IN_HAND: 4}  # working days


class Divided:
    """Lamps, a ditch and a dump at the entrance of one village."""

    title = "分项交办"

    def __init__(self, stage: Stage, days: list[date], number: int, dice: Random, ends: Ends) -> None:
        self._town, self._dice, self._ends = stage.town, dice, ends
        self._times = Timetable(calendars.load(), dice)
        self.number = number
        self.start = self._times.at_hour(days[-_BACK[ends]], 9, 9.5)
        self.matters = 1 + len(UNITS)  # the whole and its parts
        self._matter: UUID | None = None

    def script(self) -> Iterator[datetime]:
        self._register()
        yield self._soon(30, 60)
        self._act(ACCEPTS, terms.Accept(kind=Kind.INTEREST_CLAIM, title=words.DIVIDED_TITLE))
        yield self._soon(20, 60)
        classify = terms.Classify(kind=Kind.INTEREST_CLAIM, category="B604", complexity=Complexity.STANDARD)
        self._act(DIVIDES, classify, self._shares())
        for unit, part in zip(UNITS, self._parts(), strict=True):
            yield self._soon(10, 40)
            if self._ends is not Ends.IN_HAND or unit != UNITS[2]:
                self._sign_for(unit, part)
        yield self._soon(30, 120)
        self._act(self._speaker(), terms.AddInformation(text=words.DIVIDED_MORE))
        yield self._soon(DAY * 0.5, DAY)
        yield from self._answer(0)
        if self._ends is Ends.IN_HAND:
            return
        if self._ends is Ends.WITHDRAWN:
            yield self._soon(30, 60)
            self._act(self._speaker(), terms.Withdraw(text=words.DIVIDED_LEAVES))
            return
        yield from self._answer(1)
        yield from self._answer(2)
        yield from self._once_more()

    def _register(self) -> None:
        said = Intake(
            channel=Channel.ONLINE,
            key=f"demo:divided:{self.number}",
            content=words.DIVIDED_SAYS[self._ends.value - 1],
            naming=Naming.NAMED,
            speaker=PersonSaid(name=name(self._dice), phone=f"13800009{self.number % 100:02d}9"),
            demands=words.DIVIDED_WANTS,
            area=self._town.areas[(words.CROWD_VILLAGE,)].pk,
            place=words.DIVIDED_PLACE,
            tell_by=TellBy.SMS,
        )
        self._matter = actions.register(said, actor=ONLINE).matter_id

    def _shares(self) -> Terms:
        demands = self._row().demands.filter(dropped=False).order_by("ordinal")
        chosen = [
            terms.Share(demand=one.pk, unit=self._town.units[unit].pk) for one, unit in zip(demands, UNITS, strict=True)
        ]
        return terms.Divide(shares=tuple(chosen), reason=words.DIVIDED_WHY)

    def _sign_for(self, unit: str, part: UUID) -> None:
        handler = self._town.handlers(unit)[0]
        self._act(handler, terms.SignFor(handler=self._town.persons[handler]), of=part)

    def _answer(self, place: int, again: str = "") -> Iterator[datetime]:
        unit, part = UNITS[place], self._parts()[place]
        handler, said = self._town.handlers(unit)[0], again or words.DIVIDED_ANSWERS[place]
        self._act(handler, terms.RecordFirstContact(way=Way.CALL, reached=True, text=words.DIVIDED_CALLED), of=part)
        yield self._soon(60, 200)
        points = tuple(
            terms.PointAnswer(demand=one.pk, outcome=Outcome.SOLVED, text=said)
            for one in self._row(part).demands.filter(settled=False)
        )
        shown = (drawn("现场.jpg", self.number + place),)
        reply = terms.PrepareResult(points=points, reply=said, report=words.DIVIDED_REPORT, proofs=shown)
        self._act(handler, reply, of=part)
        yield self._soon(20, 60)
        today = clock.local(clock.now()).date()
        self._act(self._town.head(unit), terms.SignResult(delivered_by=Way.CALL, delivered_on=today), of=part)
        yield self._soon(30, 60)

    def _once_more(self) -> Iterator[datetime]:
        """Content with two of three: the unit of the other one goes again."""
        open_ = self._row().demands.filter(ordinal=2).values_list("pk", flat=True)
        bad = self._answers(Solved.PARTLY, Satisfaction.BAD, words.DIVIDED_BAD, tuple(open_))
        self._act(self._speaker(), terms.Rate(answers=bad))
        yield self._soon(60, 120)
        self._sign_for(UNITS[1], self._parts()[1])
        yield self._soon(DAY * 0.5, DAY)
        yield from self._answer(1, words.DIVIDED_AGAIN)
        good = self._answers(Solved.YES, Satisfaction.GOOD, words.DIVIDED_GOOD)
        self._act(self._speaker(), terms.Rate(answers=good))

    def _answers(
        self, solved: Solved, result: Satisfaction, said: str, unsettled: tuple[UUID, ...] = ()
    ) -> terms.Answers:
        return terms.Answers(
            contacted=True,
            solved=solved,
            result=result,
            attitude=Satisfaction.GOOD,
            words=said,
            rest_wanted=True if unsettled else None,
            unsettled=unsettled,
        )

    def _speaker(self) -> Actor:
        return Actor(ActorKind.SPEAKER, matter_id=self._matter)

    def _parts(self) -> list[UUID]:
        return list(self._row().parts.order_by("part").values_list("pk", flat=True))

    def _row(self, pk: UUID | None = None) -> Matter:
        wanted = pk or self._matter
        assert wanted is not None
        return Matter.objects.get(pk=wanted)

    def _act(self, who: str | Actor, *several: Terms, of: UUID | None = None) -> None:
        actor = self._town.actor(who) if isinstance(who, str) else who
        actions.run_all(self._row(of).pk, list(several), actor=actor)

    def _soon(self, least: float, most: float) -> datetime:
        return self._times.soon(clock.local(clock.now()), least, most)
