"""Queues as they stand: what is called where, how many wait and how long, what the screen and a slip show; sheets likewise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from uuid import UUID

from django.db.models import Count, QuerySet

from shuoshi.channels.points import sheets
from shuoshi.channels.points.models import Queue, Sheet, SheetPhoto, SheetState, Ticket, TicketState
from shuoshi.channels.points.policies import may_serve
from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor
from shuoshi.matters.models import Matter
from shuoshi.matters.queries import visible_to
from shuoshi.organization.models import Point

SHOWN = 50  # of a list
_LATEST = 5  # batches of sheets
_SECONDS = 60


@dataclass(frozen=True)
class Waits:
    """How long those called today waited, in minutes, and how long the first who waits has by now; None for nobody."""

    median: int | None
    longest: int | None
    now: int | None


@dataclass(frozen=True)
class Standing:
    """A queue today: at each counter what is called there, who waits, who was passed over."""

    queue: Queue
    called: Sequence[Ticket]
    waiting: Sequence[Ticket]
    passed: Sequence[Ticket]
    drawn: int
    waits: Waits


def standing(queue: Queue, now: datetime) -> Standing:
    """One statement."""
    rows = list(queue.tickets.filter(day=clock.local(now).date()).order_by("number"))
    of = {state: [one for one in rows if one.state == state] for state in TicketState}
    called = sorted(of[TicketState.CALLED], key=lambda one: one.counter or 0)
    return Standing(queue, called, of[TicketState.WAITING], of[TicketState.PASSED], len(rows), _waits(rows, now))


def queue_of(point: UUID) -> Queue | None:
    """Of a point that is open, with it; also one that was stopped."""
    return Queue.objects.select_related("point__unit", "point__area").filter(point=point, point__active=True).first()


def queues() -> dict[UUID, Queue]:
    """Those in use, by point. One statement."""
    return {one.point_id: one for one in Queue.objects.filter(active=True, point__active=True)}


def ticket(key: UUID) -> Ticket | None:
    return Ticket.objects.select_related("queue__point__unit").filter(pk=key).first()


def before(row: Ticket) -> int:
    """How many wait for being called before this one."""
    if row.state != TicketState.WAITING:
        return 0
    ahead = Ticket.objects.filter(queue=row.queue_id, day=row.day, number__lt=row.number, state=TicketState.WAITING)
    return ahead.count()


def raised_by(rows: Sequence[Ticket], actor: Actor) -> dict[UUID, list[Matter]]:
    """The matters of these numbers that the actor may see. One statement."""
    found: dict[UUID, list[Matter]] = {}
    matters = visible_to(actor).filter(ticket__ticket__in=[one.pk for one in rows]).select_related("ticket")
    for matter in matters.order_by("number"):
        found.setdefault(matter.ticket.ticket_id, []).append(matter)
    return found


@dataclass(frozen=True)
class ReadSheet:
    """A sheet as somebody may read it. `matter`: what it became, where they may see it; `kept`: where they may not."""

    sheet: Sheet
    photos: Sequence[SheetPhoto]
    matter: Matter | None
    kept: bool

    @property
    def open(self) -> bool:
        return self.sheet.state in (SheetState.BLANK, SheetState.WAITING)


def sheet(key: UUID, actor: Actor) -> ReadSheet | None:
    """None where it is not the actor's to take in. Its pictures are read there until the matter has them."""
    rows = Sheet.objects.select_related("point__unit", "point__area", "settled_by", "raised")
    row = rows.filter(pk=key).first()
    if row is None or not may_serve(actor, row.point.unit.path):
        return None
    raised = getattr(row, "raised", None)
    matter = visible_to(actor).filter(pk=raised.matter_id).first() if raised is not None else None
    photos = list(sheets.photos_of(row)) if raised is None else []
    return ReadSheet(row, photos, matter, raised is not None and matter is None)


def by_serial(serial: str) -> Sheet | None:
    return Sheet.objects.filter(serial=serial).first() if serial else None


def sheet_photo(key: UUID, actor: Actor) -> SheetPhoto | None:
    """A picture of a sheet that the actor may read."""
    found = SheetPhoto.objects.select_related("sheet").filter(pk=key).first()
    read = sheet(found.sheet_id, actor) if found is not None else None
    return found if read is not None and found in read.photos else None


@dataclass(frozen=True)
class Listed:
    """The first of some sheets, and how many more there are."""

    rows: Sequence[Sheet]
    more: int


def waiting_sheets(actor: Actor) -> Listed:
    """Those with pictures that nobody registered, where the actor takes in, oldest first. Two statements, or three."""
    rows = Sheet.objects.filter(state=SheetState.WAITING, point__in=_served_at(actor)).select_related("point__unit")
    return _first(rows.order_by("brought_at", "id"))


def aside_sheets(actor: Actor) -> Listed:
    """Those that somebody decided not to register, newest first: others read why. Two statements, or three."""
    rows = Sheet.objects.filter(state=SheetState.ASIDE, point__in=_served_at(actor))
    return _first(rows.select_related("point__unit", "settled_by").order_by("-settled_at", "id"))


def _served_at(actor: Actor) -> list[UUID]:
    """Points where the actor takes in, also closed ones: what was written there waits."""
    return [key for key, path in Point.objects.values_list("pk", "unit__path") if may_serve(actor, path)]


def _first(rows: QuerySet[Sheet]) -> Listed:
    shown = list(rows[: SHOWN + 1])
    return Listed(shown[:SHOWN], rows.count() - SHOWN if len(shown) > SHOWN else 0)


@dataclass(frozen=True)
class Batch:
    """Sheets that were printed together: of which point, how many, when."""

    key: UUID
    point: str
    n: int
    at: datetime


def batches(points: Sequence[Point]) -> list[Batch]:
    """What was printed last for these points, newest first: a printer jams. One statement."""
    rows = Sheet.objects.filter(point__in=points).order_by().values("batch", "point__name", "printed_at")
    found = rows.annotate(n=Count("pk")).order_by("-printed_at")[:_LATEST]
    return [Batch(one["batch"], one["point__name"], one["n"], one["printed_at"]) for one in found]


def printed_together(batch: UUID) -> list[Sheet]:
    return list(Sheet.objects.filter(batch=batch).select_related("point__unit", "point__area").order_by("id"))


def served(actor: Actor, points: Sequence[Point]) -> list[Point]:
    return [one for one in points if may_serve(actor, one.unit.path)]


def _waits(rows: Sequence[Ticket], now: datetime) -> Waits:
    took = [_minutes(one.drawn_at, one.called_at) for one in rows if one.called_at is not None]
    first = next((one for one in rows if one.state == TicketState.WAITING), None)
    return Waits(
        round(median(took)) if took else None,
        max(took, default=None),
        _minutes(first.drawn_at, now) if first is not None else None,
    )


def _minutes(begins: datetime, ends: datetime) -> int:
    return max(int((ends - begins).total_seconds() // _SECONDS), 0)
