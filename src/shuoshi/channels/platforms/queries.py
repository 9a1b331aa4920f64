"""Whose key it is, and what became of what was sent: states and dates, never words, contacts or places."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from shuoshi.channels.platforms.keeping import Deed, digest
from shuoshi.channels.platforms.models import Platform, Posted
from shuoshi.kernel import clock
from shuoshi.matters.models import Entry
from shuoshi.matters.vocabulary import OVER, Audience, Status
from shuoshi.organization import queries as organization

MOST = 1000  # in one answer
_READ = (
    "name",
    "service",
    "at",
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

    @property
    def over(self) -> bool:
        return self.status in OVER


def of_key(key: str) -> Platform | None:
    """The platform whose key this is, while it may use it. One statement."""
    if not key:
        return None
    today = clock.local(clock.now()).date()
    return Platform.objects.filter(key_digest=digest(key), active=True, until__gte=today).first()


def platforms() -> QuerySet[Platform]:
    """All there are, those in use first."""
    return Platform.objects.order_by("-active", "name", "id")


def by_names(names: Collection[str], platform: Platform | None = None) -> list[State]:
    """The states of these, in the order they are named in; who does not ask with the key they were sent by, no unit."""
    rows = {row.name: row for row in _rows().filter(name__in=list(names)[:MOST])}
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


def last_sent(of: Iterable[Platform]) -> dict[UUID, datetime]:
    """When each of these sent something last. One statement."""
    newest = Posted.objects.filter(platform=OuterRef("pk")).order_by("-at").values("at")[:1]
    rows = Platform.objects.filter(pk__in=[one.pk for one in of]).annotate(last=Subquery(newest))
    return {pk: last for pk, last in rows.values_list("pk", "last") if last}


def history(key: UUID) -> list[organization.Change]:
    """What was changed about a platform, newest first; one statement."""
    return organization.history("platform", key, Deed)


def _rows() -> QuerySet[Posted]:
    said = Entry.objects.filter(matter=OuterRef("matter"), audience=Audience.PUBLIC).order_by("-at").values("at")[:1]
    return Posted.objects.select_related("matter__lead_unit").only(*_READ).annotate(said_at=Subquery(said))


def _state(row: Posted, platform: Platform | None) -> State:
    matter = row.matter
    own = platform is not None and platform.pk == row.platform_id and platform.reads
    return State(
        name=row.name,
        service=row.service,
        status=Status(matter.status),
        registered_at=matter.registered_at,
        changed_at=matter.closed_at or row.said_at or matter.registered_at,
        promised_by=matter.promised_by,
        unit=matter.lead_unit.name if own and matter.lead_unit else "",
    )
