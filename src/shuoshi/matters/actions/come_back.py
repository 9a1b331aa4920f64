"""What a restore leaves to do here: numbers that were given after the copy was made are given to nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db import transaction

from shuoshi.kernel import clock, numbering
from shuoshi.kernel.actors import SYSTEM
from shuoshi.matters.actions.intake import series
from shuoshi.organization import actions as organization_actions
from shuoshi.organization import profile
from shuoshi.organization import queries as organization

_LEAST = 100  # numbers passed over; more where a day of this institution had more matters


def pass_over_lost_numbers(copy: str, copied_at: datetime) -> str:
    """Go on well after the numbers that may stand on receipts of which this copy knows nothing; the first one now.

    How many were given nobody can tell: as many as on the busiest day, a hundred at least, and that again for each hour
    of today, so that a copy brought back twice on one day gives other numbers the second time. It concerns every day
    from the copy's on, also days to come which a clock once set wrong had begun. "" while there is no institution.
    """
    if not organization.is_set_up():
        return ""
    now = clock.local(clock.now())
    begin = min(clock.local(copied_at).date(), now.date())
    with transaction.atomic():
        institution = organization.institution()
        given = numbering.standing(series(institution, ""))
        gap = max([_LEAST, *given.values()]) * (1 + now.hour)
        days = {series(institution, f"{day:%Y%m%d}") for day in _days(begin, now.date())}
        for one in days | {one for one in given if one > series(institution, f"{begin:%Y%m%d}")}:
            numbering.go_on_after(one, _whole_hundreds(given.get(one, 0) + gap))
        today = f"{now:%Y%m%d}"
        last = numbering.standing(series(institution, today))[series(institution, today)]
        number = profile.current().numbering.matter_number(institution.code, today, last + 1)
        organization_actions.come_back(copy=copy, copied_at=copied_at, next_number=number, actor=SYSTEM)
    return number


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(days=1)


def _whole_hundreds(number: int) -> int:
    return -(-number // 100) * 100
