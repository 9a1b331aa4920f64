"""Registers of a period (登记、交办、办结、回访、挂账台账): one line for each time it happened, the earliest first.

Lines are of the matters of which the reader may know now; drills are in none. Registered, ended and followed up are
whole matters; what was given to units stands once for each time it was given, of a divided matter for each part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, DateTimeField, F, Model, OuterRef, Q, QuerySet, Subquery, When
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.kernel.actors import Actor
from shuoshi.ledgers.asked import Asked, NoSuchList
from shuoshi.ledgers.policies import may_see_figures
from shuoshi.ledgers.sources import most
from shuoshi.matters.models import Assignment, Deadline, Entry, FollowUp, Matter, Rating, Request, Resumption
from shuoshi.matters.papers import wording
from shuoshi.matters.papers.balance import period_name
from shuoshi.matters.papers.entered import Field, cells, of
from shuoshi.matters.queries import balance, periods
from shuoshi.matters.queries.balance import Column
from shuoshi.matters.queries.overview import counted, worked_on
from shuoshi.matters.queries.periods import Period
from shuoshi.matters.vocabulary import (
    Action,
    DeadlineKind,
    EndedBecause,
    Exit,
    RequestKind,
    RequestState,
    Satisfaction,
    Solved,
    Status,
    Way,
)
from shuoshi.organization.profile import Profile

Heading = tuple[str | Promise, int]  # and how wide, in characters
_WHOSE = (Field.NUMBER, Field.TITLE, Field.AREA)
_WHOSE_HEADINGS: tuple[Heading, ...] = ((Field.NUMBER.label, 24), (Field.TITLE.label, 29), (Field.AREA.label, 12))


@dataclass(frozen=True)
class Register:
    """`rows` and their `order` for the keyset of pages; `cells` words one row, without its place in the list."""

    label: str | Promise
    empty: str | Promise
    headings: Sequence[Heading]
    rows: Callable[[Actor, Period], QuerySet[Any]]
    order: tuple[str, ...]
    cells: Callable[[Profile, Any], list[str]]
    matter: Callable[[Any], Matter]


def listed(name: str, actor: Actor, period: Period) -> tuple[Register, QuerySet[Any]]:
    """A register and its rows in order. Raises NoSuchList."""
    if name not in REGISTERS or not may_see_figures(actor):
        raise NoSuchList
    found = REGISTERS[name]
    return found, found.rows(actor, period).order_by(*found.order)


class RegisterSource:
    """A register as an export is made of it."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._register = REGISTERS[asked.name]

    @property
    def title(self) -> str:
        period = periods.named(self._asked.period)
        words = {"register": self._register.label, "period": period_name(period) if period else ""}
        return _now("%(register)s（%(period)s）") % words

    def columns(self) -> list[tuple[str, int]]:
        return [(_now("序号"), 5), *((str(words), width) for words, width in self._register.headings)]

    def check(self, actor: Actor, now: datetime) -> None:
        self._rows(actor)

    def count(self, actor: Actor, now: datetime) -> int:
        return self._rows(actor).count()

    def keys(self, actor: Actor, now: datetime) -> list[bytes]:
        return [key.bytes for key in self._rows(actor).values_list("pk", flat=True).iterator(chunk_size=5000)]

    def most(self, kind: str) -> int:
        return most(kind)

    def rows(self, actor: Actor, rules: Profile, some: Sequence[bytes], first: int) -> Iterator[list[str | int]]:
        within = self._rows(actor).filter(pk__in=[UUID(bytes=key) for key in some])
        found: dict[bytes, Model] = {row.pk.bytes: row for row in within}
        for place, row in enumerate((found[key] for key in some if key in found), start=first):
            yield [place, *self._register.cells(rules, row)]

    def _rows(self, actor: Actor) -> QuerySet[Any]:
        period = periods.named(self._asked.period)
        if period is None:
            raise NoSuchList
        return listed(self._asked.name, actor, period)[1]


# ── rows ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _registered(actor: Actor, period: Period) -> QuerySet[Matter]:
    return _with_names(counted(actor).filter(registered_at__gte=period.begins, registered_at__lt=period.ends))


def _assigned(actor: Actor, period: Period) -> QuerySet[Assignment]:
    due = Deadline.objects.filter(assignment=OuterRef("pk"), kind=DeadlineKind.COMPLETION).order_by("-started_at")
    return (
        Assignment.objects.filter(assigned_at__gte=period.begins, assigned_at__lt=period.ends)
        .filter(matter__in=worked_on(actor).values("pk"))
        .annotate(due_at=Subquery(due.values("due_at")[:1]))
        .select_related("matter__area", "unit")
        .defer("matter__content")
    )


def _ended(actor: Actor, period: Period) -> QuerySet[Matter]:
    """What ended in the period at least once, with its last end there: what came back since is in it, too."""
    found = balance.of_figure(actor, period, Column.ENDED)
    earlier = Resumption.objects.filter(matter=OuterRef("pk"), **_within("ended_at", period)).order_by("-ended_at")
    rated = Rating.objects.filter(matter=OuterRef("pk"), at__lt=period.ends).order_by("-at").values("result")
    screened = Q(status=Status.SCREENED_OUT, **_within("round__ended_at", period))
    end_of = {
        "ended_in": Case(
            When(**_within("closed_at", period), then=F("closed_at")),
            When(screened, then=F("round__ended_at")),
            default=Subquery(earlier.values("ended_at")[:1]),
            output_field=DateTimeField(),
        ),
        "ended_as": Case(
            When(**_within("closed_at", period), then=F("exit")), default=Subquery(earlier.values("exit")[:1])
        ),
        "rated_as": Subquery(rated[:1]),
    }
    return _with_names(found).annotate(**end_of)


def _followed_up(actor: Actor, period: Period) -> QuerySet[FollowUp]:
    return (
        FollowUp.objects.filter(**_within("at", period), matter__in=counted(actor).values("pk"))
        .select_related("matter__area", "rating", "asked_by")
        .defer("matter__content")
    )


def _parked(actor: Actor, period: Period) -> QuerySet[Request]:
    """What was set aside in the period, or before and was taken up again in it at the earliest."""
    struck = Entry.objects.filter(matter=OuterRef("matter"), action=Action.STRIKE_OFF, at__gte=OuterRef("decided_at"))
    granted = Request.objects.filter(
        kind=RequestKind.PARK,
        state=RequestState.GRANTED,
        decided_at__lt=period.ends,
        matter__in=worked_on(actor).values("pk"),
    )
    return (
        granted.annotate(struck_at=Subquery(struck.order_by("at").values("at")[:1]))
        .filter(Q(decided_at__gte=period.begins) | Q(struck_at__isnull=True) | Q(struck_at__gte=period.begins))
        .filter(Q(matter__closed_at__isnull=True) | Q(matter__closed_at__gte=period.begins))
        .select_related("matter__area", "matter__lead_unit")
        .defer("matter__content")
    )


def _with_names(found: QuerySet[Matter]) -> QuerySet[Matter]:
    return found.select_related("area", "lead_unit").defer("content")


def _within(column: str, period: Period) -> dict[str, datetime]:
    return {f"{column}__gte": period.begins, f"{column}__lt": period.ends}


# ── words ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _cells_of_registered(rules: Profile, row: Matter) -> list[str]:
    fields = (*_WHOSE[:1], Field.REGISTERED, Field.CHANNEL, Field.KIND, Field.CATEGORY, *_WHOSE[1:], Field.URGENCY)
    return cells(rules, of(row), (*fields, Field.UNIT, Field.STATUS))


def _cells_of_assigned(rules: Profile, row: Any) -> list[str]:
    became = EndedBecause(row.ended_because).label if row.ended_because else Status(row.matter.status).label
    return [
        *cells(rules, of(row.matter, names=False), _WHOSE),
        row.unit.name,
        wording.full_moment(row.assigned_at),
        wording.full_moment(row.due_at),
        wording.full_moment(row.signed_for_at),
        wording.full_moment(row.ended_at),
        str(became),
    ]


def _cells_of_ended(rules: Profile, row: Any) -> list[str]:
    days = (row.ended_in - row.registered_at).days if row.ended_in else 0
    ended_as = str(Exit(row.ended_as).label) if row.ended_as else str(Status.SCREENED_OUT.label)
    return [
        *cells(rules, of(row), (*_WHOSE, Field.UNIT, Field.REGISTERED)),
        wording.full_day(row.ended_in),
        str(days),
        ended_as,
        str(Satisfaction(row.rated_as).label) if row.rated_as else "",
    ]


def _cells_of_followed_up(rules: Profile, row: FollowUp) -> list[str]:
    rating = getattr(row, "rating", None)
    answers = ["", "", ""]
    if rating is not None:
        answers = [
            str(Solved(rating.solved).label),
            str(Satisfaction(rating.result).label),
            str(Satisfaction(rating.attitude).label),
        ]
    elif row.declined:
        answers[0] = _now("不愿评价")
    return [
        *cells(rules, of(row.matter, names=False), _WHOSE),
        wording.full_moment(row.at),
        str(Way(row.way).label),
        _now("联系上了") if row.reached else _now("没有联系上"),
        *answers,
        wording.staff(row.asked_by),
    ]


def _cells_of_parked(rules: Profile, row: Any) -> list[str]:
    reason = next((one.name for one in rules.park_reasons if one.code == row.reason_code), row.reason_code)
    return [
        *cells(rules, of(row.matter), (*_WHOSE, Field.UNIT)),
        wording.full_day(row.decided_at),
        str(reason),
        wording.full_day(row.until),
        wording.full_day(row.struck_at),
        str(Status(row.matter.status).label),
    ]


REGISTERS = {
    "registered": Register(
        _("登记台账"),
        _("这一期没有登记的事。"),
        (
            _WHOSE_HEADINGS[0],
            (Field.REGISTERED.label, 17),
            (Field.CHANNEL.label, 10),
            (Field.KIND.label, 10),
            (Field.CATEGORY.label, 22),
            *_WHOSE_HEADINGS[1:],
            (Field.URGENCY.label, 10),
            (Field.UNIT.label, 14),
            (Field.STATUS.label, 10),
        ),
        _registered,
        ("registered_at", "id"),
        _cells_of_registered,
        lambda row: row,
    ),
    "assigned": Register(
        _("交办台账"),
        _("这一期没有交办的事。"),
        (
            *_WHOSE_HEADINGS,
            (_("交给"), 14),
            (_("交办时间"), 20),
            (_("答复期限"), 20),
            (_("签收时间"), 20),
            (_("结束时间"), 20),
            (_("现在怎样"), 14),
        ),
        _assigned,
        ("assigned_at", "id"),
        _cells_of_assigned,
        lambda row: row.matter,
    ),
    "ended": Register(
        _("办结台账"),
        _("这一期没有办结的事。"),
        (
            *_WHOSE_HEADINGS,
            (Field.UNIT.label, 14),
            (Field.REGISTERED.label, 17),
            (Field.CLOSED.label, 17),
            (_("用了几天"), 9),
            (Field.EXIT.label, 13),
            (_("本人评价"), 10),
        ),
        _ended,
        ("registered_at", "id"),
        _cells_of_ended,
        lambda row: row,
    ),
    "followed-up": Register(
        _("回访台账"),
        _("这一期没有回访。"),
        (
            *_WHOSE_HEADINGS,
            (_("回访时间"), 20),
            (_("方式"), 8),
            (_("联系上没有"), 11),
            (_("解决没有"), 11),
            (_("对结果"), 10),
            (_("对态度"), 10),
            (_("回访人"), 10),
        ),
        _followed_up,
        ("at", "id"),
        _cells_of_followed_up,
        lambda row: row.matter,
    ),
    "parked": Register(
        _("挂账台账"),
        _("这一期没有挂账的事。"),
        (
            *_WHOSE_HEADINGS,
            (Field.UNIT.label, 14),
            (_("挂账日期"), 17),
            (_("原因"), 20),
            (_("目标日期"), 17),
            (_("销号日期"), 17),
            (Field.STATUS.label, 10),
        ),
        _parked,
        ("decided_at", "id"),
        _cells_of_parked,
        lambda row: row.matter,
    ),
}
