"""The answer of a unit in the demo, its signature, and what the resident says to it."""

from shuoshi.demo import words
from shuoshi.demo.acting import Acting, Moments
from shuoshi.demo.stories import Want
from shuoshi.kernel.actors import Actor, ActorKind
from shuoshi.matters import terms
from shuoshi.matters.vocabulary import (
    Channel,
    Outcome,
    ReportForm,
    Way,
)

ONLINE = Actor(ActorKind.SPEAKER)
RIGHTS = "不服本答复的，可以自收到之日起 30 日内向县群众工作中心请求复核，也可以依法申请行政复议或者提起诉讼。"
WAYS = {
    Channel.HOTLINE: Way.CALL,
    Channel.ONLINE: Way.PAGE,
    Channel.POINT: Way.FACE_TO_FACE,
    Channel.VISIT: Way.VISIT,
}


class Answering(Acting):
    """From the draft of the answer to the rating."""

    def _reply(self) -> Moments:
        yield self.soon(60, 250)
        self._prepare()
        if self.takes("stalled_signing"):
            return
        yield self.soon(20, 200)
        signs = self._signs()
        if self.takes("sent_back") and not self.again and signs != self.handler:
            self.act(signs, terms.SendBackResult(reason=self.dice.choice(words.SENT_BACK)))
            yield self.soon(60, 240)
            self._prepare()
            yield self.soon(20, 120)
        self._sign(signs)
        if (self.takes("report_returned") or self.takes("stalled_report")) and not self.again:
            yield self.soon(120, 400)
            self.act("liumin", terms.ReturnReport(reason=self.dice.choice(words.RETURNED)))
            if self.takes("stalled_report"):
                return
            yield self.soon(100, 400)
            self._prepare()
            yield self.soon(20, 200)
            self._sign(signs)

    def _prepare(self) -> None:
        matter = self.matter
        bad = self.dice.choice(self.voice.family.bad or ("没有解决。",))
        points, wants = [], []
        for demand in matter.demands.filter(dropped=False, settled=False).order_by("ordinal"):
            want = self._answer_to(demand.text)
            text = words.answer(self.voice, want, self.again, bad)
            wants.append(Want(want.demand, want.outcome, text, want.because))
            points.append(terms.PointAnswer(demand=demand.pk, outcome=want.outcome, text=text, because=want.because))
        unit = self.town.units[self.unit]
        name = self.town.name_of(self.handler)
        did = ("这一次" if self.again else "") + self.done
        long = self.voice.family.complexity == "complex" or self.again
        self.act(
            self.handler,
            terms.PrepareResult(
                points=tuple(points),
                reply=words.reply(self.voice, wants, matter.number, unit.short_name, unit.phone, name, did),
                report=words.report(self.voice, wants, unit.name, self.found, self.done),
                form=ReportForm.LONG if long and self._signs() != self.handler else ReportForm.SHORT,
                basis="；".join(want.because for want in wants if want.because),
                remedies=RIGHTS if any(want.because for want in wants) else "",
                cites=self.stage.shelf.cites(self.voice.title),
            ),
        )

    def _answer_to(self, demand: str) -> Want:
        """What the story answers to a point of request."""
        if self.turned:
            return Want(demand, Outcome.SOLVED, self.voice.answer)
        known = next((want for want in self.voice.wants if demand.startswith(want.demand)), None)
        return known or Want(demand, Outcome.SOLVED, self.done)

    def _answered_wants(self) -> list[Want]:
        """The same for every point that is still to be answered."""
        rows = list(self.matter.demands.filter(dropped=False, settled=False).order_by("ordinal"))
        return [self._answer_to(str(row.text)) for row in rows]

    def _signs(self) -> str:
        """The head; where the head handled something that is not short, somebody above."""
        head = self.town.head(self.unit)
        if self._kept_from(head):
            return self.first_free("fangzheng", "xiaogang")
        if head != self.handler or (self.voice.family.complexity == "standard" and not self.again):
            return head
        return "fangzheng" if not self.unit.startswith("county") else "xiaogang"

    def _sign(self, signs: str) -> None:
        way = WAYS.get(self.voice.channel, Way.CALL)
        self.act(signs, terms.SignResult(delivered_by=way, delivered_on=self.now.date()))

    def _after_reply(self, content: bool = True) -> Moments:
        """The resident is asked, or rates alone, or stays silent until the rating clock ends it."""
        from shuoshi.demo.asking import after_reply

        yield from after_reply(self, content)

    def _ask_the_other(self, who: str) -> None:
        """Of a dispute that was mediated both sides are asked."""

    def _answers(self, content: bool) -> terms.Answers:
        from shuoshi.demo.asking import answers

        return answers(self, content)
