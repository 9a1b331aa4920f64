"""Gateways that are down: only one message probes them, at growing distances, and the others wait without losing a try.

What a gateway says of one message (a wrong number, a recipient it does not know) is no matter of this module: only a
line that does not come about or breaks, a server's own error, an account it does not let in.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from shuoshi.kernel import steady
from shuoshi.notices.models import Circuit, Message, Robot, State, Vendor, Way

FIRST, LONGEST = timedelta(minutes=1), timedelta(minutes=15)  # between two probes
PROBING = timedelta(minutes=3)  # a probe whose worker died is given up after
TOLD_AFTER = 3  # failed probes: a line that breaks once is no alarm
OLD, OLD_URGENT = timedelta(hours=24), timedelta(minutes=30)  # who waited so long is told by hand
_ROBOT = "robot:"
CHANNELS = (Way.SMS.value, Way.EMAIL.value, Way.WECHAT.value, *(f"{_ROBOT}{vendor.value}" for vendor in Vendor), _ROBOT)


def of_robots(vendor: str) -> str:
    """The channel of all robots of a vendor: they stand at one address."""
    return f"{_ROBOT}{vendor}"


def messages(waiting: QuerySet[Message], channel: str) -> QuerySet[Message]:
    """Of these what leaves by this channel; the last one is that of robots that are no more."""
    if not channel.startswith(_ROBOT):
        return waiting.filter(way=channel)
    of_robots, vendor = waiting.filter(way=Way.ROBOT), channel.removeprefix(_ROBOT)
    if vendor:
        return of_robots.filter(recipient__in=Robot.objects.filter(vendor=vendor).values("unit"))
    return of_robots.exclude(recipient__in=Robot.objects.values("unit"))


def down() -> dict[str, Circuit]:
    """The channels that are down; one statement."""
    return {row.channel: row for row in Circuit.objects.all()}


def take_probe(channel: str, now: datetime) -> bool:
    """Whether it is time to probe, and it is we who do."""
    due = Circuit.objects.filter(channel=channel, probe_at__lte=now)
    return bool(due.update(probe_at=now + PROBING))


def fails(channel: str, code: str, now: datetime) -> datetime:
    """The gateway is down; when it is probed next."""
    with transaction.atomic():
        first = {"since": now, "tried_at": now, "probe_at": now + FIRST, "code": code[:60]}
        row, fresh = Circuit.objects.select_for_update().get_or_create(channel=channel, defaults=first)
        if not fresh:
            row.failures, row.tried_at, row.code = row.failures + 1, now, code[:60]
            row.probe_at = now + min(FIRST * 2 ** min(row.failures - 1, 8), LONGEST)
            row.save()
        _tell()
    return row.probe_at


def works(channel: str) -> bool:
    """The gateway answers, or its settings are new: everything that waits may go; whether it was down."""
    with transaction.atomic():
        was_down = bool(Circuit.objects.filter(channel=channel).delete()[0])
        if was_down:
            _tell()
    return was_down


def _tell() -> None:
    steady.keep(steady.Kind.GATEWAY_DOWN, wrong=Circuit.objects.filter(failures__gte=TOLD_AFTER).exists())


def waited_too_long(now: datetime) -> Iterator[QuerySet[Message]]:
    """Of each channel that is down what waited longer than a gateway is worth waiting for."""
    old = Q(urgent=False, created_at__lt=now - OLD) | Q(urgent=True, created_at__lt=now - OLD_URGENT)
    for channel in down():
        yield messages(Message.objects.filter(old, state=State.WAITING), channel)


def channel_of(message: Message) -> str:
    """By which channel it leaves."""
    if message.way != Way.ROBOT:
        return str(message.way)
    vendor = Robot.objects.filter(unit=message.recipient).values_list("vendor", flat=True).first()
    return of_robots(vendor or "")


def named(channel: str) -> str:
    """What people call it."""
    way, _mark, vendor = channel.partition(":")
    return str(Vendor(vendor).label if vendor else Way(way).label)
