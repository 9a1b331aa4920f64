"""Moving the times of a matter to other working days, so that what fell within hours and limits still does. Pure.

A moment keeps its place among the hours of its working day; nights and days off are stretched or pressed into those of
the other place. The order of two moments never changes. Minutes wander a little inside the stretches between the hours
at which offices open and close, else a thousand copies of a matter would all be said in the same second.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, date, datetime, time, timedelta

from shuoshi.kernel.calendar import WorkingCalendar
from shuoshi.kernel.clock import INSTITUTION_ZONE

_HOURS = (0.0, 8.5, 12.0, 14.0, 17.5, 24.0)  # between these minutes wander; the hours themselves stay
_DAY = 86_400_000_000  # microseconds
_LAST_HOUR = 23 * 3_600_000_000
_EDGES = [int(hour * 3_600_000_000) for hour in _HOURS]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(microseconds=1)


class Days:
    """The working days between two dates, numbered."""

    def __init__(self, calendar: WorkingCalendar, first: date, last: date) -> None:
        day, self._starts = first, list[int]()
        while day <= last:
            if calendar.is_working_day(day):
                self._starts.append(micros(datetime.combine(day, time(), INSTITUTION_ZONE)))
            day += timedelta(days=1)

    def number(self, at: int) -> int:
        """The working day a moment (microseconds since 1970) falls on, or the last one before it."""
        return bisect_right(self._starts, at) - 1

    def moved(self, at: int, by: int, bend: float) -> int:
        """The moment `by` working days later (negative: earlier). `bend` near 1 is how minutes wander."""
        here = self.number(at)
        there = here + by
        since = at - self._starts[here]
        if since >= _DAY or (since >= _LAST_HOUR and self._off(here) and not self._off(there)):
            since = self._stretched(since, here, there)
        return self._starts[there] + _wandered(since, bend)

    def _off(self, number: int) -> int:
        """How long nobody works between the end of a working day and the next one."""
        return self._starts[number + 1] - self._starts[number] - _DAY

    def _stretched(self, since: int, here: int, there: int) -> int:
        """A moment of a day off, in the days off of another place; in the last hour where that place has none."""
        begins = _DAY if self._off(there) else _LAST_HOUR
        share = (since - begins) / (_DAY + self._off(here) - begins)
        return begins + int(share * (_DAY + self._off(there) - begins))


def _wandered(since: int, bend: float) -> int:
    day, hour = divmod(since, _DAY)
    place = bisect_right(_EDGES, hour) - 1
    begins, length = _EDGES[place], _EDGES[place + 1] - _EDGES[place]
    if hour == begins:
        return since
    return day * _DAY + begins + max(1, int(length * ((hour - begins) / length) ** bend))


def micros(at: datetime) -> int:
    return (at - _EPOCH) // _SECOND


def at(moment: int) -> datetime:
    """Microseconds since 1970 as an instant."""
    return _EPOCH + timedelta(microseconds=moment)


def written(moment: int) -> str:
    """As kernel.events.instant writes it."""
    days, rest = divmod(moment, _DAY)
    seconds, fraction = divmod(rest, 1_000_000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{_date(days)}T{hour:02}:{minute:02}:{second:02}.{fraction:06}Z"


def local_date(moment: int) -> str:
    """The day on the wall calendar of the institution, as ISO 8601."""
    return at(moment).astimezone(INSTITUTION_ZONE).date().isoformat()


_dates: dict[int, str] = {}


def _date(days: int) -> str:
    if days not in _dates:
        _dates[days] = (_EPOCH + timedelta(days=days)).date().isoformat()
    return _dates[days]
