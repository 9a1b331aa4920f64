"""How long before a meeting is called, how many must come, and how many decide: by kind (domain.md 1.4). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from shuoshi.kernel import clock
from shuoshi.meetings.vocabulary import Kind, Step

RHYTHM = timedelta(days=31)  # a unit that holds meetings holds one a month (3.1.2: regularly)
MINUTES_WITHIN = timedelta(days=45)  # approved at the next one; longer is told of
WRITTEN_DOWN_WITHIN = timedelta(days=3)  # whether it was held; longer is told of
EARLY = timedelta(hours=1)  # before its time a meeting may be opened


class Attend(Enum):
    """Which share of those who are due has to come."""

    ANY = auto()
    MORE_THAN_HALF = auto()
    TWO_THIRDS = auto()


class Majority(Enum):
    OF_PRESENT = auto()
    OF_DUE = auto()


@dataclass(frozen=True)
class Rule:
    """`notice`: whole days between the day it is called and the day it is held. `due`: whether it counts who is due."""

    notice: int
    attend: Attend = Attend.ANY
    majority: Majority = Majority.OF_PRESENT

    @property
    def counts_due(self) -> bool:
        return self.attend is not Attend.ANY


RULES: Mapping[Kind, Rule] = {
    Kind.MATTER_MEETING: Rule(3),
    Kind.BRANCH_MEETING: Rule(1, Attend.MORE_THAN_HALF),
    Kind.COMMITTEES_MEETING: Rule(1, Attend.MORE_THAN_HALF),
    Kind.PARTY_MEETING: Rule(3, Attend.TWO_THIRDS, Majority.OF_DUE),
    Kind.DELEGATE_MEETING: Rule(3, Attend.TWO_THIRDS),
    Kind.VILLAGERS_MEETING: Rule(10, Attend.MORE_THAN_HALF),
    Kind.RESIDENTS_MEETING: Rule(10, Attend.MORE_THAN_HALF),
    Kind.OTHER: Rule(0),
}

STEPS: Mapping[Step, frozenset[Kind]] = {
    Step.PROPOSED: frozenset({Kind.BRANCH_MEETING}),
    Step.DISCUSSED: frozenset({Kind.COMMITTEES_MEETING}),
    Step.REVIEWED: frozenset({Kind.PARTY_MEETING}),
    Step.DECIDED: frozenset({Kind.DELEGATE_MEETING, Kind.VILLAGERS_MEETING}),
}

TOLD_EVERYBODY = frozenset(
    {Kind.MATTER_MEETING, Kind.DELEGATE_MEETING, Kind.VILLAGERS_MEETING, Kind.RESIDENTS_MEETING}
)  # of the others only what is published


def needed(kind: str, due: int | None) -> int:
    """How many of those due have to be there; 0 where any number will do."""
    attend = RULES[Kind(kind)].attend
    if not due or attend is Attend.ANY:
        return 0
    return due // 2 + 1 if attend is Attend.MORE_THAN_HALF else -(-due * 2 // 3)


def may_approve(kind: str) -> frozenset[Kind]:
    """The kinds of later meetings at which minutes of this kind may be read out: the same, or both before everybody."""
    own = Kind(kind)
    return TOLD_EVERYBODY if own in TOLD_EVERYBODY else frozenset({own})


def quorate(kind: str, due: int | None, present: int) -> bool:
    return present > 0 and present >= needed(kind, due)


def passed(kind: str, due: int | None, present: int, in_favour: int) -> bool:
    """Whether so many in favour carry it: more than half of those present, or of those due, with a quorum."""
    base = (due or 0) if RULES[Kind(kind)].majority is Majority.OF_DUE else present
    return quorate(kind, due, present) and in_favour * 2 > base


def days_of_notice(told_at: datetime, begins_at: datetime) -> int:
    """Whole days between: told on the 1st for the 4th is three."""
    return (clock.local(begins_at).date() - clock.local(told_at).date()).days
