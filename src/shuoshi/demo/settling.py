"""Disputes and suggestions in the demo: duties looked into, both sides at a table, what they agreed on; what is adopted."""

from __future__ import annotations

from datetime import timedelta

from shuoshi.demo import words
from shuoshi.demo.acting import Moments
from shuoshi.demo.pictures import drawn
from shuoshi.demo.timetable import DAY
from shuoshi.demo.together import Together
from shuoshi.matters import terms
from shuoshi.matters.vocabulary import (
    Adopted,
    Duty,
    EndsBecause,
    Exit,
    Kind,
    Mediated,
    Outcome,
    Performed,
    Proof,
    Satisfaction,
    Side,
    Status,
    Way,
)

MEDIATED = ("mediated", "mediated_oral", "mediated_bad", "mediated_ended", "mediating")
DONE = frozenset({Outcome.SOLVED, Outcome.PARTLY})
VIOLENT = "D102"  # families: what is told there is often to be reported


class Settling(Together):
    """What the two kinds ask for before they are answered, and what is looked at when they are closed."""

    @property
    def mediated(self) -> bool:
        return any(self.takes(path) for path in MEDIATED)

    def _duties(self) -> None:
        """The three duties of the law, answered once they were asked about; a yes with whom was told."""
        if self.kind != Kind.DISPUTE or self.column("duties_answered_at") is not None:
            return
        violent = self.voice.family.category == VIOLENT and self.urgent
        answers = tuple(
            terms.DutyFound(
                duty=duty,
                found=violent and duty == Duty.VIOLENCE,
                reported_to=words.REPORTED_TO if violent else "",
                reported_at=self.now if violent else None,
            )
            for duty in Duty
        )
        self.act(self.handler, terms.AnswerDuties(answers=answers, text=words.LOOKED_INTO[violent]))

    def _mediate(self) -> Moments:
        """Both say yes, meet once, and agree or do not."""
        if not self.mediated or self.again:
            return
        yield self.soon(20, 60)
        self.act(self.handler, terms.NameOtherSide(name=words.OTHER_SIDE[self.number % len(words.OTHER_SIDE)]))
        both = terms.Consent(by=Way.FACE_TO_FACE, on=self.now.date())
        until = self.now.date() + timedelta(days=21)
        mediator = self.town.persons[self.handler]
        self.act(
            self.handler,
            terms.OpenMediation(mediator=mediator, speaker=both, other=both, until=until, no_conflict=True),
        )
        if self.takes("mediating"):
            return
        yield self.soon(DAY, 2 * DAY)
        held = terms.RecordSession(
            held_on=self.now.date(), speaker_there=True, other_there=True, text=words.SESSION, public_text=words.MET
        )
        self.act(self.handler, held)
        yield self.soon(DAY, 2 * DAY)
        if self.takes("mediated_ended"):
            self.act(self.handler, _ended())
            yield self.soon(60, 200)
            yield from self._end_as_failed()
        else:
            self.act(self.handler, self._agreement())

    def _end_as_failed(self) -> Moments:
        ask = terms.RequestExit(
            exit=Exit.MEDIATION_ENDED, text=words.NOT_SETTLED, basis=words.LAW, rights_notice=words.OTHER_WAYS
        )
        self.act(self.town.head(self.unit), ask)
        yield self.soon(60, 300)
        self.act("fangzheng", terms.RuleExit(granted=True, text=words.END_RULED))

    def _agreement(self) -> terms.ConcludeAgreement:
        oral = self.takes("mediated_oral")
        owed = tuple(
            terms.Owed(by=Side.OTHER, text=want.answer, due_on=self.now.date() + timedelta(days=7))
            for want in self.voice.wants[:2]
        )
        return terms.ConcludeAgreement(
            form=Mediated.ORAL if oral else Mediated.SIGNED,
            facts=self.found,
            issue=self.voice.title,
            obligations=owed,
            way=words.PERFORMED_HOW,
            concluded_on=self.now.date(),
            proof=Proof.WITNESS if oral else Proof.SIGNED_SLIP,
            proof_ref=words.WITNESS if oral else words.ORIGINAL,
            files=() if oral else (drawn("协议原件.jpg", self.number),),
        )

    def _ask_the_other(self, who: str) -> None:
        """Whoever asks the speaker asks the other side as well."""
        if not self.mediated or self.status != Status.IN_FOLLOW_UP:
            return
        good = Satisfaction.FAIR if self.takes("mediated_bad") else Satisfaction.GOOD
        self.act(
            who,
            terms.AskOtherSide(
                way=Way.CALL,
                result=good,
                attitude=Satisfaction.GOOD,
                words=words.THE_OTHER_SAYS,
                proof=Proof.RECORDING,
                proof_ref=f"录音 {self.now:%m%d}-{self.number:03d}B",
            ),
        )

    def _decide(self) -> None:
        """Adopted as the answers say, whole or in part; else declined with the reason that is answered."""
        if self.kind != Kind.SUGGESTION or self.column("adoption"):
            return
        wants = self._answered_wants()
        done = [want for want in wants if want.outcome in DONE]
        if not done:
            self.act(self.handler, terms.DeclineSuggestion(because="；".join(want.answer for want in wants)))
            return
        rest = [want.answer for want in wants if want.outcome != Outcome.SOLVED]
        self.act(
            self.handler,
            terms.Adopt(
                extent=Adopted.PART if rest else Adopted.WHOLE,
                text="；".join(want.answer for want in done),
                because="；".join(rest),
                until=self.now.date() + timedelta(days=self.dice.randrange(12, 30)),
            ),
        )

    def _look_afterwards(self) -> Moments:
        """When the matter is long closed: whether what was agreed was done, and what was adopted carried out."""
        if self.mediated and self.matter.deadlines.filter(kind="performance", outcome="OPEN").exists():
            yield self.soon(12 * DAY, 15 * DAY)
            for clock in self.matter.deadlines.filter(kind="performance", outcome="OPEN").order_by("about"):
                looked = terms.CheckPerformance(
                    obligation=int(clock.about), performed=Performed.YES, heard=Way.CALL, text=words.PERFORMED
                )
                self.act(self.town.head(self.unit), looked)
        running = self.matter.deadlines.filter(kind="carried_out", outcome="OPEN").order_by("started_at").first()
        if running is None or self.status != Status.CLOSED:
            return
        day = self.times.next_day(running.due_at.date() - timedelta(days=3))
        yield max(self.soon(DAY, 2 * DAY), self.times.at_hour(day, 9, 11))
        if self.number % 9 == 0:
            late = terms.ConfirmCarriedOut(done=False, text=words.NOT_YET, until=self.now.date() + timedelta(days=14))
            self.act(self.town.head(self.unit), late)
            yield self.soon(6 * DAY, 8 * DAY)
        shown = (drawn(f"落实{self.number % 5 + 1}.jpg", self.number + 5),)
        self.act(self.town.head(self.unit), terms.ConfirmCarriedOut(done=True, text=words.IS_DONE, files=shown))


def _ended() -> terms.EndMediation:
    return terms.EndMediation(
        text=words.NOT_SETTLED,
        because=EndsBecause.NO_AGREEMENT,
        remedies=words.OTHER_WAYS,
        told_other=Way.FACE_TO_FACE,
    )
