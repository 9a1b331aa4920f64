"""The list of the day for every unit: due today, overdue, waiting for a ruling. Once each working day, never twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.db.models import Count, Q

from shuoshi.kernel import calendars, clock
from shuoshi.kernel.clocks import Outcome
from shuoshi.kernel.ids import new_id
from shuoshi.kernel.outbox import facts_of
from shuoshi.matters.models import Deadline, Matter
from shuoshi.matters.models.matter import NEVER
from shuoshi.matters.vocabulary import GIVEN, DeadlineKind, Status
from shuoshi.notices.models import Gateway, Message, Morning, Robot, To, Way, new_token
from shuoshi.notices.wording import DIGEST
from shuoshi.organization import profile
from shuoshi.organization.models import Post
from shuoshi.organization.roles import Role
from shuoshi.people.models import ContactKind

READERS = (Role.DEPARTMENT_HEAD, Role.DISPATCHER)  # by e-mail, whoever heads a unit or sends out for a registry


def put_together(now: datetime) -> int:
    """Make the messages of this morning's lists; how many. Again the same day it makes none, and where nobody can be
    sent one, nothing is counted; nor where no institution is set up yet."""
    try:
        telling, local = profile.current().telling, clock.local(now)
    except profile.NoProfile:
        return 0
    if not time.fromisoformat(telling.digest) <= local.time() < time.fromisoformat(telling.end):
        return 0
    if Morning.objects.filter(day=local.date()).exists() or not calendars.load().is_working_day(local.date()):
        return 0
    told = list(_recipients())
    if not told:
        return 0
    day = uuid5(NAMESPACE_URL, f"shuoshi:digest:{local.date().isoformat()}")
    with transaction.atomic():
        Morning.objects.bulk_create([Morning(day=local.date(), at=now)], ignore_conflicts=True)
        counts = _counts(now, {unit for unit, _to, _way, _who in told})
        made = [
            _message(day, unit, to, way, who, counts[unit], now)
            for unit, to, way, who in told
            if any(counts.get(unit, ()))
        ]
        Message.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)


def _recipients() -> Iterator[tuple[UUID, To, Way, UUID]]:
    """Unit, to whom, by which way, and the unit or person itself."""
    for unit in Robot.objects.filter(active=True, unit__active=True).values_list("unit_id", flat=True):
        yield unit, To.UNIT, Way.ROBOT, unit
    if Gateway.objects.filter(way=Way.EMAIL, active=True).exists():
        read = Post.objects.filter(role__in=READERS, until__isnull=True, unit__active=True)
        own = {"kind": ContactKind.EMAIL, "given_for": None, "valid": True}
        addressed = read.filter(**{f"person__contact_points__{name}": value for name, value in own.items()})
        for unit, person in addressed.values_list("unit_id", "person_id").distinct():
            yield unit, To.STAFF, Way.EMAIL, person


def _counts(now: datetime, units: set[UUID]) -> dict[UUID, tuple[int, int, int]]:
    """Due today, overdue, waiting for a ruling, of each of these units; four statements."""
    tonight = datetime.combine(clock.local(now).date() + timedelta(days=1), time(), clock.INSTITUTION_ZONE)
    due = Count("pk", filter=Q(next_due_at__gte=now, next_due_at__lt=tonight))
    overdue = Count("pk", filter=Q(next_due_at__lt=now))
    found: dict[UUID, tuple[int, int, int]] = {}
    at_units = Matter.objects.filter(lead_unit__in=units, status__in=GIVEN, next_due_at__lt=NEVER, drill=False)
    at_registries = Matter.objects.filter(
        registry__in=units, status__in=[Status.REGISTERED, Status.ACCEPTED], drill=False
    )
    for rows, unit in ((at_units, "lead_unit"), (at_registries, "registry")):
        for key, today, late in (
            rows.order_by().values(unit).annotate(today=due, late=overdue).values_list(unit, "today", "late")
        ):
            before = found.get(key, (0, 0, 0))
            found[key] = (before[0] + today, before[1] + late, before[2])
    ruling = Deadline.objects.filter(kind=DeadlineKind.RULING, outcome=Outcome.OPEN, round__matter__registry__in=units)
    by_registry = ruling.order_by().values("round__matter__registry").annotate(asked=Count("pk"))
    for key, asked in by_registry.values_list("round__matter__registry", "asked"):
        before = found.get(key, (0, 0, 0))
        found[key] = (before[0], before[1], asked)
    return found


def _message(
    day: UUID, unit: UUID, to: To, way: Way, who: UUID, counts: tuple[int, int, int], now: datetime
) -> Message:
    due, overdue, rulings = counts
    return Message(
        id=new_id(),
        occasion=uuid5(day, str(unit)),
        recipient=who,
        way=way,
        to=to,
        kind=DIGEST,
        about_kind="day",
        about_id=day,
        unit_id=unit,
        facts_json=facts_of({"due": due, "overdue": overdue, "rulings": rulings}),
        token=new_token(),
        created_at=now,
        not_before=now,
    )
