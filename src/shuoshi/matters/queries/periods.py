"""Months, quarters, years, or days from one to another: what a ledger is of. How they are called is the desk's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shuoshi.kernel import clock
from shuoshi.matters.queries.overview import beginning

MONTHS, QUARTERS, YEARS = 13, 6, 3  # to choose from, with the one that runs
_FIRST_YEAR, _LAST_YEAR = 2000, 2100
_LONGEST = 3700  # days from one to another: ten years
_DAYS = re.compile(r"(\d{4}-\d{2}-\d{2})--(\d{4}-\d{2}-\d{2})", re.ASCII)
_NAME = re.compile(r"(\d{4})(?:-(?:(0[1-9]|1[0-2])|Q([1-4])))?", re.ASCII)


@dataclass(frozen=True)
class Period:
    """So many months from the first of one, or so many days from any.

    2026-11, 2026-Q4, 2026 and 2026-11-03--2026-11-20 are their names.
    """

    first: date
    months: int = 0
    days: int = 0

    @property
    def name(self) -> str:
        if self.days:
            return f"{self.first.isoformat()}--{self.last.isoformat()}"
        if self.months == 12:
            return f"{self.first.year}"
        return f"{self.first.year}-Q{self.quarter}" if self.months == 3 else f"{self.first:%Y-%m}"

    @property
    def quarter(self) -> int:
        return (self.first.month - 1) // 3 + 1

    @property
    def last(self) -> date:
        return self.next.first - timedelta(days=1)

    @property
    def begins(self) -> datetime:
        return beginning(self.first)

    @property
    def ends(self) -> datetime:
        """The first moment after it."""
        return beginning(self.next.first)

    @property
    def next(self) -> Period:
        """As long as it, and right after."""
        after = self.first + timedelta(days=self.days) if self.days else _later(self.first, self.months)
        return Period(after, self.months, self.days)


def month(day: date) -> Period:
    """The month of a day."""
    return Period(day.replace(day=1), 1)


def named(name: str) -> Period | None:
    """The period of this name; None where it is none, or has not begun."""
    days = _DAYS.fullmatch(name)
    if days is not None:
        try:
            return between(date.fromisoformat(days[1]), date.fromisoformat(days[2]))
        except ValueError:
            return None
    found = _NAME.fullmatch(name)
    if found is None or not _FIRST_YEAR <= int(found[1]) <= _LAST_YEAR:
        return None
    year, of_month, of_quarter = int(found[1]), found[2], found[3]
    if of_month:
        period = Period(date(year, int(of_month), 1), 1)
    elif of_quarter:
        period = Period(date(year, 3 * int(of_quarter) - 2, 1), 3)
    else:
        period = Period(date(year, 1, 1), 12)
    return period if period.begins <= clock.now() else None


def between(first: date, last: date) -> Period | None:
    """From one day to another, both within it; a whole month, quarter or year is that. None as of `named`."""
    if not (first.year >= _FIRST_YEAR and last.year <= _LAST_YEAR and timedelta() <= last - first):
        return None
    days = (last - first).days + 1
    if days > _LONGEST or beginning(first) > clock.now():
        return None
    whole = [Period(first, months) for months in (1, 3, 12) if first.day == 1 and (first.month - 1) % months == 0]
    return next((one for one in whole if one.last == last), Period(first, days=days))


def lately(today: date) -> Sequence[Sequence[Period]]:
    """Months, quarters and years to choose from, each the newest first."""
    this = today.replace(day=1)
    quarter, year = this.replace(month=3 * ((this.month - 1) // 3) + 1), this.replace(month=1)
    return tuple(
        [Period(_later(first, -months * back), months) for back in range(most)]
        for first, months, most in ((this, 1, MONTHS), (quarter, 3, QUARTERS), (year, 12, YEARS))
    )


def _later(first: date, months: int) -> date:
    count = first.year * 12 + first.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)
