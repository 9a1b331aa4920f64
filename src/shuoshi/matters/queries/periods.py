"""Months, quarters and years of the institution's calendar: what a ledger is of. How they are called is the desk's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from shuoshi.kernel import clock
from shuoshi.matters.queries.overview import beginning

MONTHS, QUARTERS, YEARS = 13, 6, 3  # to choose from, with the one that runs
_FIRST_YEAR, _LAST_YEAR = 2000, 2100
_NAME = re.compile(r"(\d{4})(?:-(?:(0[1-9]|1[0-2])|Q([1-4])))?", re.ASCII)


@dataclass(frozen=True)
class Period:
    """So many months from the first of one; 2026-11, 2026-Q4 and 2026 are its names."""

    first: date
    months: int

    @property
    def name(self) -> str:
        if self.months == 12:
            return f"{self.first.year}"
        return f"{self.first.year}-Q{self.quarter}" if self.months == 3 else f"{self.first:%Y-%m}"

    @property
    def quarter(self) -> int:
        return (self.first.month - 1) // 3 + 1

    @property
    def begins(self) -> datetime:
        return beginning(self.first)

    @property
    def ends(self) -> datetime:
        """The first moment after it."""
        return beginning(_later(self.first, self.months))

    @property
    def next(self) -> Period:
        return Period(_later(self.first, self.months), self.months)


def month(day: date) -> Period:
    """The month of a day."""
    return Period(day.replace(day=1), 1)


def named(name: str) -> Period | None:
    """The period of this name; None where it is none, or has not begun."""
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
