"""How many messages leave: to one person and one number a day, and of text messages from the whole site (security.md, 2.1).

What is counted is what was handed to a gateway and may have left. Alarms of danger to the staff know no limit.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count, Q

from shuoshi.kernel import blind, clock, steady
from shuoshi.notices.models import Message, To, Way
from shuoshi.organization import profile

PER_DAY = 10  # to one person, and to one number, whoever it is given by
_HOUR = timedelta(hours=1)


def index_of(message: Message, to: str) -> str:
    """What a number is counted by: its blind index, of text messages only."""
    return blind.index("phone", to) if message.way == Way.SMS and to else ""


def enough_for_one(message: Message, index: str, now: datetime) -> bool:
    """Whether this speaker, or this number, had as many today as anybody gets."""
    if message.to != To.SPEAKER:
        return False
    gone = Message.objects.filter(handed_at__gte=_midnight(now))
    if index and gone.filter(number_index=index).count() >= PER_DAY:
        return True
    return not message.urgent and gone.filter(recipient=message.recipient).count() >= PER_DAY


def enough_for_the_site(message: Message, now: datetime) -> bool:
    """Whether the site has sent as many text messages this hour or today as its rules allow."""
    if message.way != Way.SMS or (message.to == To.STAFF and message.urgent):
        return False
    return reached(now)


def reached(now: datetime) -> bool:
    """Whether one of the limits of the site is reached."""
    hour, day = sent(now)
    if not hour and not day:
        return False
    allowed = profile.current().telling
    return hour >= allowed.sms_hour or day >= allowed.sms_day


def sent(now: datetime) -> tuple[int, int]:
    """Text messages of the last hour and of today, whoever got them; one statement."""
    hour, midnight = Q(handed_at__gt=now - _HOUR), Q(handed_at__gte=_midnight(now))
    gone = Message.objects.filter(hour | midnight, way=Way.SMS).order_by()
    found = gone.aggregate(hour=Count("pk", filter=hour), day=Count("pk", filter=midnight))
    return found["hour"], found["day"]


def tell(now: datetime) -> None:
    """The alarm stands exactly while a limit of the site is reached."""
    steady.keep(steady.Kind.MESSAGES_FULL, wrong=reached(now))


def _midnight(now: datetime) -> datetime:
    return clock.local(now).replace(hour=0, minute=0, second=0, microsecond=0)
