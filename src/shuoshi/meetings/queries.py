"""Meetings as they stand: what is next, what was held, one with all that belongs to it, and what is overdue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Prefetch, Q, QuerySet

from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.web import Page, keyset
from shuoshi.matters.models import Matter
from shuoshi.matters.queries import visible_to
from shuoshi.matters.vocabulary import OPEN
from shuoshi.meetings import minutes as written
from shuoshi.meetings import rules
from shuoshi.meetings.models import (
    AgendaItem,
    Attendance,
    Correction,
    Decision,
    Meeting,
    Minutes,
    Published,
    Resolution,
    Topic,
    Vote,
    VotePresent,
)
from shuoshi.meetings.policies import held, may_hold, may_read, readable, sees_people
from shuoshi.meetings.vocabulary import Kind, Outcome, Part, Presence, State, TopicState, Way

SHOWN = 50  # of a list
BEFORE_LONG = timedelta(days=60)  # what calendars still show of the past
_HELD = (State.CLOSED, State.APPROVED)


def coming(actor: Actor) -> list[Meeting]:
    """Those that are open or to be held, the next one first. One statement."""
    rows = Meeting.objects.filter(readable(actor), state__in=(State.CALLED, State.OPEN)).select_related("unit")
    return list(rows.order_by("begins_at", "id")[:SHOWN])


def past(actor: Actor, after: str = "") -> Page[Meeting]:
    """Those that were held or cancelled, newest first. One statement."""
    rows = Meeting.objects.filter(readable(actor), state__in=(*_HELD, State.CANCELLED)).select_related("unit")
    return keyset(rows.annotate(decided=Count("resolutions")), after, ("-begins_at", "-id"), size=20)


def topics(actor: Actor) -> list[Topic]:
    """Of residents, that wait for the actor's answer, oldest first. One statement."""
    rows = Topic.objects.filter(held(actor), state=TopicState.WAITING).select_related("unit")
    return list(rows.order_by("received_at", "id")[:SHOWN])


def topic(key: UUID) -> Topic | None:
    return Topic.objects.select_related("unit", "item__meeting").filter(pk=key).first()


def called_for(unit_id: UUID) -> list[Meeting]:
    """Meetings of a unit that a topic may still be put on, the next one first."""
    rows = Meeting.objects.filter(unit=unit_id, state__in=(State.CALLED, State.OPEN), kind__in=rules.TOLD_EVERYBODY)
    return list(rows.order_by("begins_at", "id")[:SHOWN])


@dataclass(frozen=True)
class Item:
    """A thing of the agenda as the reader may know it; `hidden`: it is about a matter that is kept from them."""

    row: AgendaItem
    hidden: bool
    matter: Matter | None
    raised: Sequence[Matter] = ()

    @property
    def title(self) -> str:
        return "" if self.hidden else str(self.row.title)


@dataclass(frozen=True)
class Taken:
    """A vote, those who were there, and how many of them were struck since."""

    row: Vote
    there: Sequence[Attendance]
    struck_since: int
    hidden: bool  # it was about a matter that is kept from the reader


@dataclass(frozen=True)
class Decided:
    row: Resolution
    hidden: bool
    matter: Matter | None
    overdue: bool


@dataclass(frozen=True)
class Whole:
    """A meeting as somebody reads it. `people`: empty for whoever may not see names; `counts` stand for everybody."""

    meeting: Meeting
    holds: bool
    sees_people: bool
    items: Sequence[Item]
    people: Sequence[Attendance]
    votes: Sequence[Taken]
    resolutions: Sequence[Decided]
    minutes: Sequence[Minutes]
    published: Published | None
    counts: Counts
    raised: int = 0
    corrections: Sequence[Correction] = ()
    loose: Sequence[Matter] = ()  # raised at none of the items

    @property
    def newest(self) -> Minutes | None:
        return self.minutes[0] if self.minutes else None


@dataclass(frozen=True)
class Counts:
    """Of members: how many came at all, are there now, and checked in by the code; and who waits to be confirmed."""

    due: int | None
    came: int = 0
    here: int = 0
    by_code: int = 0
    others: int = 0
    waiting: int = 0
    needed: int = 0

    @property
    def percent(self) -> int | None:
        return self.came * 100 // self.due if self.due else None

    @property
    def enough(self) -> bool:
        return self.here > 0 and self.here >= self.needed


def meeting(key: UUID, actor: Actor) -> Whole | None:
    """None where it is not the actor's to read. Ten statements at most, whatever its size."""
    row = (
        Meeting.objects.select_related(
            "unit", "called_by", "opened_by", "closed_by", "approved_by", "approved_in", "decision"
        )
        .filter(pk=key)
        .first()
    )
    if row is None or not may_read(actor, row.unit.path):
        return None
    sees = sees_people(actor, row.unit.path)
    items = list(row.items.select_related("topic").order_by("ordinal"))
    decided = list(
        row.resolutions.select_related("unit", "vote", "made_by")
        .prefetch_related("told__by", "told__at_meeting")
        .order_by("ordinal")
    )
    came = list(row.raised.order_by("id").values_list("item_id", "matter_id"))
    about = {key for _item, key in came}
    about |= {one.matter_id for one in items if one.matter_id} | {one.matter_id for one in decided if one.matter_id}
    seen = {one.pk: one for one in visible_to(actor).filter(pk__in=about)}
    everybody = list(row.attendance.select_related("settled_by").order_by("came_at", "id"))
    today = clock.local(clock.now()).date()
    return Whole(
        meeting=row,
        holds=may_hold(actor, row.unit.path),
        sees_people=sees,
        items=[_item(one, came, seen) for one in items],
        people=sorted(everybody, key=lambda one: one.state != Presence.WAITING) if sees else [],
        votes=_votes(row, {one.pk: one for one in everybody}, set(seen), show=sees),
        corrections=list(row.corrections.select_related("by").order_by("at", "id")) if sees else [],
        resolutions=[_decided(one, seen, today) for one in decided],
        minutes=list(row.minutes.select_related("written_by").order_by("-version")),
        published=written.standing(row),
        counts=counts(row, everybody),
        raised=len(came),
        loose=[seen[matter] for item, matter in came if not item and matter in seen],
    )


@dataclass(frozen=True)
class At:
    """Where a matter comes from that is written down now: a meeting, and the item or the resolution, where one is."""

    whole: Whole
    item: Item | None
    resolution: Decided | None


def at(key: UUID, item: UUID | None, resolution: UUID | None, actor: Actor) -> At | None:
    """None for a meeting the actor does not hold, and for what is not of it."""
    whole = meeting(key, actor)
    if whole is None or not whole.holds:
        return None
    items = {one.row.pk: one for one in whole.items}
    decided = {one.row.pk: one for one in whole.resolutions}
    if (item and item not in items) or (resolution and resolution not in decided):
        return None
    return At(whole, items[item] if item else None, decided[resolution] if resolution else None)


def counts(row: Meeting, everybody: Iterable[Attendance]) -> Counts:
    there = [one for one in everybody if one.state == Presence.PRESENT]
    members = [one for one in there if one.part == Part.MEMBER]
    return Counts(
        due=row.due,
        came=len(members),
        here=sum(one.left_at is None for one in members),
        by_code=sum(one.way == Way.CODE for one in members),
        others=len(there) - len(members),
        waiting=sum(one.state == Presence.WAITING for one in everybody),
        needed=rules.needed(row.kind, row.due),
    )


def _item(row: AgendaItem, came: Sequence[tuple[UUID | None, UUID]], seen: dict[UUID, Matter]) -> Item:
    raised = [seen[key] for item, key in came if item == row.pk and key in seen]
    hidden = row.matter_id is not None and row.matter_id not in seen
    return Item(row, hidden, seen.get(row.matter_id) if row.matter_id else None, raised)


def _decided(row: Resolution, seen: dict[UUID, Matter], today: date) -> Decided:
    hidden = row.matter_id is not None and row.matter_id not in seen
    late = row.outcome == Outcome.OPEN and row.deadline is not None and row.deadline < today
    return Decided(row, hidden, seen.get(row.matter_id) if row.matter_id else None, late)


def _votes(row: Meeting, people: dict[UUID, Attendance], seen: set[UUID], *, show: bool) -> list[Taken]:
    rows = list(row.votes.select_related("item", "by", "struck_by").order_by("at", "id"))
    pairs = VotePresent.objects.filter(vote__in=[one.pk for one in rows]).values_list("vote_id", "attendance_id")
    there: dict[UUID, list[Attendance]] = {}
    for vote, somebody in pairs:
        there.setdefault(vote, []).append(people[somebody])
    found = []
    for one in rows:
        one.meeting = row
        here = there.get(one.pk, [])
        hidden = one.item.matter_id is not None and one.item.matter_id not in seen
        struck = sum(who.state == Presence.STRUCK for who in here)
        found.append(Taken(one, here if show else (), struck, hidden))
    return found


def readable_meeting(key: UUID, actor: Actor) -> Meeting | None:
    row = Meeting.objects.select_related("unit").filter(pk=key).first()
    return row if row is not None and may_read(actor, row.unit.path) else None


def waiting_matters(row: Meeting, actor: Actor) -> QuerySet[Matter]:
    """What a meeting of the unit may speak about: open matters there that the actor knows of and that stand on no agenda of it."""
    path = row.unit.path
    there = row.items.filter(matter__isnull=False, dropped_at__isnull=True).values("matter")
    mine = Q(lead_unit__path__startswith=path) | Q(area__unit__path__startswith=path)
    return visible_to(actor).filter(mine, status__in=OPEN).exclude(pk__in=there).order_by("registered_at", "id")


def open_resolutions(actor: Actor) -> list[Resolution]:
    """Not carried out yet, those due first before. One statement. Those about matters the reader knows not of are left out."""
    today_first = Resolution.objects.filter(
        meeting__in=Meeting.objects.filter(readable(actor)), outcome=Outcome.OPEN
    ).filter(Q(matter__isnull=True) | Q(matter__in=visible_to(actor).values("pk")))
    return list(
        today_first.select_related("meeting", "unit").order_by(F("deadline").asc(nulls_last=True), "id")[:SHOWN]
    )


def approvable_in(row: Meeting) -> list[Meeting]:
    """Later meetings of the unit at which its minutes may have been read out."""
    last = written.newest(row)
    return list(written.later_than(row, last)[:SHOWN]) if last is not None else []


def held_by(unit: UUID) -> list[Meeting]:
    """Meetings of a unit that were opened, the newest first."""
    return list(Meeting.objects.filter(unit=unit, opened_at__isnull=False).order_by("-begins_at")[:SHOWN])


def decisions(actor: Actor) -> list[Decision]:
    rows = Decision.objects.filter(readable(actor)).select_related("unit")
    return list(rows.order_by("-begun_at", "-id")[:SHOWN])


def decision(key: UUID, actor: Actor) -> Decision | None:
    rows = Decision.objects.select_related("unit", "begun_by", "decided_by", "outcome_by", "withdrawn_by")
    row = rows.filter(pk=key).first()
    return row if row is not None and may_read(actor, row.unit.path) else None


# ── what everybody reads ─────────────────────────────────────────────────────────────────────────────────────────────


def public_coming(now: datetime, after: str = "") -> Page[Meeting]:
    """Meetings that are told of, and those cancelled whose time has not passed, with their agenda. Two statements.

    One that nobody opened or closed is shown no longer than the day on which it was to end.
    """
    today = datetime.combine(clock.local(now).date(), time(), clock.INSTITUTION_ZONE)
    rows = Meeting.objects.filter(
        Q(state__in=(State.CALLED, State.OPEN), ends_at__gte=today) | Q(state=State.CANCELLED, begins_at__gt=now),
        kind__in=rules.TOLD_EVERYBODY,
    ).select_related("unit")
    items = AgendaItem.objects.filter(public=True, dropped_at__isnull=True).order_by("ordinal")
    rows = rows.prefetch_related(Prefetch("items", queryset=items, to_attr="agenda"))
    return keyset(rows, after, ("begins_at", "id"), size=20)


def published(after: str = "") -> Page[Published]:
    """Minutes everybody reads, newest first. One statement."""
    rows = Published.objects.filter(withdrawn_at__isnull=True).select_related("meeting__unit")
    return keyset(rows, after, ("-released_at", "-id"), size=20)


def public_minutes(key: UUID) -> Published | None:
    rows = Published.objects.filter(withdrawn_at__isnull=True, meeting=key)
    return rows.select_related("meeting__unit", "released_by").first()


def public_decisions(after: str = "") -> Page[Decision]:
    """Village decisions that were published and not withdrawn, the newest first."""
    rows = Decision.objects.filter(decided_at__isnull=False, withdrawn_at__isnull=True).select_related("unit")
    return keyset(rows, after, ("-decided_at", "-id"), size=20)


def for_calendar(actor: Actor | None, now: datetime) -> list[Meeting]:
    """What a calendar shows: of everybody's (None) all that is told of, else what the actor reads. One statement."""
    rows = Meeting.objects.filter(begins_at__gt=now - BEFORE_LONG).select_related("unit")
    rows = rows.filter(readable(actor)) if actor is not None else rows.filter(kind__in=rules.TOLD_EVERYBODY)
    return list(rows.order_by("begins_at", "id")[:500])


# ── the row of ways ──────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Standing:
    """Meetings of one unit: the last, the next, and what somebody has to see to."""

    unit: str
    last: datetime | None = None
    next: datetime | None = None
    long: bool = False  # none was held for longer than the rhythm
    unapproved: int = 0
    overdue: int = 0
    unopened: int = 0  # its time is over and nobody wrote down whether it was held

    @property
    def wrong(self) -> bool:
        return bool(self.long or self.unapproved or self.overdue or self.unopened)


def standings(now: datetime) -> list[Standing]:
    """Every unit that ever called a meeting, what is wrong first. Two statements.

    The last is a 说事会 at which somebody was there. One that counts for nothing else is no meeting that was held.
    """
    somebody = Exists(Attendance.objects.filter(meeting=OuterRef("pk"), state=Presence.PRESENT))
    called, closed = Q(state=State.CALLED), Q(state=State.CLOSED)
    was_held = Q(state__in=(*_HELD, State.OPEN), kind=Kind.MATTER_MEETING, somebody=True)
    rows = Meeting.objects.exclude(state=State.CANCELLED).annotate(somebody=somebody).order_by()
    grouped = rows.values("unit_id", "unit__short_name").annotate(
        last=Max("begins_at", filter=was_held),
        next=Min("begins_at", filter=called & Q(begins_at__gt=now)),
        unapproved=Count("pk", filter=closed & Q(closed_at__lt=now - rules.MINUTES_WITHIN)),
        unopened=Count("pk", filter=called & Q(ends_at__lt=now - rules.WRITTEN_DOWN_WITHIN)),
    )
    found = {
        one["unit_id"]: Standing(
            one["unit__short_name"],
            last=one["last"],
            next=one["next"],
            unapproved=one["unapproved"],
            unopened=one["unopened"],
        )
        for one in grouped
    }
    today = clock.local(now).date()
    late = Resolution.objects.filter(outcome=Outcome.OPEN, deadline__lt=today).order_by()
    for unit, n in late.values_list("meeting__unit").annotate(n=Count("pk")):
        found[unit].overdue = n
    for one in found.values():
        one.long = one.last is None or one.last < now - rules.RHYTHM
    return sorted(found.values(), key=lambda one: (not one.wrong, one.unit))
