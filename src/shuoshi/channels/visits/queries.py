"""Visits as they stand: who was visited and who was not for how long, plans, what waits for a person, phones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Prefetch, Q, prefetch_related_objects

from shuoshi.channels.visits import records
from shuoshi.channels.visits.models import Device, Differing, FromVisit, Plan, Visit, VisitFile
from shuoshi.channels.visits.policies import may_read, may_settle, may_visit, reads_beneath, settles_beneath
from shuoshi.channels.visits.records import Record
from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.web import Page, keyset
from shuoshi.matters.models import Matter
from shuoshi.matters.queries import visible_to
from shuoshi.organization import queries as organization
from shuoshi.organization.models import Area

SHOWN = 50  # of a list
LONG = timedelta(days=90)  # an area where nobody was for longer is told of
FILES_WITHIN = timedelta(hours=1)  # afterwards somebody is told that pictures are missing


@dataclass(frozen=True)
class Running:
    """A plan and how many visits it has. `route`: homes in order, each with whether somebody was there under this plan."""

    plan: Plan
    done: int
    route: Sequence[tuple[str, bool]] = ()

    @property
    def over(self) -> bool:
        return self.plan.ends < clock.local(clock.now()).date()


@dataclass(frozen=True)
class Covered:
    """A village: the last visit there, visits of a time, of them met; `days`: since the last one, None: never."""

    area: Area
    last: datetime | None
    visits: int
    met: int
    by: Sequence[str]  # who goes there by a plan that runs
    days: int | None

    @property
    def long(self) -> bool:
        return self.days is None or self.days > LONG.days


def coverage(since: datetime, now: datetime) -> list[Covered]:
    """Every village, with all groups beneath it, those unvisited for longest first. Three statements."""
    today = clock.local(now).date()
    recent = Q(begun_at__gte=since, begun_at__lte=now)
    tallies = list(
        Visit.objects.order_by()
        .values_list("area__path")
        .annotate(
            newest=Max("begun_at"),
            many=Count("pk", filter=recent),
            there=Count("pk", filter=recent & Q(met=True)),
        )
    )
    plans = Plan.objects.filter(active=True, begins__lte=today, ends__gte=today).select_related("visitor", "area")
    running = list(plans.order_by("ends", "id"))
    found = []
    for row in _villages():
        here = [(last, n, met) for path, last, n, met in tallies if path.startswith(row.path)]
        last = min(max(one[0] for one in here), now) if here else None  # a phone's clock may run ahead
        days = (today - clock.local(last).date()).days if last else None
        names = dict.fromkeys(str(one.visitor.name) for one in running if one.area.path.startswith(row.path))
        found.append(Covered(row, last, sum(one[1] for one in here), sum(one[2] for one in here), list(names), days))
    return sorted(found, key=lambda one: (one.days is not None, -(one.days or 0), one.area.path))


def _villages() -> list[Area]:
    """The ground one visits by: without a town that holds villages, and without the groups of a village."""
    every = Area.objects.filter(active=True).select_related("parent")
    own = [row for row in every if row.parent is None or row.unit_id not in (None, row.parent.unit_id)]
    return [row for row in own if not any(one.path.startswith(row.path) and one.pk != row.pk for one in own)]


def plans(actor: Actor, now: datetime) -> list[Running]:
    """The actor's own, and those they may change: that run, are to come, or ended this month. One statement."""
    today = clock.local(now).date()
    mine = Q(visitor=actor.person_id)
    for path in reads_beneath(actor):
        there = organization.posts_at(now).filter(unit__path__startswith=path).values("person_id")
        mine |= Q(area__unit__path__startswith=path) | Q(visitor__in=there)
    rows = Plan.objects.filter(mine, active=True, ends__gte=today - timedelta(days=31))
    rows = rows.select_related("area", "visitor").annotate(n=Count("visits")).order_by("ends", "id")
    return [Running(row, row.n) for row in rows[:SHOWN]]


def plan(key: UUID) -> Running | None:
    """With its route. Two statements."""
    row = Plan.objects.select_related("area__unit", "visitor").annotate(n=Count("visits")).filter(pk=key).first()
    if row is None:
        return None
    prefetch_related_objects([row], _households())
    return _with_route(row, row.n)


def _households() -> Prefetch[Any, Any, Any]:
    """Of the visits of a plan only where they were: what was said there is larger."""
    return Prefetch("visits", Visit.objects.only("plan_id", "household", "wrapped_key"))


def _with_route(row: Plan, done: int) -> Running:
    seen = {str(one.household) for one in row.visits.all()}
    lines = (line.strip() for line in str(row.route).splitlines())
    return Running(row, done, [(line, line[: records.LINE] in seen) for line in lines if line])


def today_of(person: UUID, today: date) -> list[Running]:
    """The plans a phone takes along, with their routes. Two statements."""
    rows = Plan.objects.filter(visitor=person, active=True, begins__lte=today, ends__gte=today)
    rows = rows.select_related("area").prefetch_related(_households()).order_by("ends", "id")[:SHOWN]
    return [_with_route(row, len(row.visits.all())) for row in rows]


def latest(actor: Actor, after: str = "") -> Page[Visit]:
    """The visits the actor reads of, by when they came, newest first. One statement."""
    mine = Q(by=actor.person_id)
    for path in reads_beneath(actor):
        mine |= Q(unit__path__startswith=path)
    rows = Visit.objects.filter(mine).select_related("area", "by").annotate(n=Count("raised"))
    return keyset(rows, after, ("-received_at", "-id"), size=20)


def waiting(actor: Actor, now: datetime) -> list[Visit]:
    """What was said and is no matter yet, where the actor settles it: refused, rescued, or without its pictures for long."""
    late = Q(held="files", received_at__lte=now - FILES_WITHIN)
    rows = Visit.objects.filter(_settled_by(actor), Q(settled_at__isnull=True) & (late | ~Q(held="files")))
    return list(rows.select_related("area", "by", "unit").order_by("received_at", "id")[:SHOWN])


def differing(actor: Actor) -> list[Differing]:
    """What came a second time with other words, and nobody settled, where the actor settles it."""
    rows = Differing.objects.filter(_settled_by(actor, "visit__"), settled_at__isnull=True)
    return list(rows.select_related("visit__area", "visit__by").order_by("received_at", "id")[:SHOWN])


def _settled_by(actor: Actor, to: str = "") -> Q:
    """As policies.may_settle, asked of the database; `to` leads to the visit."""
    mine = Q(**{f"{to}by": actor.person_id}) if may_visit(actor) else Q(pk__in=[])
    for path in settles_beneath(actor):
        mine |= Q(**{f"{to}unit__path__startswith": path})
    return mine


@dataclass(frozen=True)
class Read:
    """A visit as somebody may read it. `record` and `files`: only for who settles it, until its matters say the same."""

    visit: Visit
    settles: bool
    record: Record | None
    files: Sequence[VisitFile]
    missing: int
    matters: Sequence[Matter]
    kept: bool  # whether a matter of it is kept from them
    others: Sequence[tuple[Differing, Record]]


def visit(key: UUID, actor: Actor) -> Read | None:
    """None where it is not the actor's to read. Five statements at most."""
    row = Visit.objects.select_related("area", "by", "unit", "device", "plan__area").filter(pk=key).first()
    if row is None or not may_read(actor, row):
        return None
    raised = list(FromVisit.objects.filter(visit=row).values_list("matter_id", flat=True))
    seen = list(visible_to(actor).filter(pk__in=raised).order_by("number")) if raised else []
    kept, settles = len(seen) < len(raised), may_settle(actor, row)
    others = list(row.differing.filter(settled_at__isnull=True).order_by("received_at")) if settles and not kept else []
    for one in others:
        one.visit = row
    opened = settles and not kept and (row.settled_at is None or not raised or bool(others))
    record = records.again(str(row.said)) if opened else None
    files = list(row.files.order_by("received_at", "id")) if opened else []
    here = {one.sent for one in files}
    return Read(
        visit=row,
        settles=settles,
        record=record,
        files=files,
        missing=len(set(record.files) - here) if record and row.settled_at is None else 0,
        matters=seen,
        kept=kept,
        others=[(one, records.again(str(one.said))) for one in others],
    )


def file(key: UUID, actor: Actor) -> VisitFile | None:
    """A picture of a visit whose record the actor reads."""
    found = VisitFile.objects.select_related("visit").filter(pk=key).first()
    read = visit(found.visit_id, actor) if found is not None else None
    return found if read is not None and found in read.files else None


def devices(person: UUID | None) -> list[tuple[Device, datetime | None]]:
    """The phones of one person, or all: every one in use, then those revoked last; each with when it sent last. Two statements."""
    rows = Device.objects.select_related("person").annotate(last=Max("visits__received_at"))
    if person is not None:
        rows = rows.filter(person=person)
    in_use = rows.filter(revoked_at__isnull=True).order_by("-enrolled_at", "id")
    revoked = rows.filter(revoked_at__isnull=False).order_by("-revoked_at", "id")[: SHOWN * 2]
    return [(row, row.last) for some in (in_use, revoked) for row in some]
