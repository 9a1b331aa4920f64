"""What many ask for together in the demo: spokespersons who are asked one by one, and one who wants something else as well."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from random import Random
from uuid import UUID

from shuoshi.demo import words
from shuoshi.demo.acting import Stage
from shuoshi.demo.pictures import drawn
from shuoshi.demo.residents import name
from shuoshi.demo.timetable import DAY, Timetable
from shuoshi.kernel import calendars, clock
from shuoshi.kernel.actors import Actor, ActorKind
from shuoshi.matters import actions, terms
from shuoshi.matters.intake import GroupSaid, Intake, SpokespersonSaid
from shuoshi.matters.models import Matter, Spokesperson
from shuoshi.matters.terms import Terms
from shuoshi.matters.vocabulary import (
    Channel,
    Complexity,
    Kind,
    Naming,
    Outcome,
    Proof,
    Satisfaction,
    Solved,
    TellBy,
    Way,
)

REGISTERS, ACCEPTS, GIVES, ASKS = "wangfang", "heping", "tangjing", "liumin"
UNIT = "construction"


class Crowd:
    """A village that wants its road mended. `lately`: it was answered just now, and not everybody was asked yet."""

    title = "集体反映"

    def __init__(self, stage: Stage, days: list[date], number: int, dice: Random, *, lately: bool) -> None:
        self._town, self._dice = stage.town, dice
        self._times = Timetable(calendars.load(), dice)
        self.number, self.lately = number, lately
        self.start = self._times.at_hour(days[-6 if lately else -32], 9, 9.5)
        self.matters = 2 if lately else 1  # with what one of them wants as well
        self._matter: UUID | None = None

    def script(self) -> Iterator[datetime]:
        self._register()
        yield self._soon(30, 60)
        self._act(ACCEPTS, terms.Accept(kind=Kind.INTEREST_CLAIM, title=words.CROWD_TITLE))
        yield self._soon(20, 60)
        unit = self._town.units[UNIT].pk
        classify = terms.Classify(kind=Kind.INTEREST_CLAIM, category="B604", complexity=Complexity.STANDARD)
        self._act(GIVES, classify, terms.Assign(unit=unit, reason=words.CROWD_WHY))
        yield self._soon(20, 60)
        handler = self._town.handlers(UNIT)[0]
        self._act(handler, terms.SignFor(handler=self._town.persons[handler]))
        for part in self._parts():
            yield self._soon(5, 20)
            given = terms.HandOverReceipt(to_whom=words.CROWD_RECEIPT, spokesperson=part.pk)
            self._act(REGISTERS, given)
        yield self._soon(30, 90)
        self._act(handler, terms.RecordFirstContact(way=Way.VISIT, reached=True, text=words.CROWD_MET))
        yield self._soon(60, 120)
        self._act(REGISTERS, self._another(), terms.CorrectHeadcount(headcount=86, reason=words.CROWD_COUNTED))
        yield from self._answered(handler)
        yield from self._asked()

    def _register(self) -> None:
        several = tuple(
            SpokespersonSaid(
                name=name(self._dice),
                phone=self._phone(place),
                naming=Naming.CONFIDENTIAL if place == 2 else Naming.NAMED,
            )
            for place in range(3)
        )
        said = Intake(
            channel=Channel.VISIT,
            key=f"demo:crowd:{self.number}",
            content=words.CROWD_SAYS[self.lately],
            naming=Naming.NAMED,
            group=GroupSaid(headcount=72, spokespersons=several),
            demands=words.CROWD_WANTS,
            area=self._town.areas[(words.CROWD_VILLAGE,)].pk,
            place=words.CROWD_PLACE,
            tell_by=TellBy.CALL,
        )
        self._matter = actions.register(said, actor=self._town.actor(REGISTERS)).matter_id

    def _another(self) -> Terms:
        return terms.AddSpokesperson(name=name(self._dice), phone=self._phone(3))

    def _phone(self, place: int) -> str:
        """Beyond the numbers of all other residents."""
        return f"13800009{self.number % 10}{place:02d}"

    def _answered(self, handler: str) -> Iterator[datetime]:
        yield self._soon(DAY * 0.5, DAY)
        self._act(handler, terms.RecordInvestigation(text=words.CROWD_FOUND, public_text=words.CROWD_FOUND))
        yield self._soon(DAY, DAY * 1.5)
        self._act(handler, terms.ReportProgress(done=words.CROWD_DONE, next_step=words.CROWD_NEXT))
        yield self._soon(60, 120)
        points = tuple(
            terms.PointAnswer(demand=one.pk, outcome=Outcome.SOLVED, text=words.CROWD_ANSWER)
            for one in self._row().demands.filter(dropped=False).order_by("ordinal")
        )
        reply = terms.PrepareResult(
            points=points,
            reply=words.CROWD_ANSWER,
            report=words.CROWD_DONE,
            proofs=(drawn("修好的路.jpg", self.number),),
        )
        self._act(handler, reply)
        yield self._soon(30, 90)
        today = clock.local(clock.now()).date()
        self._act(self._town.head(UNIT), terms.SignResult(delivered_by=Way.CALL, delivered_on=today))

    def _asked(self) -> Iterator[datetime]:
        """One answers on the page, the others are called; of the earlier group one had withdrawn before."""
        first, second, third, fourth = self._parts()
        if not self.lately:
            self._act(self._speaker(third), terms.Withdraw(text=words.CROWD_LEAVES))
        yield self._soon(60, 120)
        self._act(self._speaker(first), terms.Rate(answers=self._content()))
        yield self._soon(30, 60)
        self._act(ASKS, self._call(second))
        if self.lately:
            yield self._soon(10, 30)
            other = terms.RegisterLinked(
                content=words.CROWD_ELSE,
                channel=Channel.HOTLINE,
                demands=(words.CROWD_ELSE_WANTS,),
                area=self._town.areas[(words.CROWD_VILLAGE,)].pk,
                spokesperson=second.pk,
            )
            self._act(ASKS, other)
            return
        yield self._soon(30, 60)
        self._act(ASKS, self._call(fourth))

    def _call(self, whom: Spokesperson) -> Terms:
        return terms.RecordFollowUp(
            way=Way.CALL,
            reached=True,
            text=words.CROWD_ASKED,
            answers=self._content(),
            proof=Proof.RECORDING,
            proof_ref=f"录音 {self.number}-{whom.seat}",
            spokesperson=whom.pk,
        )

    def _content(self) -> terms.Answers:
        return terms.Answers(
            contacted=True,
            solved=Solved.YES,
            result=Satisfaction.GOOD,
            attitude=Satisfaction.GOOD,
            words=words.CROWD_CONTENT,
        )

    def _speaker(self, part: Spokesperson) -> Actor:
        return Actor(ActorKind.SPEAKER, matter_id=self._matter, part=part.pk)

    def _parts(self) -> list[Spokesperson]:
        return list(self._row().spokespersons.filter(left_at__isnull=True).order_by("seat"))

    def _row(self) -> Matter:
        assert self._matter is not None
        return Matter.objects.get(pk=self._matter)

    def _act(self, who: str | Actor, *several: Terms) -> None:
        actor = self._town.actor(who) if isinstance(who, str) else who
        actions.run_all(self._row().pk, list(several), actor=actor)

    def _soon(self, least: float, most: float) -> datetime:
        return self._times.soon(clock.local(clock.now()), least, most)
