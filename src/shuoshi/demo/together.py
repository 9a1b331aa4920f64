"""Work in the demo that others have a part in: a unit that helps, a leader who writes on it or sees it through."""

from __future__ import annotations

from datetime import timedelta

from shuoshi.demo import words
from shuoshi.demo.acting import Moments
from shuoshi.demo.merging import Merging
from shuoshi.demo.timetable import DAY
from shuoshi.matters import terms

LEADS = "chenhaiyan"
HELPS = ("water", "construction")


class Together(Merging):
    """Between the look at the place and the work."""

    def _with_others(self) -> Moments:
        if self.takes("instructed") and self._led_by_others():
            yield from self._instructed()
        if self.takes("sponsored") and self._led_by_others():
            yield from self._sponsored()
        if self.takes("conferred"):
            yield self.soon(30, 90)
            both = (self.town.units[self.unit].pk, self.town.units[self._other()].pk)
            self.act(LEADS, terms.Confer(units=both, text=words.SETTLED))
        if self.takes("helped") or self.takes("stalled_help"):
            yield from self._helped()

    def _led_by_others(self) -> bool:
        """Nobody writes to the unit they head."""
        return self.unit != "town" and self.town.head(self.unit) != LEADS

    def _instructed(self) -> Moments:
        yield self.soon(30, 90)
        self.act(LEADS, terms.Instruct(text=words.WRITTEN, until=self.now.date() + timedelta(days=4)))
        yield self.soon(DAY * 0.3, DAY * 0.8)
        self.act(self.town.head(self.unit), terms.AnswerInstruction(text=words.CARRIED_OUT))

    def _sponsored(self) -> Moments:
        yield self.soon(30, 90)
        self.act(LEADS, terms.Sponsor(text=words.SEES_THROUGH, until=self.now.date() + timedelta(days=3)))
        yield self.soon(DAY * 0.5, DAY)
        again = terms.ReviewSponsored(text=words.HOW_FAR, until=self.now.date() + timedelta(days=14))
        self.act(LEADS, again)

    def _helped(self) -> Moments:
        yield self.lately() if self.takes("stalled_help") else self.soon(20, 90)
        if not self.matter.deadlines.filter(kind="completion", outcome="OPEN", due_at__gt=self.now).exists():
            return  # too late to ask anybody
        other = self._other()
        asked = terms.AddCoUnit(unit=self.town.units[other].pk, task=words.HELP_WITH, until=self.now.date())
        self.act(self.handler, asked)
        if self.takes("stalled_help"):
            return
        yield self.soon(60, 240)
        self.act(self.town.head(other), terms.GiveCoOpinion(text=words.HELPED))

    def _other(self) -> str:
        return next(unit for unit in HELPS if unit != self.unit)
