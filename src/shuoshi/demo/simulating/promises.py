"""What the system promised and did not keep, counted from the events of a year: clocks, call-backs, orders, the next tier.

It asks no code that made the events: when each look was due is counted here from the calendar and the rows as told.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from shuoshi.kernel import calendars
from shuoshi.kernel.calendar import Limit, OfficeHours
from shuoshi.kernel.calendar import Unit as LimitUnit
from shuoshi.kernel.clock import local
from shuoshi.kernel.clocks import Outcome
from shuoshi.kernel.events import Event
from shuoshi.matters.vocabulary import Action, DeadlineKind, RoundBecause

MINUTE = timedelta(minutes=1)
DISSATISFIED = 2  # times at a tier, and the next one has it (4.4.2)
HOURS = OfficeHours()  # of every unit of the town
_CLOCK, _ROUND, _MATTER = "matters.deadline:", "matters.round:", "matters.matter:"
_NO_WARNING = frozenset(
    {
        DeadlineKind.DUTY,  # each step of it is told when it begins
        DeadlineKind.PAUSE,  # nobody owes it: it ends by itself
    }
)
_ANSWERED = frozenset({Action.SIGN_RESULT, Action.SHARE_RESULT})
_CALLED_BACK = frozenset({DeadlineKind.FOLLOW_UP, DeadlineKind.RATING})


@dataclass
class Kept:
    """Counts of what was not kept: 0 each where all was. `examples` names some, `clocks` and `warnings` what was looked at."""

    clocks: int = 0
    warnings: int = 0
    clocks_late: int = 0
    warnings_missed: int = 0
    dates_wrong: int = 0
    callbacks_missed: int = 0
    escalations_missed: int = 0
    examples: list[str] = field(default_factory=list)

    def count(self, what: str, where: str) -> None:
        setattr(self, what, getattr(self, what) + 1)
        if len(self.examples) < 20:
            self.examples.append(f"{what}: {where}")


def kept(end: datetime) -> Kept:
    """Read every stream of matters once, in order. `end` is when the year ended."""
    found = Kept()
    events = Event.objects.filter(stream_kind="matter", recorded_at__lte=end).order_by("stream_id", "sequence")
    told = events.values_list("stream_id", "action", "recorded_at", "payload").iterator(2000)
    for stream, several in groupby(told, key=lambda event: event[0]):
        _Matter(str(stream), found).read(
            ((action, at, json.loads(payload)) for _id, action, at, payload in several), end
        )
    return found


@dataclass
class _Clock:
    """One deadline as its events tell it."""

    key: str
    made_at: datetime
    row: dict[str, Any]
    warned: bool = False
    came: bool = False  # an event touched it in the minute it was due

    @property
    def open(self) -> bool:
        return bool(self.row["outcome"] == Outcome.OPEN)

    @property
    def next_look(self) -> datetime | None:
        return _instant(self.row["next_look_at"])

    @property
    def due(self) -> datetime:
        return datetime.fromisoformat(self.row["due_at"])

    @property
    def started(self) -> datetime:
        return datetime.fromisoformat(self.row["started_at"])

    def warns_at(self) -> datetime:
        """When yellow begins, counted anew."""
        if self.row["kind"] in _NO_WARNING:
            return self.due
        calendar = calendars.load()
        limit = Limit.parse(self.row["limit"]) if self.row["limit"] else None
        if limit is None:  # a date somebody ordered
            days = calendar.working_days_between(local(self.started).date(), local(self.due).date())
            limit = Limit(max(days, 1), LimitUnit.WORKING_DAYS)
        return max(calendar.warn_at(self.started, self.due, limit, HOURS), self.made_at)


class _Matter:
    """One stream, read from its first event to its last."""

    def __init__(self, stream: str, found: Kept) -> None:
        self._stream, self._found = stream, found
        self._clocks: dict[str, _Clock] = {}
        self._reworks: Counter[str] = Counter()  # of a tier
        self._tier = self._above = ""
        self._owed: tuple[datetime, str, str] | None = None  # until when which step must have followed, and why

    def read(self, events: Iterator[tuple[str, datetime, dict[str, Any]]], end: datetime) -> None:
        at = end
        for action, at, payload in events:
            self._looks_before(at)
            self._take_in(action, at, payload["rows"])
            self._called_back(action)
            self._followed(action, at)
        self._followed("", end + MINUTE)
        self._looks_before(end)
        self._found.clocks += len(self._clocks)
        for clock in self._clocks.values():
            self._judge(clock, end)

    def _looks_before(self, at: datetime) -> None:
        """A look whose minute passed before this event was never made."""
        for clock in self._clocks.values():
            look = clock.next_look if clock.open else None
            if look is not None and at > look + MINUTE:
                self._found.count("clocks_late", f"{self._stream} {clock.row['kind']} {look.isoformat()}")
                clock.row["next_look_at"] = None

    def _take_in(self, action: str, at: datetime, rows: list[dict[str, Any]]) -> None:
        for told in rows:
            name, columns = told["row"], told.get("set", {})
            if name.startswith(_CLOCK):
                self._clock(name, action, at, columns, new=told.get("new", False))
            elif name.startswith(_ROUND) and "tier_path" in columns:
                self._reworks[columns["tier_path"]] += columns.get("because") == RoundBecause.REWORK
            elif name.startswith(_MATTER):
                self._tier = columns.get("tier_path", self._tier)
                self._above = columns.get("tier_above_path", self._above)

    def _clock(self, name: str, action: str, at: datetime, columns: dict[str, Any], *, new: bool) -> None:
        if new:
            clock = self._clocks[name] = _Clock(name, at, dict(columns))
            self._check_date(clock)
            return
        clock = self._clocks[name]
        look = clock.next_look
        if action == "clock_warned" and look is not None and abs(at - look) <= MINUTE:
            clock.warned = True
        if abs(at - clock.due) <= MINUTE:
            clock.came = True
        clock.row.update(columns)

    def _check_date(self, clock: _Clock) -> None:
        """A limit that is the profile's, not moved, not capped by statute, ends where the calendar says."""
        row = clock.row
        if (
            row["limit"]
            and row["follows_id"] is None
            and not row["basis"].startswith("cap:")
            and not row["provisional"]
        ):
            counted = calendars.load().due(clock.started, Limit.parse(row["limit"]), HOURS).at
            if counted != clock.due:
                where = f"{self._stream} {row['kind']} {row['due_at']} instead of {counted.isoformat()}"
                self._found.count("dates_wrong", where)

    def _called_back(self, action: str) -> None:
        """After every answer somebody is to be asked, or to answer by the page."""
        if action not in _ANSWERED:
            return
        if not any(clock.open and clock.row["kind"] in _CALLED_BACK for clock in self._clocks.values()):
            self._found.count("callbacks_missed", f"{self._stream} {action}")

    def _judge(self, clock: _Clock, end: datetime) -> None:
        """Warned in its minute, and looked at again in the minute it was due, while it was open."""
        until = _instant(clock.row["settled_at"]) or end
        warns = clock.warns_at()
        where = f"{self._stream} {clock.row['kind']} due {clock.row['due_at']}"
        if warns < clock.due and warns + MINUTE < until:
            self._found.warnings += 1
            if not clock.warned:
                self._found.count("warnings_missed", f"{where} warns {warns.isoformat()}")
        if clock.due + MINUTE < until and clock.due >= clock.made_at and not clock.came:
            self._found.count("warnings_missed", where)

    def _followed(self, action: str, at: datetime) -> None:
        """What has to follow in the same minute: the tier above, where two reworks of one were not enough."""
        if self._owed is not None:
            until, wanted, why = self._owed
            if action == wanted:
                self._owed = None
            elif at > until:
                self._found.count("escalations_missed", f"{self._stream} {wanted}: {why}")
                self._owed = None
        if action == Action.START_REWORK and self._reworks[self._tier] == DISSATISFIED and self._above:
            self._owed = (at + MINUTE, Action.ESCALATE, f"second rework at {self._tier}")


def _instant(told: str | None) -> datetime | None:
    return None if told is None else datetime.fromisoformat(told)
