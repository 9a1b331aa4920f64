"""Calls as they stand: ringing and running now, answered and not written down, missed; and how the hotline is answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, F, Max, Q, QuerySet

from shuoshi.channels.hotline.keeping import Deed
from shuoshi.channels.hotline.models import Call, Exchange
from shuoshi.organization import queries as organization

SHOWN = 50  # of a list
PROMPT = timedelta(seconds=15)  # GB/T 33358: answered within
FORGOTTEN = timedelta(hours=4)  # an exchange that was switched off never tells the end of a call
WRITTEN_WITHIN = timedelta(days=2)  # what nobody wrote down by then is no longer asked for

MISSED = Q(answered_at__isnull=True, ended_at__isnull=False)


@dataclass(frozen=True)
class Answering:
    """Calls of a time that are over: how many, how many were answered, within 15 seconds; missed ones not reached yet."""

    calls: int
    answered: int
    prompt: int
    waiting: int
    last: datetime | None


def running(now: datetime) -> list[Call]:
    """Ringing, or being spoken, the newest first."""
    rows = Call.objects.filter(ended_at__isnull=True, settled_at__isnull=True, rang_at__gt=now - FORGOTTEN)
    return list(rows.order_by("-rang_at", "-id")[:SHOWN])


def unwritten(now: datetime) -> list[Call]:
    """Answered and over, and neither registered nor put away."""
    rows = Call.objects.filter(answered_at__isnull=False, ended_at__isnull=False, settled_at__isnull=True)
    return list(rows.filter(rang_at__gt=now - WRITTEN_WITHIN).order_by("-rang_at", "-id")[:SHOWN])


def missed() -> list[Call]:
    """To be rung back, the first that rang before the others; several of one number once, as its last call."""
    rows = Call.objects.filter(MISSED, settled_at__isnull=True).order_by("rang_at", "id")
    found: dict[str, Call] = {}
    for row in rows[: SHOWN * 4]:
        found[row.caller_index or row.pk.hex] = row
    return list(found.values())[:SHOWN]


def call(key: UUID) -> Call | None:
    return Call.objects.filter(pk=key).first()


def answering(begins: datetime, ends: datetime) -> Answering:
    """One statement."""
    over = Q(ended_at__isnull=False)
    found = Call.objects.filter(rang_at__gte=begins, rang_at__lt=ends).aggregate(
        calls=Count("pk", filter=over),
        answered=Count("pk", filter=over & Q(answered_at__isnull=False)),
        prompt=Count("pk", filter=over & Q(answered_at__lte=F("rang_at") + PROMPT)),
        waiting=Count("pk", filter=MISSED & Q(settled_at__isnull=True)),
        last=Max("rang_at"),
    )
    return Answering(**found)


def exchanges() -> QuerySet[Exchange]:
    """All there are, those in use first."""
    return Exchange.objects.order_by("-active", "name", "id")


def history(key: UUID) -> list[organization.Change]:
    """What was changed about an exchange, newest first; one statement."""
    return organization.history("exchange", key, Deed)
