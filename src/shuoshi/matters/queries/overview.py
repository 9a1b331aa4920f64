"""A leader's five minutes: figures of what one may see, each the count of a list that opens (capped, never faked)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncWeek

from shuoshi.kernel.actors import Actor
from shuoshi.kernel.clocks import Outcome
from shuoshi.matters.models import Deadline, Matter, Rating
from shuoshi.matters.queries.counting import last_of_its_round, that_count
from shuoshi.matters.scope import visible_to
from shuoshi.matters.vocabulary import OPEN, DeadlineKind, Satisfaction

MONTH = timedelta(days=30)
AGES = (3, 15, 30)  # days since registration: up to 3, to 15, to 30, and longer
ENOUGH = 5  # below it a rate is 样本不足
_LINES = 10


@dataclass(frozen=True)
class Figure:
    """n of m; `list` are the parameters of the list that shows exactly these n."""

    n: int
    of: int | None
    list: str


@dataclass(frozen=True)
class Overview:
    open: Figure
    overdue: Figure
    on_time: Figure
    satisfied: Figure
    overdue_by_unit: Sequence[tuple[str, str, int]]
    hot: Sequence[tuple[str, int]]
    ways: Sequence[tuple[str, int]]
    weeks: Sequence[tuple[datetime, int]]
    ages: Sequence[int]  # open matters by AGES, one more than those
    reprinted: int  # of the month: receipts printed again, with another code


def aged(place: int, now: datetime) -> Q:
    """What is open for as long as the `place`th of AGES says, the last without end; 3 days are 72 hours."""
    edges = [now - timedelta(days=days) for days in AGES]
    found = Q(status__in=OPEN)
    if place < len(edges):
        found &= Q(registered_at__gte=edges[place])
    if place > 0:
        found &= Q(registered_at__lt=edges[place - 1])
    return found


def reprinted(now: datetime) -> Q:
    """Matters of the month whose receipt was printed more than once."""
    return Q(registered_at__gte=now - MONTH, query_generation__gt=1)


def overview(actor: Actor, now: datetime) -> Overview:
    """Five statements, whatever the size of the institution; the month is the last 30 days.

    Each reads what is open, or what came in or fell due lately, by an index of its own; what is over and done with is
    read by none.
    """
    seen = visible_to(actor)
    since = now - MONTH
    by_unit = _open_by_unit(seen, now)
    ages = [sum(row.ages[place] for row in by_unit) for place in range(len(AGES) + 1)]
    late = sorted((row for row in by_unit if row.late and row.unit), key=lambda row: (-row.late, row.name))
    recent = list(
        seen.filter(registered_at__gte=since)
        .values_list("category", "channel")
        .annotate(n=Count("pk"), again=Count("pk", filter=reprinted(now)))
    )
    return Overview(
        open=Figure(sum(ages), None, "open"),
        overdue=Figure(sum(row.late for row in by_unit), None, "over"),
        on_time=_on_time(seen, since, now),
        satisfied=_satisfied(seen, since),
        overdue_by_unit=[(str(row.unit), row.name, row.late) for row in late[:_LINES]],
        hot=_most((category, n) for category, _channel, n, _again in recent if category)[:_LINES],
        ways=_most((channel, n) for _category, channel, n, _again in recent),
        weeks=list(
            seen.filter(registered_at__gte=now - timedelta(weeks=12))
            .annotate(week=TruncWeek("registered_at"))
            .values_list("week")
            .annotate(n=Count("pk"))
            .order_by("week")
        ),
        ages=ages,
        reprinted=sum(again for _category, _channel, _n, again in recent),
    )


class _Unit(NamedTuple):
    """What is open at a unit; `unit` None for what nobody handles yet."""

    unit: UUID | None
    name: str
    late: int
    ages: tuple[int, ...]


def _open_by_unit(seen: QuerySet[Matter], now: datetime) -> list[_Unit]:
    places = range(len(AGES) + 1)
    rows = (
        seen.filter(status__in=OPEN)
        .values_list("lead_unit", "lead_unit__short_name")
        .annotate(
            late=Count("pk", filter=Q(next_due_at__lt=now)),
            **{f"age_{place}": Count("pk", filter=aged(place, now)) for place in places},
        )
    )
    return [_Unit(unit, name or "", late, tuple(ages)) for unit, name, late, *ages in rows]


def _on_time(seen: QuerySet[Matter], since: datetime, now: datetime) -> Figure:
    due = that_count(
        Deadline.objects.filter(
            matter__in=seen.values("pk"), kind=DeadlineKind.COMPLETION, due_at__gte=since, due_at__lt=now
        )
    )
    met = due.aggregate(n=Count("pk", filter=Q(outcome=Outcome.MET)), of=Count("pk"))
    return Figure(met["n"], met["of"], "due")


def _satisfied(seen: QuerySet[Matter], since: datetime) -> Figure:
    ratings = last_of_its_round(Rating.objects.filter(matter__in=seen.values("pk")), since)
    rated = ratings.aggregate(n=Count("pk", filter=Q(result__gte=Satisfaction.FAIR)), of=Count("pk"))
    return Figure(rated["n"], rated["of"], "rated")


def _most(counted: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """Sums by name, the largest first."""
    sums: Counter[str] = Counter()
    for name, n in counted:
        sums[name] += n
    return sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))
