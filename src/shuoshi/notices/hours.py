"""When somebody may be told: not at night, unless life or property is in danger."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from shuoshi.kernel import clock
from shuoshi.organization import profile


def allowed_from(at: datetime, *, urgent: bool) -> datetime:
    """The first moment from `at` on at which people are told by the profile's hours."""
    telling = profile.current().telling
    local = clock.local(at)
    opens, closes = time.fromisoformat(telling.start), time.fromisoformat(telling.end)
    if urgent or opens <= local.time() < closes:
        return at
    day = local.date() if local.time() < opens else local.date() + timedelta(days=1)
    return datetime.combine(day, opens, clock.INSTITUTION_ZONE)


def morning_after(at: datetime) -> datetime:
    """When people are told again on the next day."""
    opens = time.fromisoformat(profile.current().telling.start)
    return datetime.combine(clock.local(at).date() + timedelta(days=1), opens, clock.INSTITUTION_ZONE)
