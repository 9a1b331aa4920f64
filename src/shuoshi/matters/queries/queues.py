"""What waits for whom: the seven queues, what wants attention, and their capped counts. Two statements a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import DateTimeField, IntegerField, Q, QuerySet, Subquery, UUIDField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shuoshi.kernel import clock, outbox
from shuoshi.kernel.actors import Actor, ActorKind, PostHeld
from shuoshi.kernel.clocks import Outcome
from shuoshi.kernel.prepared import Prepared
from shuoshi.kernel.web.pager import Page, first, keyset, page_of
from shuoshi.matters.models import Deadline, Matter
from shuoshi.matters.models.matter import NEVER
from shuoshi.matters.queries import conditions
from shuoshi.matters.queries.overview import beginning
from shuoshi.matters.scope import ACTORS, holding, in_place, visible_to
from shuoshi.matters.vocabulary import (
    OPEN,
    DeadlineKind,
)
from shuoshi.organization.models import Institution

CAP = 99
ORDER = ("next_due_at", "id")


@dataclass(frozen=True)
class Queue:
    """One list of the desk: which matters are in it for this actor, and what to say when none is."""

    name: str
    label: str | Promise
    empty: str | Promise
    condition: Callable[[Actor, datetime], Q]
    attention: bool = False


QUEUES: Mapping[str, Queue] = {
    queue.name: queue
    for queue in (
        Queue("accept", _("待受理"), _("没有等着受理的事。群众说了事，登记后先到这里。"), conditions.to_accept),
        Queue("assign", _("待交办"), _("没有等着交办的事。受理以后的事会到这里。"), conditions.to_assign),
        Queue("sign_for", _("待签收"), _("没有等着签收的事。交办给本单位的事会到这里。"), conditions.to_sign_for),
        Queue("mine", _("我在办"), _("手上没有在办的事。签收以后的事会到这里。"), conditions.mine),
        Queue("co", _("待协办"), _("没有等着答复的协办。别的单位请本单位协办，会到这里。"), conditions.to_help),
        Queue("to_sign", _("待我审签"), _("没有等您签发或裁定的事。"), conditions.to_sign),
        Queue("follow_up", _("待回访"), _("没有等着回访的事。答复送出以后的事会到这里。"), conditions.to_follow_up),
        Queue("words", _("群众来话"), _("没有等着回应的话。群众补充情况或催办，会到这里。"), conditions.words),
        Queue("emergency", _("应急"), _("没有要应急处置的事。"), conditions.emergencies, attention=True),
        Queue(
            "papers", _("待补单"), _("没有等着补单的事。先派人处置的事会到这里。"), conditions.papers, attention=True
        ),
        Queue(
            "orders",
            _("上级件待报结"),
            _("没有等着报结的上级件。上级转来的事会到这里。"),
            conditions.orders,
            attention=True,
        ),
        Queue("near", _("快到期"), _("没有快到期的事。"), conditions.near, attention=True),
        Queue("over", _("已超期"), _("没有超期的事。"), conditions.over, attention=True),
        Queue("returns", _("退单待裁定"), _("没有等着裁定的退单。"), conditions.returns, attention=True),
        Queue("checks", _("待回查"), _("没有等着回查的协议、采纳和去函。"), conditions.afterwards, attention=True),
        Queue("samples", _("抽查待回访"), _("没有等着抽查回访的事。"), conditions.to_sample, attention=True),
        Queue("reports", _("报告退回补正"), _("没有退回补正的报告。"), conditions.reports_returned, attention=True),
    )
}

ROW_FIELDS = (
    "id", "number", "title", "content", "wrapped_key", "status", "exit", "turn", "urgency", "urgency_suspected",
    "channel", "kind", "category", "naming", "next_due_at", "next_due_kind", "withdrawal_asked_at", "unread_words", "supervised", "drill", "headcount", "duty_since", "papers_owed",
    "registered_at", "area__name", "lead_unit__short_name", "round__ordinal", "handler__wrapped_key", "handler__name",
)  # fmt: skip


@dataclass(frozen=True)
class Filters:
    """What the filter bar narrows a list by; all of it stands in the address."""

    area_path: str = ""
    category: str = ""  # a code or its beginning: B6 finds B601
    status: str = ""
    unit: str = ""
    kind: str = ""
    channel: str = ""
    week: date | None = None  # registered in the seven days that begin then


def queue(actor: Actor, name: str, now: datetime, filters: Filters | None = None, after: str = "") -> Page[Matter]:
    """What waits in a queue, nearest date first. One statement, whatever the length."""
    if filters == Filters():
        filters = None
    if filters is None and not after and actor.kind is ActorKind.STAFF and not actor.stands_in:
        return page_of(_beginning(actor.posts, name, actor.one_record).ask(person=actor.person_id, now=now), ORDER)
    return rows(in_queue(actor, name, now), filters, after)


@lru_cache(maxsize=ACTORS)
def _beginning(posts: tuple[PostHeld, ...], name: str, one_record: bool) -> Prepared[Matter]:
    """The first page of a queue for whoever holds these posts: what everybody opens all day."""

    def build(person: UUID, now: datetime) -> QuerySet[Matter]:
        return first(_shown(in_queue(holding(posts, person, one_record=one_record), name, now)), ORDER)

    return Prepared(build, person=UUIDField(), now=DateTimeField())


def in_queue(actor: Actor, name: str, now: datetime) -> QuerySet[Matter]:
    """The matters of a queue. Raises KeyError for a name that is none."""
    condition = QUEUES[name].condition
    found = condition(actor, now)
    for absent in actor.stands_in:
        found |= condition(holding(absent.lent, absent.person_id), now) & in_place(absent)
    return visible_to(actor).filter(found)


def following(actor: Actor, name: str, matter: Matter, now: datetime) -> Matter | None:
    """The row after this one, as it was when it was opened; after the last the first again, None when no other waits.

    What somebody passed over stays passed over until the queue was gone through. Two statements at most.
    """
    others = in_queue(actor, name, now).exclude(pk=matter.pk).only("number").order_by(*ORDER)
    later = Q(next_due_at__gt=matter.next_due_at) | Q(next_due_at=matter.next_due_at, pk__gt=matter.pk)
    return others.filter(later).first() or others.first()


def rows(found: QuerySet[Matter], filters: Filters | None = None, after: str = "") -> Page[Matter]:
    """A page of any list of matters, with what a row shows."""
    return keyset(_shown(narrow(found, filters or Filters())), after, ORDER)


def _shown(found: QuerySet[Matter]) -> QuerySet[Matter]:
    """With what a row shows."""
    return found.select_related("area", "lead_unit", "round", "handler").only(*ROW_FIELDS)


def date_samples(rows: Sequence[Matter]) -> None:
    """Rows of what was drawn show until when it is looked at: these matters are over and have no other date.

    One statement, for the rows of a page.
    """
    owed = Deadline.objects.filter(matter__in=rows, kind=DeadlineKind.SAMPLE, outcome=Outcome.OPEN)
    dates = dict(owed.values_list("matter", "due_at"))
    for row in rows:
        if row.pk in dates:
            row.next_due_at, row.next_due_kind = dates[row.pk], DeadlineKind.SAMPLE


def latest(found: QuerySet[Matter], after: str = "") -> Page[Matter]:
    """A page of matters with what a row shows, the last registered first."""
    return keyset(_shown(found), after, ("-registered_at", "-id"))


def to_deliver(actor: Actor) -> QuerySet[Matter]:
    """Whose printed receipt this person may hand over and has not: the registry's, and where a leader stands in for it."""
    waiting = outbox.waiting_for(actor, outbox.Channel.SLIP).values("about_id")
    printed = outbox.pending(outbox.Channel.SLIP).values("about_id")
    mine = Q(pk__in=waiting) | conditions.stood_in_for(actor) & Q(pk__in=printed)
    return visible_to(actor).filter(mine, receipt_handed_over_at__isnull=True)


def next_date(actor: Actor, after: datetime) -> datetime | None:
    """The nearest date from `after` on in what concerns this person, however far away; one statement."""
    mine = visible_to(actor).filter(
        conditions.concerns_me(actor), status__in=OPEN, next_due_at__gte=after, next_due_at__lt=NEVER
    )
    return mine.order_by("next_due_at").values_list("next_due_at", flat=True).first()


def narrow(found: QuerySet[Matter], filters: Filters) -> QuerySet[Matter]:
    if filters.area_path:
        found = found.filter(area__path__startswith=filters.area_path)
    if filters.category:
        found = found.filter(category__startswith=filters.category)
    for name in ("status", "kind", "channel"):
        value = getattr(filters, name)
        if value:
            found = found.filter(**{name: value})
    if filters.week:
        monday = beginning(filters.week)
        found = found.filter(registered_at__gte=monday, registered_at__lt=monday + timedelta(weeks=1))
    if filters.unit:
        found = found.filter(lead_unit_id=filters.unit)  # type: ignore[misc]  # the bar offers keys as text
    return found


Lists = Callable[[Actor, date], Mapping[str, QuerySet[Any]]]


def _none(_actor: Actor, _today: date) -> Mapping[str, QuerySet[Any]]:
    return {}


class _Capped(Subquery):
    """How many rows a sliced query has: the cost of a count ends at the cap."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) capped)"
    output_field = IntegerField()


def counts(actor: Actor, now: datetime, also: Lists = _none) -> dict[str, int]:
    """Every queue's count up to 100 (shown as 99+), and of `also` any other lists', in one statement.

    `also` looks at nothing of the actor but the posts, and at no moment but the day.
    """
    today = clock.local(now).date()
    if actor.stands_in:
        names, asked = _counted(actor, now, also(holding(actor.posts, None), today))
        found = asked.first()
    else:
        names, question = _counting(actor.posts, today, also, actor.one_record)
        found = question.one(person=actor.person_id, now=now)
    return {name: n or 0 for name, n in zip(names, found or (), strict=False)}  # what cannot hold anything counts NULL


@lru_cache(maxsize=ACTORS)
def _counting(
    posts: tuple[PostHeld, ...], today: date, also: Lists, one_record: bool
) -> tuple[tuple[str, ...], Prepared[tuple[int | None, ...]]]:
    """Names of the lists, and their counts for whoever holds these posts."""
    others = also(holding(posts, None), today)

    def build(person: UUID, now: datetime) -> QuerySet[Any, tuple[int | None, ...]]:
        return _counted(holding(posts, person, one_record=one_record), now, others)[1]

    return (*QUEUES, *others), Prepared(build, person=UUIDField(), now=DateTimeField())


def _counted(
    actor: Actor, now: datetime, others: Mapping[str, QuerySet[Any]]
) -> tuple[tuple[str, ...], QuerySet[Any, tuple[int | None, ...]]]:
    lists: dict[str, QuerySet[Any]] = {name: in_queue(actor, name, now) for name in QUEUES} | dict(others)
    named = {name: _Capped(rows.order_by().values("pk")[: CAP + 1]) for name, rows in lists.items()}
    return tuple(named), Institution.objects.order_by().annotate(**named).values_list(*named)


def mark_places(actor: Actor, matters: Iterable[Matter]) -> None:
    """Say of each that lies with somebody away whose place the actor takes, whose it is: `held_for`. No statement."""
    absent = {one.person_id for one in actor.stands_in}
    for matter in matters:
        if matter.handler is not None and matter.handler_id in absent:
            matter.held_for = str(matter.handler.name)  # type: ignore[attr-defined]  # for the list only, no column


def has_date(matter: Matter) -> bool:
    """Whether a clock runs; else the row shows its state only."""
    return matter.next_due_at < NEVER
