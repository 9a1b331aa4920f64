"""Working days and office hours as pure values: no database, no time of its own. Stored years are in calendars."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise

from shuoshi.kernel import holidays
from shuoshi.kernel.clock import INSTITUTION_ZONE

Year = holidays.Year

_DAY = timedelta(days=1)
_WRITTEN = re.compile(r"(\d{1,4})(wd|wh|cd|min)")


class Unit(StrEnum):
    """What a limit counts."""

    WORKING_DAYS = "wd"
    WORKING_HOURS = "wh"
    CALENDAR_DAYS = "cd"
    MINUTES = "min"  # around the clock


@dataclass(frozen=True, slots=True)
class Limit:
    """An amount of time that somebody has: 7wd, 4wh, 60cd, 30min. 0wd means the same day."""

    amount: int
    unit: Unit

    @classmethod
    def parse(cls, written: str) -> Limit:
        """Read "7wd". Raises ValueError that names the text and the units."""
        found = _WRITTEN.fullmatch(written.strip())
        if not found or (found[1].strip("0") == "" and found[2] != "wd"):
            raise ValueError(f"{written!r} is no limit; write for example 7wd, 4wh, 60cd or 30min")
        return cls(int(found[1]), Unit(found[2]))

    def __str__(self) -> str:
        return f"{self.amount}{self.unit.value}"


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """When a unit is open on a working day: spans in order, on the institution's wall clock."""

    spans: tuple[tuple[time, time], ...] = ((time(8, 30), time(12)), (time(14), time(17, 30)))

    def __post_init__(self) -> None:
        edges = [edge for span in self.spans for edge in span]
        if not edges or any(a >= b for a, b in pairwise(edges)):
            raise ValueError(f"office hours {self.spans} do not follow one another")

    @classmethod
    def parse(cls, written: str) -> OfficeHours:
        """Read "08:30-12:00, 14:00-17:30"."""
        spans = [part.strip().split("-") for part in written.split(",")]
        if any(len(span) != 2 for span in spans):
            raise ValueError(f"{written!r} are no office hours; write for example 08:30-12:00, 14:00-17:30")
        return cls(tuple((time.fromisoformat(a.strip()), time.fromisoformat(b.strip())) for a, b in spans))

    def __str__(self) -> str:
        return ", ".join(f"{a:%H:%M}-{b:%H:%M}" for a, b in self.spans)

    @property
    def opens(self) -> time:
        return self.spans[0][0]

    @property
    def closes(self) -> time:
        return self.spans[-1][1]

    @property
    def per_day(self) -> timedelta:
        return sum((_since(b) - _since(a) for a, b in self.spans), timedelta())


@dataclass(frozen=True, slots=True)
class Due:
    """When a limit ends, in the institution's zone, and whether a year that is not official was counted on the way."""

    at: datetime
    provisional: bool


class LeftUnit(StrEnum):
    """In which words what is left or late is said (ux.md §7)."""

    WORKING_DAYS = "working_days"
    HOURS = "hours"
    MINUTES = "minutes"
    TODAY = "today"


@dataclass(frozen=True, slots=True)
class Left:
    """What is left, or by how much it is late. `amount` is 0 for TODAY: the words then name the time of `due`."""

    unit: LeftUnit
    amount: int
    late: bool


@dataclass(frozen=True)
class WorkingCalendar:
    """The working days of the years it was given; any other year follows the statutory holidays, provisionally."""

    years: Mapping[int, Year] = field(default_factory=dict)

    def due(self, start: datetime, limit: Limit, hours: OfficeHours) -> Due:
        """When a limit that begins at `start` ends. The day of the start does not count; days end at closing time."""
        if limit.unit is Unit.MINUTES:
            return Due(start + timedelta(minutes=limit.amount), provisional=False)
        if limit.unit is Unit.WORKING_HOURS:
            at = self._after_working(start, timedelta(hours=limit.amount), hours)
        else:
            at = self._closing_of_last_day(start, limit, hours)
        return Due(at, self._is_provisional_between(start, at))

    def warn_at(self, start: datetime, due: datetime, limit: Limit, hours: OfficeHours) -> datetime:
        """When yellow begins (domain.md §11.4): at 80 % of the working time or one working day before the end.

        The earlier of the two counts. Limits up to two working days warn at half of the working time, minutes at half
        of the time.
        """
        whole = self._working_between(start, due, hours)
        if limit.unit is Unit.MINUTES or not whole:
            return start + (due - start) / 2
        if whole < 3 * hours.per_day and _is_short(limit, hours):
            return self._after_working(start, whole / 2, hours)
        return self._after_working(start, min(whole * 4 / 5, whole - hours.per_day), hours)

    def remaining(self, now: datetime, due: datetime, hours: OfficeHours) -> Left:
        """What to say of a promise at `now`: working days left without today, or late with today (ux.md §7)."""
        today, last = _local(now).date(), _local(due).date()
        if now > due:
            days = self.working_days_between(last, today)
            if self.is_working_day(today) and now < _at(today, hours.opens):
                days -= 1  # today counts from its opening
            if days > 0:
                return Left(LeftUnit.WORKING_DAYS, days, late=True)
            return _in_hours(now - due, late=True)
        if due - now < timedelta(hours=1):
            return Left(LeftUnit.MINUTES, -(-(due - now) // timedelta(minutes=1)), late=False)
        if today == last:
            return Left(LeftUnit.TODAY, 0, late=False)
        days = self.working_days_between(today, last)
        return Left(LeftUnit.WORKING_DAYS, days, late=False) if days else _in_hours(due - now, late=False)

    def is_working_day(self, day: date) -> bool:
        return self._year(day.year).is_working_day(day)

    def is_holiday(self, day: date) -> bool:
        """A day off by the notice of the year, on whichever weekday; an ordinary weekend is none."""
        return day in self._year(day.year).holidays

    def is_provisional(self, day: date) -> bool:
        """Whether the year of this day is only guessed from weekends and the statutory holidays."""
        return not self._year(day.year).official

    def first_provisional(self, day: date) -> datetime:
        """The first moment, from the year of this day on, that lies in a year only guessed."""
        year = day.year
        while self._year(year).official:
            year += 1
        return _at(date(year, 1, 1), time.min)

    def working_days_between(self, a: date, b: date) -> int:
        """Working days after `a` up to and including `b`; 0 when b is not later."""
        return sum(self.is_working_day(a + n * _DAY) for n in range(1, (b - a).days + 1))

    def _closing_of_last_day(self, start: datetime, limit: Limit, hours: OfficeHours) -> datetime:
        day = _local(start).date()
        if limit.unit is Unit.CALENDAR_DAYS:
            day += limit.amount * _DAY
        else:
            for _ in range(limit.amount):
                day = self._working_day_from(day + _DAY)
        day = self._working_day_from(day)
        while _at(day, hours.closes) <= start:  # only 0wd said after closing time
            day = self._working_day_from(day + _DAY)
        return _at(day, hours.closes)

    def _working_day_from(self, day: date) -> date:
        """The day itself, or the next working day when it is none."""
        while not self.is_working_day(day):
            day += _DAY
        return day

    def _after_working(self, start: datetime, amount: timedelta, hours: OfficeHours) -> datetime:
        """When so much working time has passed; at the end of a span that end, not the next opening."""
        day = _local(start).date()
        while True:
            day = self._working_day_from(day)
            for opens, closes in hours.spans:
                begin, end = max(_at(day, opens), start), _at(day, closes)
                if end <= begin:
                    continue
                if amount <= end - begin:
                    return begin + amount
                amount -= end - begin
            day += _DAY

    def _working_between(self, a: datetime, b: datetime, hours: OfficeHours) -> timedelta:
        """Working time within [a, b]."""
        first, last = _local(a).date(), _local(b).date()
        total = timedelta()
        for n in range((last - first).days + 1):
            day = first + n * _DAY
            if self.is_working_day(day):
                for opens, closes in hours.spans:
                    total += max(min(_at(day, closes), b) - max(_at(day, opens), a), timedelta())
        return total

    def _is_provisional_between(self, a: datetime, b: datetime) -> bool:
        return any(not self._year(year).official for year in range(_local(a).year, _local(b).year + 1))

    def _year(self, number: int) -> Year:
        return self.years.get(number) or holidays.provisional(number)


def _is_short(limit: Limit, hours: OfficeHours) -> bool:
    """Up to two working days; calendar days are taken as they come, the working time decides about those."""
    if limit.unit is Unit.WORKING_HOURS:
        return timedelta(hours=limit.amount) <= 2 * hours.per_day
    return limit.amount <= 2


def _in_hours(amount: timedelta, *, late: bool) -> Left:
    if amount < timedelta(hours=1):
        return Left(LeftUnit.MINUTES, max(1, amount // timedelta(minutes=1)), late)
    return Left(LeftUnit.HOURS, amount // timedelta(hours=1), late)


def _local(at: datetime) -> datetime:
    return at.astimezone(INSTITUTION_ZONE)


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, INSTITUTION_ZONE)


def _since(clock: time) -> timedelta:
    return timedelta(hours=clock.hour, minutes=clock.minute)
