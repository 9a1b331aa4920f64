"""What figures leave out, matter by matter and with the reason (invariant 11): of what the reader may know of.

A reason is the figure's own condition turned round; whoever changes one in `overview`, `counting` or `papers.results`
changes the other here. What is left out because nobody may say so (matters kept from the reader) is in no list.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from shuoshi.kernel.actors import Actor
from shuoshi.kernel.web.pager import Page
from shuoshi.matters.models import Deadline, Exclusion, Matter, Rating, Resumption
from shuoshi.matters.queries import queues
from shuoshi.matters.queries.counting import that_count
from shuoshi.matters.scope import visible_to
from shuoshi.matters.vocabulary import BY_FACTS, FOUR_KINDS, OPEN, OVER, DeadlineKind, Kind, Naming, Status

YEAR = timedelta(days=365)
_ANSWERED = OVER | {Status.IN_FOLLOW_UP, Status.UNDER_REVIEW}


class Reason(StrEnum):
    """Why a matter is not in a figure; which figure each is about, the desk says."""

    DRILL = "drill"
    PART = "part"
    NO_UNIT = "no_unit"
    WITHOUT_LIMIT = "without_limit"
    LIMIT_VOID = "limit_void"
    UNRATED = "unrated"
    RATED_FOR_ANOTHER = "rated_for_another"
    UNSORTED = "unsorted"
    SCREENED_OUT = "screened_out"
    BACK = "back"
    NOBODY_TO_ASK = "nobody_to_ask"
    NOT_LISTED = "not_listed"
    OTHER_KIND = "other_kind"


@dataclass(frozen=True)
class LeftOut:
    """A matter and all the reasons that hold for it."""

    matter: Matter
    reasons: Sequence[Reason]


def left_out(actor: Actor, now: datetime, only: Reason | None = None, after: str = "") -> Page[LeftOut]:
    """A page of them, the last registered first, of one reason where one is chosen. One statement."""
    holds = {reason: condition(now) for reason, condition in _CONDITIONS.items()}
    flags = {_flag(reason): ExpressionWrapper(held, output_field=BooleanField()) for reason, held in holds.items()}
    page = queues.latest(matters(actor, now, only).annotate(**flags), after)
    return Page([LeftOut(row, [one for one in Reason if getattr(row, _flag(one))]) for row in page.rows], page.next)


def matters(actor: Actor, now: datetime, only: Reason | None = None) -> QuerySet[Matter]:
    """Registered within a year, and left out for this reason, or for any."""
    wanted = Q()
    for reason, condition in _CONDITIONS.items():
        if only in (None, reason):
            wanted |= condition(now)
    return _of_the_year(actor, now).filter(wanted)


def how_many(actor: Actor, now: datetime) -> Mapping[Reason, int]:
    """By reason; a matter may count for several. One statement."""
    counts = {_flag(reason): Count("pk", filter=condition(now)) for reason, condition in _CONDITIONS.items()}
    found = _of_the_year(actor, now).aggregate(**counts)
    return {reason: found[_flag(reason)] for reason in Reason}


def _of_the_year(actor: Actor, now: datetime) -> QuerySet[Matter]:
    return visible_to(actor).filter(registered_at__gte=now - YEAR)


def _flag(reason: Reason) -> str:
    return f"left_out_{reason}"


# ── the figures' conditions, turned round ──────────────────────────────────────────────────────────────────────────

_COUNTED = Q(drill=False, part_of__isnull=True)


def _completions() -> QuerySet[Deadline]:
    return Deadline.objects.filter(matter=OuterRef("pk"), kind=DeadlineKind.COMPLETION)


def _without_limit(now: datetime) -> Q:
    """Over or answered, and never given out: at the counter, or before anybody had it. What was divided has parts that were."""
    parts = Matter.objects.filter(part_of=OuterRef("pk"))
    return _COUNTED & Q(status__in=_ANSWERED) & ~Q(Exists(_completions())) & ~Q(Exists(parts))


def _limit_void(now: datetime) -> Q:
    """A limit that has passed was void before, and none that passed counts."""
    passed = _completions().filter(due_at__lt=now)
    return Q(drill=False) & Q(Exists(passed)) & ~Q(Exists(that_count(passed)))


def _rated(**said: object) -> Q:
    return Q(Exists(Rating.objects.filter(matter=OuterRef("pk"), **said)))


def _back(now: datetime) -> Q:
    """Ended, and open again."""
    ends = Resumption.objects.filter(matter=OuterRef("pk")).exclude(exit="")
    return _COUNTED & Q(status__in=OPEN) & Q(Exists(ends))


def _not_listed(now: datetime) -> Q:
    """Of the monthly sheet (papers.results), as one reason: which of them it is, the list does not say."""
    kept = Exclusion.objects.in_force().filter(matter=OuterRef("pk"))
    quiet = Q(sensitive=True) | Q(naming=Naming.CONFIDENTIAL) | Q(kind=Kind.DISPUTE) | Q(Exists(kept))
    return _COUNTED & Q(kind__in=FOUR_KINDS) & quiet


_CONDITIONS: Mapping[Reason, Callable[[datetime], Q]] = {
    Reason.DRILL: lambda now: Q(drill=True),
    Reason.PART: lambda now: Q(drill=False, part_of__isnull=False),
    Reason.NO_UNIT: lambda now: _COUNTED & Q(status__in=OPEN, next_due_at__lt=now, lead_unit__isnull=True),
    Reason.WITHOUT_LIMIT: _without_limit,
    Reason.LIMIT_VOID: _limit_void,
    Reason.UNRATED: lambda now: _COUNTED & Q(status=Status.CLOSED) & ~_rated(),
    Reason.RATED_FOR_ANOTHER: lambda now: _COUNTED & _rated(for_another=True),
    Reason.UNSORTED: lambda now: _COUNTED & Q(category=""),
    Reason.SCREENED_OUT: lambda now: _COUNTED & Q(status=Status.SCREENED_OUT),
    Reason.BACK: _back,
    Reason.NOBODY_TO_ASK: lambda now: (
        _COUNTED & Q(status=Status.CLOSED, naming=Naming.ANONYMOUS, exit__in=sorted(BY_FACTS))
    ),
    Reason.NOT_LISTED: _not_listed,
    Reason.OTHER_KIND: lambda now: _COUNTED & ~Q(kind="") & ~Q(kind__in=FOUR_KINDS),
}
