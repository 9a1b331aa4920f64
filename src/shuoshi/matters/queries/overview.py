"""A leader's five minutes: figures of what one may see, each the count of a list that opens (capped, never faked)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.db.models.functions import TruncWeek

from shuoshi.kernel.actors import Actor
from shuoshi.kernel.clocks import Outcome
from shuoshi.matters.models import Deadline, Rating
from shuoshi.matters.queries.counting import last_of_its_round, that_count
from shuoshi.matters.scope import visible_to
from shuoshi.matters.vocabulary import OPEN, DeadlineKind, Satisfaction

MONTH = timedelta(days=30)
AGES = (3, 15, 30)  # days since registration: up to 3, to 15, to 30, and longer
ENOUGH = 5  # below it a rate is 样本不足


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
    """Nine statements, whatever the size of the institution; the month is the last 30 days."""
    seen = visible_to(actor)
    since = now - MONTH
    open_ = seen.filter(status__in=OPEN)
    overdue = open_.filter(next_due_at__lt=now)
    due = that_count(
        Deadline.objects.filter(
            matter__in=seen.values("pk"), kind=DeadlineKind.COMPLETION, due_at__gte=since, due_at__lt=now
        )
    )
    ratings = last_of_its_round(Rating.objects.filter(matter__in=seen.values("pk"), at__gte=since))
    recent = seen.filter(registered_at__gte=since)
    met = due.aggregate(n=Count("pk", filter=Q(outcome=Outcome.MET)), of=Count("pk"))
    rated = ratings.aggregate(n=Count("pk", filter=Q(result__gte=Satisfaction.FAIR)), of=Count("pk"))
    places = range(len(AGES) + 1)
    counted = seen.aggregate(
        again=Count("pk", filter=reprinted(now)),
        **{f"age_{place}": Count("pk", filter=aged(place, now)) for place in places},
    )
    return Overview(
        open=Figure(sum(counted[f"age_{place}"] for place in places), None, "open"),
        overdue=Figure(overdue.count(), None, "over"),
        on_time=Figure(met["n"], met["of"], "due"),
        satisfied=Figure(rated["n"], rated["of"], "rated"),
        overdue_by_unit=list(
            overdue.filter(lead_unit__isnull=False)
            .values_list("lead_unit", "lead_unit__short_name")
            .annotate(n=Count("pk"))
            .order_by("-n", "lead_unit__short_name")[:10]
        ),
        hot=list(
            recent.exclude(category="").values_list("category").annotate(n=Count("pk")).order_by("-n", "category")[:10]
        ),
        ways=list(recent.values_list("channel").annotate(n=Count("pk")).order_by("-n")),
        weeks=list(
            seen.filter(registered_at__gte=now - timedelta(weeks=12))
            .annotate(week=TruncWeek("registered_at"))
            .values_list("week")
            .annotate(n=Count("pk"))
            .order_by("week")
        ),
        ages=[counted[f"age_{place}"] for place in places],
        reprinted=counted["again"],
    )
