"""Orders from the county, papers carried to another office for somebody, letters to outside bodies, in the demo."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from shuoshi.demo import words
from shuoshi.demo.acting import Moments
from shuoshi.demo.pictures import drawn
from shuoshi.demo.timetable import DAY
from shuoshi.demo.together import Together
from shuoshi.matters import terms
from shuoshi.matters.intake import Intake, OrderGiven
from shuoshi.matters.vocabulary import (
    ORDER_OWED,
    AgencyKind,
    Channel,
    ConsentShown,
    OutsideBody,
    PaperBecame,
    Status,
)

SPEAKS_ABOVE = "tangjing"  # dispatches, and answers the county's letters office


class Outside(Together):
    """After the look at the place: what is done at other offices and with other bodies."""

    @property
    def ordered(self) -> bool:
        return self.takes("ordered") or self.takes("ordered_objected")

    def _sent_down(self, intake: Intake) -> Intake:
        """The same word as the county's letters office sent it, with a number and a limit of its own."""
        order = OrderGiven(
            number=words.ORDER_NUMBER % (self.number + 100),
            sender=words.ORDER_SENDER,
            received_on=self.now.date(),
            days=15,
            content=words.ORDER_WANTS,
        )
        return replace(intake, channel=Channel.OUTSIDE, order=order)

    def _with_others(self) -> Moments:
        yield from super()._with_others()
        if self.takes("ordered_objected"):
            yield from self._objects()
        if self.takes("handed_over"):
            yield from self._hands_over()
        if self.takes("entrusted_lapsed"):
            yield self.soon(20, 60)
            self._authorise(days=1)
            yield self.soon(DAY * 2, DAY * 2.5)
        if self.takes("entrusted") or self.takes("entrusted_revoked"):
            yield from self._entrusted()

    def _objects(self) -> Moments:
        yield self.soon(30, 90)
        self.act(SPEAKS_ABOVE, terms.ObjectToSuperior(text=words.NOT_FOR_US))
        yield self.soon(DAY * 0.3, DAY * 0.8)
        answer = terms.RecordSuperiorAnswer(
            withdrawn=False,
            number=words.ORDER_NUMBER % (self.number + 500),
            text=words.FOR_YOU_ALL_THE_SAME,
            files=(drawn("复函.jpg", self.number),),
        )
        self.act(self._registrar(), answer)

    def _hands_over(self) -> Moments:
        yield self.soon(30, 90)
        sends, until = self.town.head(self.unit), self.now.date() + timedelta(days=2)
        letter = terms.HandOverOutside(
            kind=OutsideBody.UTILITY,
            body=words.THE_UTILITY,
            ask_where=words.ASK_THERE,
            text=words.PLEASE_REPAIR,
            until=until,
        )
        self.act(sends, letter)
        yield self.soon(DAY * 0.5, DAY * 0.9)
        again = terms.AskOutside(letter=1, text=words.NOT_YET, until=self.now.date() + timedelta(days=2))
        self.act(self.handler, again)
        yield self.soon(DAY * 0.5, DAY * 0.9)
        self.act(self.handler, terms.RecordOutsideAnswer(letter=1, text=words.THEY_DID))

    def _entrusted(self) -> Moments:
        yield self.soon(20, 60)
        self._authorise(days=12)
        yield self.soon(5, 15)
        if not self._is_the_agent():
            return
        self.act(self.handler, terms.TakePapers(originals=words.ORIGINALS, copies=words.COPIES, receipt="清单 1 号"))
        if self.takes("entrusted_revoked"):
            yield self.soon(DAY * 0.2, DAY * 0.5)
            self.act(self.speaker, terms.RevokeAgency(text=words.GOES_ALONE))
        else:
            yield self.soon(DAY * 0.2, DAY * 0.5)
            if self._is_the_agent():
                step = terms.RecordAgencyStep(text=words.DONE_THERE, day=self.now.date(), done=True)
                self.act(self.handler, step)
        yield self.soon(30, 120)
        out = self.matter.papers_taken.filter(became=PaperBecame.OUT).values_list("pk", flat=True)
        back = terms.HandBackPapers(papers=tuple(out), became=PaperBecame.RETURNED, receipt=words.SIGNED_FOR)
        self.act(self.handler, back)

    def _authorise(self, days: int) -> None:
        given = terms.AuthoriseAgency(
            kind=AgencyKind.ACTS,
            office=words.THE_OFFICE,
            scope=words.MAY_DO,
            until=self.now.date() + timedelta(days=days),
            agent=self.town.persons[self.handler],
            shown_by=ConsentShown.SIGNED,
            proof_ref=words.THE_SLIP,
            files=(drawn("委托书.jpg", self.number),),
        )
        self.act(self.handler, given)

    def _is_the_agent(self) -> bool:
        """Not a successor, whom nobody entrusted with it."""
        return bool(self.column("agent_id") == self.town.persons[self.handler])

    def _report_above(self) -> Moments:
        """Once the answer is out."""
        if self.status == Status.IN_FOLLOW_UP and self.column("order_state") in ORDER_OWED:
            yield self.soon(20, 90)
            self.act(SPEAKS_ABOVE, terms.ReportBack(text=words.REPORTED))
