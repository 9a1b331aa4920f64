"""A leader's five minutes: figures of what one may see, and beside each the list that it counts.

A figure and its list are made of the same condition, and count matters: a list shows a matter once. The month is the
last 30 days; a week begins on Monday.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncWeek

from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.clocks import Outcome
from shuoshi.matters.models import Deadline, Matter, Rating, Sample
from shuoshi.matters.queries.counting import last_of_its_round, that_count
from shuoshi.matters.scope import visible_to
from shuoshi.matters.vocabulary import OPEN, DeadlineKind, Drawn, Looked, Satisfaction, Status

MONTH = timedelta(days=30)
WEEKS = 12  # of the trend, with the one that runs
AGES = (3, 15, 30)  # days since registration: up to 3, to 15, to 30, and longer
ENOUGH = 5  # below it a rate is 样本不足


@dataclass(frozen=True)
class Figure:
    """n, and of how many where it is a rate."""

    n: int
    of: int | None = None


@dataclass(frozen=True)
class Looks:
    """Ends of the month that were drawn, those of them a third person has looked at, and those that were not so."""

    drawn: int
    done: int
    contradicted: int


@dataclass(frozen=True)
class Overview:
    open: Figure
    overdue: Figure
    on_time: Figure
    satisfied: Figure
    overdue_by_unit: Sequence[tuple[str, str, int]]
    hot: Sequence[tuple[str, int]]
    ways: Sequence[tuple[str, int]]
    weeks: Sequence[tuple[date, int]]
    ages: Sequence[int]  # open matters by AGES, one more than those
    ended: Sequence[tuple[str, int]]  # of the month: how matters ended, by code
    sampled: Looks
    reprinted: int  # of the month: receipts printed again, with another code


# ── lists ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def counted(actor: Actor) -> QuerySet[Matter]:
    """What this person may know of and figures may count: a drill is none of it, and a divided matter is one."""
    return worked_on(actor).filter(part_of__isnull=True)


def worked_on(actor: Actor) -> QuerySet[Matter]:
    """The same by the work of units, each of which answers for its part."""
    return visible_to(actor).filter(drill=False)


def unfinished(actor: Actor, now: datetime) -> QuerySet[Matter]:
    return counted(actor).filter(status__in=OPEN)


def overdue(actor: Actor, now: datetime) -> QuerySet[Matter]:
    return unfinished(actor, now).filter(next_due_at__lt=now)


def late_work(actor: Actor, now: datetime) -> QuerySet[Matter]:
    """What a unit has and did not answer in time; of a divided matter its parts."""
    return worked_on(actor).filter(status__in=OPEN, next_due_at__lt=now, lead_unit__isnull=False)


def answered_on_time(actor: Actor, now: datetime) -> QuerySet[Matter]:
    """Replies of units that fell due in the month; of several in one matter, all were in time."""
    due = _due(now).filter(matter=OuterRef("pk"))
    return worked_on(actor).filter(Exists(due), ~Exists(due.exclude(outcome=Outcome.MET)))


def satisfied(actor: Actor, now: datetime) -> QuerySet[Matter]:
    """Rated in the month; of several rounds, none did not satisfy."""
    rated = _rated(now).filter(matter=OuterRef("pk"))
    return counted(actor).filter(Exists(rated), ~Exists(rated.filter(result__lt=Satisfaction.FAIR)))


def recent(actor: Actor, now: datetime) -> QuerySet[Matter]:
    return counted(actor).filter(registered_at__gte=now - MONTH)


def in_the_weeks(actor: Actor, now: datetime) -> QuerySet[Matter]:
    """Registered in the weeks of the trend."""
    return counted(actor).filter(registered_at__gte=beginning(first_week(now)))


def of_age(place: int, actor: Actor, now: datetime) -> QuerySet[Matter]:
    return counted(actor).filter(aged(place, now))


def ended_as(exit_: str, actor: Actor, now: datetime) -> QuerySet[Matter]:
    """Ended so in the month, and not taken up again since."""
    return _ended(actor, now).filter(exit=exit_)


def looked_at(actor: Actor, now: datetime) -> QuerySet[Matter]:
    """Looked at by a third person, of the ends of the month. What is still to be looked at is not told beforehand."""
    return counted(actor).filter(Exists(_looks(now).filter(matter=OuterRef("pk"))))


def contradicted(actor: Actor, now: datetime) -> QuerySet[Matter]:
    not_so = _looks(now).filter(matter=OuterRef("pk"), found=Looked.CONTRADICTED)
    return counted(actor).filter(Exists(not_so))


def printed_again(actor: Actor, now: datetime) -> QuerySet[Matter]:
    return counted(actor).filter(reprinted(now))


# ── figures ────────────────────────────────────────────────────────────────────────────────────────────────────────


def overview(actor: Actor, now: datetime) -> Overview:
    """Eight statements, whatever the size of the institution: each reads what is open, or what came or fell due lately."""
    seen = counted(actor)
    places = range(len(AGES) + 1)
    ages = unfinished(actor, now).aggregate(**{f"{place}": Count("pk", filter=aged(place, now)) for place in places})
    late = list(
        worked_on(actor)
        .filter(status__in=OPEN, next_due_at__lt=now)
        .values_list("lead_unit", "lead_unit__short_name")
        .annotate(n=Count("pk"), wholes=Count("pk", filter=Q(part_of__isnull=True)))
        .order_by("-n", "lead_unit__short_name", "lead_unit")
    )
    month = list(
        recent(actor, now)
        .values_list("category", "channel")
        .annotate(n=Count("pk"), again=Count("pk", filter=reprinted(now)))
    )
    return Overview(
        open=Figure(sum(ages.values())),
        overdue=Figure(sum(wholes for _unit, _name, _n, wholes in late)),
        on_time=_rate(_due(now).filter(matter__in=worked_on(actor).values("pk")), bad=~Q(outcome=Outcome.MET)),
        satisfied=_rate(_rated(now).filter(matter__in=seen.values("pk")), bad=Q(result__lt=Satisfaction.FAIR)),
        overdue_by_unit=[(unit, name, n) for unit, name, n, _wholes in late if unit is not None][:10],
        hot=_most((category, n) for category, _channel, n, _again in month if category)[:10],
        ways=_most((channel, n) for _category, channel, n, _again in month),
        weeks=_weeks(actor, now),
        ended=_most(_ended(actor, now).values_list("exit").annotate(n=Count("pk")).order_by()),
        sampled=_sampled(seen, now),
        ages=[ages[f"{place}"] for place in places],
        reprinted=sum(again for _category, _channel, _n, again in month),
    )


def _most(counted: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """Sums by name, the largest first."""
    sums: Counter[str] = Counter()
    for name, n in counted:
        sums[name] += n
    return sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))


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


def first_week(now: datetime) -> date:
    """The Monday on which the trend begins."""
    today = clock.local(now).date()
    return today - timedelta(days=today.weekday(), weeks=WEEKS - 1)


def beginning(day: date) -> datetime:
    """The moment this day begins at the institution."""
    return datetime.combine(day, time(), clock.INSTITUTION_ZONE)


def _ended(actor: Actor, now: datetime) -> QuerySet[Matter]:
    return counted(actor).filter(status=Status.CLOSED, closed_at__gte=now - MONTH)


def _looks(now: datetime) -> QuerySet[Sample]:
    return Sample.objects.filter(at__gte=now - MONTH).exclude(drawn=Drawn.NOT).exclude(found="")


def _sampled(seen: QuerySet[Matter], now: datetime) -> Looks:
    """By matter, like every figure here; how many were drawn is told as a number only."""
    month = Sample.objects.filter(at__gte=now - MONTH, matter__in=seen.order_by().values("pk"))
    found = month.exclude(drawn=Drawn.NOT).aggregate(
        drawn=Count("matter", distinct=True),
        done=Count("matter", distinct=True, filter=~Q(found="")),
        contradicted=Count("matter", distinct=True, filter=Q(found=Looked.CONTRADICTED)),
    )
    return Looks(**found)


def _due(now: datetime) -> QuerySet[Deadline]:
    return that_count(Deadline.objects.filter(kind=DeadlineKind.COMPLETION, due_at__gte=now - MONTH, due_at__lt=now))


def _rated(now: datetime) -> QuerySet[Rating]:
    """Of the speakers themselves: what a representative says for another is counted apart (queries.left_out)."""
    return last_of_its_round(Rating.objects.filter(for_another=False), now - MONTH)


def _rate(rows: QuerySet[Deadline] | QuerySet[Rating], *, bad: Q) -> Figure:
    """How many matters of these rows have no bad one, of how many."""
    by_matter = rows.order_by().values("matter").annotate(bad=Count("pk", filter=bad))
    found = by_matter.aggregate(n=Count("matter", filter=Q(bad=0)), of=Count("matter"))
    return Figure(found["n"], found["of"])


def _weeks(actor: Actor, now: datetime) -> list[tuple[date, int]]:
    """Each week of the trend by its Monday, also one in which nothing was said."""
    rows = in_the_weeks(actor, now).annotate(week=TruncWeek("registered_at", tzinfo=clock.INSTITUTION_ZONE))
    counted = {clock.local(week).date(): n for week, n in rows.values_list("week").annotate(n=Count("pk"))}
    mondays = [first_week(now) + timedelta(weeks=n) for n in range(WEEKS)]
    return [(monday, counted.get(monday, 0)) for monday in mondays]
