"""Moments at which people of the demo act: inside office hours, in the evening at home. Pure but for its dice."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random

from shuoshi.kernel.calendar import WorkingCalendar
from shuoshi.kernel.clock import INSTITUTION_ZONE

MORNING = (time(8, 30), time(12, 0))
AFTERNOON = (time(14, 0), time(17, 30))
DAY = 420  # minutes of work in a day


class Timetable:
    """Office hours of the invented town. All moments are aware, on the wall clock of the institution."""

    def __init__(self, calendar: WorkingCalendar, dice: Random) -> None:
        self._calendar = calendar
        self._dice = dice

    def open_at(self, at: datetime) -> datetime:
        """The first moment not before `at` at which the office is open."""
        day, clock = at.date(), at.time()
        if self._calendar.is_working_day(day):
            for opens, closes in (MORNING, AFTERNOON):
                if clock < opens:
                    return _moment(day, opens)
                if clock < closes:
                    return at
        return _moment(self.next_day(day), MORNING[0])

    def after(self, at: datetime, minutes: float) -> datetime:
        """So many minutes of work later."""
        at, left = self.open_at(at), timedelta(minutes=max(1, int(minutes)))
        while True:
            closes = MORNING[1] if at.time() < MORNING[1] else AFTERNOON[1]
            here = _moment(at.date(), closes) - at
            if left < here:
                return at + left
            left -= here
            at = self.open_at(_moment(at.date(), closes))

    def soon(self, at: datetime, least: float, most: float) -> datetime:
        """After between `least` and `most` minutes of work."""
        return self.after(at, self._dice.uniform(least, most))

    def next_day(self, day: date) -> date:
        day += timedelta(days=1)
        while not self._calendar.is_working_day(day):
            day += timedelta(days=1)
        return day

    def at_hour(self, day: date, first: float, last: float) -> datetime:
        """Some minute of that day between two hours, 18.5 being half past six."""
        minutes = int(self._dice.uniform(first * 60, last * 60))
        return _moment(day, time(minutes // 60, minutes % 60)) + timedelta(seconds=self._dice.randrange(60))

    def office_moment(self, day: date) -> datetime:
        """Some minute of that day (or the next working one) at which the office is open."""
        start = self.open_at(_moment(day, MORNING[0]))
        return self.soon(start, 1, DAY - 40)

    def working_days_back(self, day: date, count: int) -> list[date]:
        """The last `count` working days up to `day`, oldest first."""
        found: list[date] = []
        while len(found) < count:
            if self._calendar.is_working_day(day):
                found.append(day)
            day -= timedelta(days=1)
        return found[::-1]


def _moment(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, INSTITUTION_ZONE)
