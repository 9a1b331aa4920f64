"""Chinese holidays: published years from the library, later ones from the law. Years entered here: calendars."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache


@dataclass(frozen=True)
class Year:
    """The exceptions of one year from the rule of weekends: days off, and Saturdays and Sundays that are worked."""

    number: int
    official: bool
    holidays: frozenset[date]
    makeup: frozenset[date] = frozenset()

    def is_working_day(self, day: date) -> bool:
        return day in self.makeup or (day.weekday() < 5 and day not in self.holidays)


@cache
def published() -> dict[int, Year]:
    """The years the library knows as published by the State Council, 2004 to 2026 by now."""
    from chinese_calendar import constants  # 20 ms that a command without a calendar need not pay

    years = {day.year for day in constants.holidays}
    return {
        number: Year(
            number,
            official=True,
            holidays=frozenset(day for day in constants.holidays if day.year == number),
            makeup=frozenset(day for day in constants.workdays if day.year == number),
        )
        for number in years
    }


@cache
def provisional(number: int) -> Year:
    """A year nobody has published: weekends and the statutory holidays (全国年节及纪念日放假办法, as of 2025).

    Without the make-up days, which are only known when the year is published; beyond the table below without the
    holidays of the moon, too.
    """
    fixed = {(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)}
    days = frozenset(date(number, month, day) for month, day in fixed | _BY_MOON_AND_SUN.get(number, set()))
    return Year(number, official=False, holidays=days)


_BY_MOON_AND_SUN: dict[int, set[tuple[int, int]]] = {}
