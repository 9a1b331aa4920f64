"""On which days a rule falls, and where a day goes that falls on a holiday. Pure."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Container, Iterator
from datetime import date, timedelta

from shuoshi.channels.points.models import LAST, DayRule, Every, OnHoliday
from shuoshi.kernel.calendar import WorkingCalendar

_DAY = timedelta(days=1)
_FURTHEST = 30  # days that a holiday may move something


def days_of(rule: DayRule, since: date, until: date) -> Iterator[date]:
    """The days of a rule from `since` to `until`, both included and never before its first, as if there were no holidays."""
    since = max(since, rule.first)
    for day in _every(rule, since, until):
        if since <= day <= until:
            yield day


def settled(day: date, rule: DayRule, calendar: WorkingCalendar, taken: Container[date] = ()) -> date | None:
    """Where this day goes: itself, or beside the holiday on a working day that is not `taken`.

    None where the point has that day already, and where no working day is near.
    """
    if rule.on_holiday == OnHoliday.STAY or not calendar.is_holiday(day):
        return None if day in taken else day
    step = _DAY if rule.on_holiday == OnHoliday.NEXT else -_DAY
    for n in range(1, _FURTHEST + 1):
        there = day + n * step
        if calendar.is_working_day(there) and there not in taken:
            return there
    return None


def _every(rule: DayRule, since: date, until: date) -> Iterator[date]:
    if rule.every == Every.WEEKS:
        weeks, weekday = rule.weeks or 1, rule.weekday or 1
        day = rule.first + timedelta(days=(weekday - rule.first.isoweekday()) % 7)
        while day <= until:
            yield day
            day += timedelta(weeks=weeks)
        return
    year, month = since.year, since.month
    while date(year, month, 1) <= until:
        yield _in_month(rule, year, month)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def _in_month(rule: DayRule, year: int, month: int) -> date:
    first_weekday, length = monthrange(year, month)
    if rule.every == Every.MONTH:
        return date(year, month, min(rule.day or 1, length))
    first = 1 + ((rule.weekday or 1) - 1 - first_weekday) % 7
    nth = rule.nth or 1
    day = first + 7 * ((length - first) // 7 if nth == LAST else nth - 1)
    return date(year, month, day)
