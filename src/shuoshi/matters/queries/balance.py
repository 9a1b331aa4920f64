"""The ledger of a period adds up (rule 8): carried over + new + reopened − ended = open, in every line.

A matter is open from its registration to its end, 办结 or 不予受理, and again from when it came back. Each of these
moments is kept: the registration and the end that holds now in the matter, earlier ends and returns as Resumptions; so a
past period reads the same whenever it is asked for. (What came back under a release without Resumptions was open
throughout, as far as is known.) What ended or came back several times in it counts each time. Drills
count for nothing, a divided matter is one. Lines are made of the matters of which the reader may know now.

A matter stands in one line of each table, for all of its figures. Its unit is the last one it was given to before the
period ended: what is given to another unit later leaves that line as it was, and what changed units within the period is
carried over in the line of the last one. Its kind is the one it has now: to classify anew is to correct.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, UUIDField

from shuoshi.kernel.actors import Actor
from shuoshi.matters.models import Assignment, Entry, Matter, Resumption
from shuoshi.matters.queries.overview import worked_on
from shuoshi.matters.queries.periods import Period
from shuoshi.matters.vocabulary import OPEN, Action, Kind, Status


class Column(StrEnum):
    """A figure of a line, by its name in addresses."""

    CARRIED = "carried"
    NEW = "new"
    BACK = "back"
    ENDED = "ended"
    OPEN = "open"


@dataclass(frozen=True)
class Line:
    """Times, for what ended or came back may do so twice; `back_matters` and `ended_matters` say how many matters did."""

    carried: int = 0
    new: int = 0
    back: int = 0
    ended: int = 0
    open: int = 0
    back_matters: int = 0
    ended_matters: int = 0

    def __add__(self, other: Line) -> Line:
        return Line(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))

    @property
    def adds_up(self) -> bool:
        """What is open at either end is counted for itself, not made of the other figures."""
        return self.carried + self.new + self.back - self.ended == self.open


Given = UUID | None
"""The unit a matter was given to; None for what nobody had by then, and for what was divided."""


@dataclass(frozen=True)
class Balance:
    whole: Line
    kinds: Sequence[tuple[str, Line]]  # "" for what nobody said the kind of yet
    units: Mapping[Given, Line]

    @property
    def adds_up(self) -> bool:
        return all(line.adds_up for line in (self.whole, *self.units.values(), *(line for _kind, line in self.kinds)))


def balance(actor: Actor, period: Period) -> Balance:
    """Two statements, however old the institution is: they read what was open in the period or has ended since it began."""
    lines: dict[tuple[Given, str], Line] = {}
    for unit, kind, *figures in _of_matters(actor, period):
        carried, new, ended, open_, back_matters, ended_matters = figures
        lines[unit, kind] = Line(carried, new, 0, ended, open_, back_matters, ended_matters)
    for unit, kind, back, ended in _of_resumptions(actor, period):
        lines[unit, kind] = lines.get((unit, kind), Line()) + Line(back=back, ended=ended)
    kinds: dict[str, Line] = {}
    units: dict[Given, Line] = {}
    for (unit, kind), line in lines.items():
        kinds[kind] = kinds.get(kind, Line()) + line
        units[unit] = units.get(unit, Line()) + line
    order = ["", *Kind.values]
    return Balance(
        whole=sum(lines.values(), Line()),
        kinds=sorted(kinds.items(), key=lambda pair: order.index(pair[0])),
        units=units,
    )


def of_figure(actor: Actor, period: Period, column: Column) -> QuerySet[Matter]:
    """The matters that a figure counts, each once."""
    return _touched(actor, period).filter(_condition(column, period))


def of_kind(matters: QuerySet[Matter], kind: str) -> QuerySet[Matter]:
    return matters.filter(kind=kind)


def of_unit(matters: QuerySet[Matter], period: Period, unit: Given) -> QuerySet[Matter]:
    """Those in the line of this unit."""
    found = matters.annotate(given_to=_given_to(period, OuterRef("pk")))
    return found.filter(given_to=unit) if unit is not None else found.filter(given_to__isnull=True)


# ── what is counted ────────────────────────────────────────────────────────────────────────────────────────────────


def _of_matters(actor: Actor, period: Period) -> QuerySet[Matter, tuple[Any, ...]]:
    figures = {
        "carried": _condition(Column.CARRIED, period),
        "new_here": _condition(Column.NEW, period),
        "ended_last": _last_end_within(period),
        "open_at_end": _condition(Column.OPEN, period),
        "came_back": _condition(Column.BACK, period),
        "came_to_end": _condition(Column.ENDED, period),
    }
    return (
        _touched(actor, period)
        .annotate(given_to=_given_to(period, OuterRef("pk")))
        .order_by()
        .values("given_to", "kind")
        .annotate(**{name: Count("pk", filter=condition) for name, condition in figures.items()})
        .values_list("given_to", "kind", *figures)
    )


def _of_resumptions(actor: Actor, period: Period) -> QuerySet[Resumption, tuple[Any, ...]]:
    back, ended = _within("back_at", period), _within("ended_at", period)
    return (
        Resumption.objects.filter(back | ended, Exists(_counted(actor).filter(pk=OuterRef("matter"))))
        .annotate(given_to=_given_to(period, OuterRef("matter")))
        .order_by()
        .values("given_to", "matter__kind")
        .annotate(back=Count("pk", filter=back), ended=Count("pk", filter=ended))
        .values_list("given_to", "matter__kind", "back", "ended")
    )


def _touched(actor: Actor, period: Period) -> QuerySet[Matter]:
    """What was open in the period, or at its beginning: registered before it ended, and not over before it began.

    Each part of the union has an index of its own; what was over long ago is not read.
    """
    open_now = Matter.objects.filter(status__in=OPEN)
    closed = Matter.objects.filter(closed_at__gte=period.begins)
    screened = Entry.objects.filter(action=Action.SCREEN_OUT, at__gte=period.begins)
    keys = open_now.order_by().values("pk").union(closed.order_by().values("pk"), screened.order_by().values("matter"))
    return _counted(actor).filter(pk__in=keys, registered_at__lt=period.ends)


def _counted(actor: Actor) -> QuerySet[Matter]:
    """As `overview.counted`, by the part's place: nearly all have no whole, and SQLite would go by that index instead."""
    return worked_on(actor).filter(part=0)


def _condition(column: Column, period: Period) -> Q:
    """Of what was touched, what the figure counts."""
    match column:
        case Column.CARRIED:
            return _open_at(period.begins)
        case Column.NEW:
            return Q(registered_at__gte=period.begins)
        case Column.BACK:
            return Q(Exists(_resumed().filter(_within("back_at", period))))
        case Column.ENDED:
            return _last_end_within(period) | Q(Exists(_resumed().filter(_within("ended_at", period))))
        case Column.OPEN:
            return _open_at(period.ends)


def _open_at(moment: datetime) -> Q:
    """Registered before, not over for good, and not just between an end and its coming back."""
    between = _resumed().filter(ended_at__lt=moment, back_at__gte=moment)
    later = Q(closed_at__gte=moment) | Q(status=Status.SCREENED_OUT, round__ended_at__gte=moment)
    return Q(registered_at__lt=moment) & (Q(status__in=OPEN) | later) & ~Q(Exists(between))


def _last_end_within(period: Period) -> Q:
    """Over since some moment of the period. What was not accepted has ended with its round."""
    return _within("closed_at", period) | (Q(status=Status.SCREENED_OUT) & _within("round__ended_at", period))


def _within(column: str, period: Period) -> Q:
    return Q(**{f"{column}__gte": period.begins, f"{column}__lt": period.ends})


def _resumed() -> QuerySet[Resumption]:
    return Resumption.objects.filter(matter=OuterRef("pk"))


def _given_to(period: Period, matter: OuterRef) -> Subquery:
    """The unit it was last given to before the period ended."""
    given = Assignment.objects.filter(matter=matter, assigned_at__lt=period.ends).order_by("-ordinal")
    return Subquery(given.values("unit")[:1], output_field=UUIDField())
