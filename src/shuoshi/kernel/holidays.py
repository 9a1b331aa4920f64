"""Chinese holidays: published years from the library, later ones from the law. Years entered here: calendars."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
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
    days = {date(number, month, day) for month, day in ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))}
    if number in _BY_MOON_AND_SUN:
        spring, qingming, dragon_boat, mid_autumn = (date(number, *day) for day in _BY_MOON_AND_SUN[number])
        days |= {spring + timedelta(days=n) for n in (-1, 0, 1, 2)}  # New Year's Eve and the first three days
        days |= {qingming, dragon_boat, mid_autumn}
    return Year(number, official=False, holidays=frozenset(days))


_BY_MOON_AND_SUN = {  # month and day of: first day of the lunar year, Qingming, Dragon Boat, Mid-Autumn
    2027: ((2, 6), (4, 5), (6, 9), (9, 15)),
    2028: ((1, 26), (4, 4), (5, 28), (10, 3)),
    2029: ((2, 13), (4, 4), (6, 16), (9, 22)),
    2030: ((2, 3), (4, 5), (6, 5), (9, 12)),
    2031: ((1, 23), (4, 5), (6, 24), (10, 1)),
    2032: ((2, 11), (4, 4), (6, 12), (9, 19)),
    2033: ((1, 31), (4, 4), (6, 1), (9, 8)),
    2034: ((2, 19), (4, 5), (6, 20), (9, 27)),
    2035: ((2, 8), (4, 5), (6, 10), (9, 16)),
}
