"""Work in the demo that takes longer than its limit: more time, a pause, what is set aside until it can be done."""

from __future__ import annotations

from collections.abc import Generator
from datetime import date, datetime, timedelta

from shuoshi.demo import words
from shuoshi.demo.acting import Moments
from shuoshi.demo.answering import Answering
from shuoshi.demo.timetable import DAY
from shuoshi.matters import terms

RULES = "fangzheng"
PARKS = "chenhaiyan"


class Waiting(Answering):
    """What the handling waits for; says whether the script ends there for now."""

    def _wait(self) -> Generator[datetime, None, bool]:
        if self.again:
            return False
        if self.takes("extended") or self.takes("extension_refused") or self.takes("stalled_extension"):
            yield from self._ask_for_more()
        if any(self.takes(path) for path in ("paused", "paused_word", "stalled_pause")):
            yield from self._pause()
        if self.takes("struck_off") or self.takes("parked"):
            yield from self._park()
        return any(self.takes(path) for path in ("stalled_extension", "stalled_pause", "parked"))

    def _ask_for_more(self) -> Moments:
        yield self.lately() if self.takes("stalled_extension") else self.soon(60, 200)
        most = self.stage.profile.limit("extension", self.kind)
        days = min(self.dice.randrange(2, 6), most.amount if most else 2)
        asked = terms.RequestExtension(
            text=self.dice.choice(words.LONGER), plan=self.dice.choice(words.UNTIL_THEN), days=days
        )
        self.act(self.handler, asked)
        if self.takes("stalled_extension"):
            return
        yield self.soon(30, 200)
        granted = self.takes("extended")
        self.act(RULES, terms.RuleExtension(granted=granted, text=words.LONGER_RULED[granted]))

    def _pause(self) -> Moments:
        """For the speaker's papers, whose word ends it; or for a test."""
        yield self.soon(30, 120)
        word = self.takes("paused_word") or self.takes("stalled_pause")
        cause, text = ("WAITING_FOR_SPEAKER", words.PAPERS) if word else ("EXPERT_TEST", words.TEST)
        self.act(self.handler, terms.RequestPause(cause=cause, text=text, until=self._day(9)))
        yield self.soon(30, 150)
        self.act(RULES, terms.RulePause(granted=True, text=words.PAUSE_RULED))
        if self.takes("stalled_pause"):
            return
        yield self.soon(2 * DAY, 3 * DAY)
        if self.takes("paused_word"):
            self.act(self.speaker, terms.AddInformation(text=words.PAPERS_COME))
        else:
            self.act(self.handler, terms.Resume(text=words.TEST_COMES))

    def _park(self) -> Moments:
        yield self.soon(60, 200)
        ask = terms.RequestPark(
            reason=self.dice.choice(("MONEY", "SEASON")),
            text=words.NOT_NOW,
            measures=words.MEANWHILE,
            until=self._day(100),
        )
        self.act(self.town.head(self.unit), ask)
        yield self.soon(60, 300)
        self.act(PARKS, terms.RulePark(granted=True, text=words.PARKING_RULED))
        yield self.soon(18 * DAY, 20 * DAY)
        self.act(self.town.head(self.unit), terms.ReviewParked(text=words.STILL_NOT))
        if self.takes("parked"):
            return
        yield self.soon(12 * DAY, 15 * DAY)
        self.act(self.town.head(self.unit), terms.StrikeOff(text=words.NOW_IT_CAN))

    def _day(self, ahead: int) -> date:
        return self.now.date() + timedelta(days=ahead)
