"""Calls as they stand: ringing and running now, answered and not written down, missed; and how the hotline is answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from shuoshi.channels.hotline.keeping import Deed
from shuoshi.channels.hotline.models import MISSED, UNWRITTEN, Call, Exchange, FromCall, Voicemail, VoicemailState
from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor
from shuoshi.matters import veil
from shuoshi.matters.case import Case
from shuoshi.matters.scope import standing, visible_to
from shuoshi.organization import queries as organization

SHOWN = 50  # of a list
PROMPT = timedelta(seconds=15)  # GB/T 33358: answered within
FORGOTTEN = timedelta(hours=4)  # an exchange that was switched off never tells the end of a call
WRITTEN_WITHIN = timedelta(days=2)  # what nobody wrote down by then is no longer asked for


def over(now: datetime) -> Q:
    """Calls that ended, and those whose end was never told."""
    return Q(ended_at__isnull=False) | Q(rang_at__lte=now - FORGOTTEN)


@dataclass(frozen=True)
class Answering:
    """Calls of a time that are over: how many, how many were answered, within 15 seconds, and became matters.

    Of those missed: in how many somebody was reached afterwards, and how many wait. A call that was answered before
    anybody told that it rang is not within 15 seconds: nobody knows.
    """

    calls: int
    answered: int
    prompt: int
    registered: int
    reached: int
    waiting: int


def running(now: datetime) -> list[Call]:
    """Ringing, or being spoken, the newest first."""
    rows = Call.objects.filter(ended_at__isnull=True, settled_at__isnull=True, rang_at__gt=now - FORGOTTEN)
    return list(rows.order_by("-rang_at", "-id")[:SHOWN])


def unwritten(now: datetime) -> list[Call]:
    """Answered and over, and neither registered nor put away."""
    rows = Call.objects.filter(UNWRITTEN, over(now))
    return list(rows.filter(rang_at__gt=now - WRITTEN_WITHIN).order_by("-rang_at", "-id")[:SHOWN])


def missed(now: datetime) -> list[Call]:
    """To be rung back, the first that rang before the others; several of one number once, as its last call."""
    rows = Call.objects.filter(MISSED, over(now)).order_by("rang_at", "id")
    found: dict[str, Call] = {}
    for row in rows[: SHOWN * 10]:
        found[row.caller_index or row.pk.hex] = row
    return list(found.values())[:SHOWN]


def call(key: UUID) -> Call | None:
    return Call.objects.filter(pk=key).first()


def left() -> list[Voicemail]:
    """Recordings that wait to be heard, the first that was left before the others."""
    rows = Voicemail.objects.filter(state=VoicemailState.WAITING).select_related("entered_by")
    return list(rows.order_by("left_at", "id")[:SHOWN])


def aside() -> list[Voicemail]:
    """Recordings that became no matter, the last that was put away before the others; any of them may be registered yet."""
    rows = Voicemail.objects.filter(state=VoicemailState.ASIDE).select_related("settled_by")
    return list(rows.order_by("-settled_at", "-id")[:SHOWN])


def voicemail(key: UUID) -> Voicemail | None:
    return Voicemail.objects.filter(pk=key).select_related("entered_by", "settled_by").first()


def kept_from(row: Voicemail, actor: Actor) -> bool:
    """Whether it became a matter the actor may not see, or whose speaker the actor may not hear (4.2.2, 5.3)."""
    every = {one.matter_id for one in row.raised.all()}
    seen = list(visible_to(actor).filter(pk__in=every)) if every else []
    now = clock.now()
    cases = (Case(actor=actor, matter=one, standing=standing(actor, one), now=now) for one in seen)
    return len(seen) < len(every) or not all(veil.hears(case) for case in cases)


def answering(begins: datetime, ends: datetime, now: datetime) -> Answering:
    """One statement."""
    answered = Q(answered_at__isnull=False)
    raised = Exists(FromCall.objects.filter(call=OuterRef("pk")))
    found = (
        Call.objects.filter(over(now), rang_at__gte=begins, rang_at__lt=ends)
        .order_by()
        .aggregate(
            calls=Count("pk"),
            answered=Count("pk", filter=answered),
            prompt=Count("pk", filter=Q(answered_at__gt=F("rang_at"), answered_at__lte=F("rang_at") + PROMPT)),
            registered=Count("pk", filter=answered & Q(raised)),
            reached=Count("pk", filter=~answered & Q(reached=True)),
            waiting=Count("pk", filter=MISSED),
        )
    )
    return Answering(**found)


def raised_by(row: Call) -> int:
    """How many matters a call has become so far."""
    return row.raised.count()


def exchanges() -> QuerySet[Exchange]:
    """All there are, those in use first."""
    return Exchange.objects.order_by("-active", "name", "id")


def history(key: UUID) -> list[organization.Change]:
    """What was changed about an exchange, newest first; one statement."""
    return organization.history("exchange", key, Deed)
