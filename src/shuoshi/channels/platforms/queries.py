"""Whose key it is, and what became of what was sent: states and dates, never words, contacts or places."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, When

from shuoshi.channels.keys import digest
from shuoshi.channels.platforms.keeping import Deed
from shuoshi.channels.platforms.models import Delivery, Hook, Platform, Posted, Silence, Telling
from shuoshi.kernel import clock
from shuoshi.kernel.events import instant
from shuoshi.kernel.web.pager import Page, keyset, read
from shuoshi.matters.models import Entry
from shuoshi.matters.vocabulary import OVER, Audience, Status
from shuoshi.organization import queries as organization

MOST = 1000  # in one answer
SOON = timedelta(days=30)
SILENT_AFTER = 3  # failures in a row: a line that breaks once is no fault
LATELY = 20  # deliveries on the page of a platform
_SILENT = Silence.objects.filter(hook__active=True, hook__platform__reads=True, failures__gte=SILENT_AFTER)
_READ = (
    "id",
    "at",
    "name",
    "service",
    "platform_id",
    "matter__status",
    "matter__registered_at",
    "matter__closed_at",
    "matter__promised_by",
    "matter__lead_unit__name",
)


@dataclass(frozen=True)
class State:
    """How a matter stands, as far as a program outside may know. `unit` "" where it may not, or none has it yet."""

    name: str
    service: str
    status: Status
    registered_at: datetime
    changed_at: datetime
    promised_by: datetime | None
    unit: str
    own: bool  # whether it is told to the platform that sent it

    @property
    def over(self) -> bool:
        return self.status in OVER

    def told(self) -> dict[str, str | bool | None]:
        """As programs read it, of the REST interface and of what is told by itself; moments in UTC as RFC 3339."""
        return {
            "id": self.name,
            "category": self.service,
            "status": self.status.value,
            "status_text": str(self.status.label),
            "over": self.over,
            "unit": self.unit or None,
            "registered_at": instant(self.registered_at),
            "changed_at": instant(self.changed_at),
            "promised_by": instant(self.promised_by) if self.promised_by else None,
        }


def of_key(key: str) -> Platform | None:
    """The platform whose key this is, while it may use it. One statement."""
    if not key:
        return None
    today = clock.local(clock.now()).date()
    return Platform.objects.filter(key_digest=digest(key), active=True, until__gte=today).first()


class BadCursor(ValueError):
    """The cursor is none of ours: beginning anew would be read as the next page."""


class Fault(StrEnum):
    """What somebody has to see to about a platform in use."""

    OVER = "over"  # its key opens nothing any more
    SOON = "soon"  # it will not within SOON
    SILENT = "silent"  # it is to be told of changes and does not answer


@dataclass(frozen=True)
class Known:
    """A platform, when it sent something last, and what is wrong with it."""

    platform: Platform
    last: datetime | None
    fault: Fault | None


def known(*, ended: bool = False, since: datetime | None = None) -> list[Known]:
    """The platforms in use, behind them those that sent something from `since` on, with `ended` all. One statement."""
    today = clock.local(clock.now()).date()
    newest = Posted.objects.filter(platform=OuterRef("pk")).order_by("-at").values("at")[:1]
    silent = Exists(_SILENT.filter(hook__platform=OuterRef("pk")))
    rows = Platform.objects.annotate(last=Subquery(newest), silent=silent).order_by("-active", "name", "id")
    if not ended:
        rows = rows.filter(Q(active=True) | Q(last__gte=since) if since else Q(active=True))
    return [Known(row, row.last, fault(row, today, silent=row.silent)) for row in rows]


def fault(platform: Platform, today: date, *, silent: bool) -> Fault | None:
    """What is wrong first; `silent`: whether it does not answer when it is told."""
    if not platform.active:
        return None
    if platform.until < today:
        return Fault.OVER
    if silent:
        return Fault.SILENT
    return Fault.SOON if platform.until - today < SOON else None


def silence_of(platform: Platform) -> Silence | None:
    """Since when it does not answer when it is told of changes; None where it does, or is to be told nothing."""
    return _SILENT.filter(hook__platform=platform).first()


def hook_of(platform: Platform) -> Hook | None:
    """Where it is told of changes, also where that was ended; the row remembers what was read."""
    return getattr(platform, "hook", None)


def has_dead(hook: Hook) -> bool:
    """Whether anything was given up."""
    return hook.deliveries.filter(state=Telling.DEAD).exists()


def lately(hook: Hook) -> list[Delivery]:
    """What it could not be told, and what it was told lately or is to be told, newest first; a page of it."""
    dead = When(state=Telling.DEAD, then=0)
    return list(hook.deliveries.order_by(Case(dead, default=1), "-created_at", "-id")[:LATELY])


def by_names(names: Collection[str], platform: Platform | None = None) -> list[State]:
    """The states of these, in the order they are named in; who does not ask with the key they were sent by, no unit."""
    rows = {row["name"]: row for row in _rows().filter(name__in=list(names)[:MOST])}
    return [_state(rows[name], platform) for name in dict.fromkeys(names) if name in rows]


def sent(
    platform: Platform,
    begins: datetime,
    ends: datetime,
    *,
    services: Sequence[str] = (),
    over: bool | None = None,
    most: int = MOST,
) -> list[State]:
    """What a platform sent between two moments, newest first; of these services, open (`over` False) or ended only."""
    rows = _rows().filter(platform=platform, at__gte=begins, at__lte=ends)
    if services:
        rows = rows.filter(service__in=services)
    if over is not None:
        rows = rows.filter(matter__status__in=OVER) if over else rows.exclude(matter__status__in=OVER)
    return [_state(row, platform) for row in rows.order_by("-at", "-id")[: min(most, MOST)]]


def page(platform: Platform, *, over: bool | None = None, after: str = "", size: int = 50) -> Page[State]:
    """What a platform sent, newest first, and the cursor of what follows. One statement. Raises BadCursor."""
    if after and not _is_cursor(after):
        raise BadCursor(after)
    rows = _rows().filter(platform=platform)
    if over is not None:
        rows = rows.filter(matter__status__in=OVER) if over else rows.exclude(matter__status__in=OVER)
    found = keyset(rows, after, ("-at", "-id"), size)
    return Page([_state(row, platform) for row in found.rows], found.next)


def _is_cursor(after: str) -> bool:
    """Whether it is one that we gave: a moment, and a key."""
    try:
        at, key = read(after, 2) or ("", "")
        return bool(UUID(str(key))) and 2000 < datetime.fromisoformat(str(at)).astimezone(UTC).year < 2200
    except (ValueError, OverflowError):
        return False


def own(platform: Platform, name: str) -> State | None:
    """How one stands that this platform sent; None for another's. One statement."""
    row = _rows().filter(platform=platform, name=name).first()
    return None if row is None else _state(row, platform)


def history(key: UUID) -> list[organization.Change]:
    """What was changed about a platform, newest first; one statement."""
    return organization.history("platform", key, Deed)


def _rows() -> QuerySet[Posted, dict[str, Any]]:
    """Of what stands in _READ and when somebody last said something its speaker may read."""
    said = Entry.objects.filter(matter=OuterRef("matter"), audience=Audience.PUBLIC).order_by("-at").values("at")[:1]
    rows: QuerySet[Posted, dict[str, Any]] = Posted.objects.annotate(said_at=Subquery(said)).values(*_READ, "said_at")
    return rows


def _state(row: dict[str, Any], platform: Platform | None) -> State:
    own = platform is not None and platform.reads and platform.pk == row["platform_id"]
    return State(
        name=row["name"],
        service=row["service"],
        status=Status(row["matter__status"]),
        registered_at=row["matter__registered_at"],
        changed_at=row["matter__closed_at"] or row["said_at"] or row["matter__registered_at"],
        promised_by=row["matter__promised_by"],
        unit=(row["matter__lead_unit__name"] or "") if own else "",
        own=own,
    )
