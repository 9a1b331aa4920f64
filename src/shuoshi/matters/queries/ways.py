"""How the ways in are used (3): what came by each of them in a period, and what has become of it.

A line is made of the matters registered in the period of which the reader may know now, each once: a divided matter is
one, a drill is none. What became of them is what holds now, so that of a past period only the first figure stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from shuoshi.kernel.actors import Actor
from shuoshi.kernel.clocks import Outcome
from shuoshi.matters.models import Deadline, Entry, Matter, Rating
from shuoshi.matters.queries.counting import last_of_its_round, that_count
from shuoshi.matters.queries.overview import Figure, counted
from shuoshi.matters.queries.periods import Period
from shuoshi.matters.vocabulary import OPEN, Action, DeadlineKind, Satisfaction

_NONE = Figure(0, 0)


class Column(StrEnum):
    """A figure of a line, by its name in addresses."""

    CAME = "came"
    ON_THE_SPOT = "on-the-spot"
    OPEN = "open"
    IN_TIME = "in-time"
    SATISFIED = "satisfied"


@dataclass(frozen=True)
class Line:
    """What came, and of it: answered on the spot, still open, accepted in time, satisfied; and when the last one came."""

    came: int = 0
    on_the_spot: int = 0
    open: int = 0
    in_time: Figure = _NONE
    satisfied: Figure = _NONE
    last: datetime | None = None


def by_way(actor: Actor, period: Period, now: datetime) -> Mapping[str, Line]:
    """A line for each channel that was used. One statement."""
    return dict(_lines(_of_period(actor, period), "channel", period, now))


def by_point(actor: Actor, period: Period, now: datetime) -> Mapping[UUID, Line]:
    """A line for each point where something was said, whichever way it was registered. One statement."""
    return dict(_lines(_of_period(actor, period).filter(said_point__isnull=False), "said_point", period, now))


def of_figure(actor: Actor, period: Period, now: datetime, column: Column) -> QuerySet[Matter]:
    """The matters that a figure counts; of a rate those that it calls good."""
    return _of_period(actor, period).filter(_conditions(period, now)[column])


def of_way(matters: QuerySet[Matter], channel: str) -> QuerySet[Matter]:
    return matters.filter(channel=channel)


def of_point(matters: QuerySet[Matter], point: UUID) -> QuerySet[Matter]:
    return matters.filter(said_point=point)


def _of_period(actor: Actor, period: Period) -> QuerySet[Matter]:
    return counted(actor).filter(registered_at__gte=period.begins, registered_at__lt=period.ends)


def _lines(matters: QuerySet[Matter], by: str, period: Period, now: datetime) -> list[tuple[Any, Line]]:
    good = _conditions(period, now)
    found = (
        matters.order_by()
        .values(by)
        .annotate(
            came=Count("pk"),
            spot=Count("pk", filter=good[Column.ON_THE_SPOT]),
            open_now=Count("pk", filter=good[Column.OPEN]),
            in_time=Count("pk", filter=good[Column.IN_TIME]),
            fell_due=Count("pk", filter=Q(Exists(_accepted(now)))),
            satisfied=Count("pk", filter=good[Column.SATISFIED]),
            rated=Count("pk", filter=Q(Exists(_rated(period)))),
            last=Max("registered_at"),
        )
        .values_list(by, "came", "spot", "open_now", "in_time", "fell_due", "satisfied", "rated", "last")
    )
    return [
        (key, Line(came, spot, still, Figure(in_time, due), Figure(glad, rated), last))
        for key, came, spot, still, in_time, due, glad, rated, last in found
    ]


def _conditions(period: Period, now: datetime) -> Mapping[Column, Q]:
    accepted, rated = _accepted(now), _rated(period)
    return {
        Column.CAME: Q(),
        Column.ON_THE_SPOT: Q(Exists(Entry.objects.filter(matter=OuterRef("pk"), action=Action.ANSWER_ON_THE_SPOT))),
        Column.OPEN: Q(status__in=OPEN),
        Column.IN_TIME: Q(Exists(accepted)) & ~Q(Exists(accepted.exclude(outcome=Outcome.MET))),
        Column.SATISFIED: Q(Exists(rated)) & ~Q(Exists(rated.filter(result__lt=Satisfaction.FAIR))),
    }


def _accepted(now: datetime) -> QuerySet[Deadline]:
    """Limits for saying who will handle it that were kept, or have passed."""
    over = Q(outcome=Outcome.MET) | Q(due_at__lt=now)
    return that_count(Deadline.objects.filter(over, kind=DeadlineKind.ACCEPT, matter=OuterRef("pk")))


def _rated(period: Period) -> QuerySet[Rating]:
    """As the overview counts them; nobody rates before they have said something."""
    return last_of_its_round(Rating.objects.filter(for_another=False), period.begins).filter(matter=OuterRef("pk"))
