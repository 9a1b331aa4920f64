"""The same matter said by another in the demo: merged into the first, and apart again where it was another one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace

from shuoshi.demo import words
from shuoshi.demo.acting import Moments
from shuoshi.demo.emergencies import Urgent
from shuoshi.matters import terms
from shuoshi.matters.vocabulary import Channel, Complexity, Satisfaction, Solved, Status

MERGES = "tangjing"
_TWINS = 50_000  # their numbers, beyond those of all voices


class Merging(Urgent, ABC):
    """Beside the script of a voice, that of another resident who says the same."""

    twin: Merging | None = None

    @abstractmethod
    def _register(self) -> bool:
        """Have it registered; whether it still goes on."""

    @abstractmethod
    def _accept(self) -> Moments:
        """Have it accepted."""

    def _another_says_it(self) -> Moments:
        if not self.voice.also or self.twin is not None:
            return
        yield self.soon(60, 300)
        said = replace(self.voice, says=self.voice.also, also="", channel=Channel.ONLINE, paths=frozenset())
        twin = self.twin = type(self)(said, self.now, self.stage, _TWINS + self.number)
        twin._register()
        yield from twin._accept()
        yield self.soon(20, 120)
        classify = terms.Classify(
            kind=self.kind,
            category=self.voice.family.category,
            complexity=Complexity(self.voice.family.complexity),
        )
        assert self.matter_id is not None
        twin.act(MERGES, classify, terms.Merge(main=self.matter_id, why=words.THE_SAME))
        yield self.times.at_hour(self.now.date(), 18.5, 21.5)
        twin.act(twin.speaker, terms.AddInformation(text=self.dice.choice(words.MORE)))
        if self.takes("parted"):
            yield self.soon(200, 600)
            twin.act(MERGES, terms.Unmerge(why=words.NOT_THE_SAME))
            yield self.soon(60, 200)
            twin.act(twin.speaker, terms.Withdraw(text=words.WITHDRAWN[1]))

    def _the_other_rates(self) -> Moments:
        """Whoever said the same answers for themselves."""
        if self.twin is None or self.twin.status != Status.IN_FOLLOW_UP:
            return
        yield self.times.at_hour(self.now.date(), 18.5, 21.5)
        content = terms.Answers(
            contacted=True,
            solved=Solved.YES,
            result=Satisfaction.GOOD,
            attitude=Satisfaction.GOOD,
            words=words.ALSO_GOOD,
        )
        self.twin.act(self.twin.speaker, terms.Rate(answers=content))
