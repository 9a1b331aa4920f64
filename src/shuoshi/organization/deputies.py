"""Who acts for somebody who is away: one pure answer, `acting_for`, and what it has to know, read in few statements.

Deputies are followed as far as somebody is there. Where nobody is left, whoever heads the unit acts, then whoever leads
or heads the units above. Posts that were given by election or by two administrators are lent to nobody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import DateTimeField, Exists, OuterRef, Q, QuerySet

from shuoshi.kernel.prepared import Prepared
from shuoshi.organization.absence import Absence
from shuoshi.organization.models import Post, UnitKind, prefixes
from shuoshi.organization.roles import Role

LENT = frozenset(
    {
        Role.REGISTRAR,
        Role.DISPATCHER,
        Role.DEPARTMENT_HEAD,
        Role.HANDLER,
        Role.FOLLOW_UP_AGENT,
        Role.DUTY_OFFICER,
        Role.LEADER,
        Role.GRID_WORKER,
    }
)
HEADS = (Role.DEPARTMENT_HEAD, Role.LEADER)


@dataclass(frozen=True, slots=True)
class Away:
    """One absence as the question needs it."""

    person: UUID
    deputy: UUID | None
    starts_at: datetime
    ends_at: datetime
    entered_at: datetime

    def holds(self, at: datetime) -> bool:
        return self.starts_at <= at < self.ends_at


def acting_for(
    person: UUID, at: datetime, away: Iterable[Away], over: Mapping[UUID, Sequence[UUID]] | None = None
) -> UUID | None:
    """Who acts for this person at a moment: the person, when there; else the deputy, or the deputy's, as far as it goes.

    Of absences that overlap the one that began last counts first. `over`: for those nobody stands in for, who heads
    their units and the units above, nearest first. None when all of them are away, too.
    """
    running: dict[UUID, list[Away]] = defaultdict(list)
    for one in away:
        if one.holds(at):
            running[one.person].append(one)
    return _acting(person, running, over or {})


def _acting(person: UUID, running: Mapping[UUID, list[Away]], over: Mapping[UUID, Sequence[UUID]]) -> UUID | None:
    if person not in running:
        return person
    found = _through(person, running, {person})
    if found is not None:
        return found
    return next((one for one in over.get(person, ()) if one not in running), None)


def _through(person: UUID, running: Mapping[UUID, list[Away]], passed: set[UUID]) -> UUID | None:
    """Along the deputies; whoever was passed already is not asked again, so that a circle ends."""
    for one in sorted(running[person], key=lambda one: (one.starts_at, one.entered_at), reverse=True):
        if one.deputy is None or one.deputy in passed:
            continue
        passed.add(one.deputy)
        if one.deputy not in running:
            return one.deputy
        found = _through(one.deputy, running, passed)
        if found is not None:
            return found
    return None


def absences(at: datetime) -> list[Away]:
    """Those that hold at a moment, their deputies as far as they hold a post then; one statement."""
    return [
        Away(person, deputy if serves else None, starts_at, ends_at, entered_at)
        for person, deputy, serves, starts_at, ends_at, entered_at in _AWAY.ask(at=at)
    ]


def _away(at: datetime) -> QuerySet[Absence, tuple[Any, ...]]:
    held = Post.objects.filter(held_at(at), person=OuterRef("deputy"), unit__active=True)
    found = Absence.objects.filter(active=True, starts_at__lte=at, ends_at__gt=at).annotate(serves=Exists(held))
    columns = "person_id", "deputy_id", "serves", "starts_at", "ends_at", "entered_at"
    return found.order_by("starts_at", "id").values_list(*columns)


_AWAY = Prepared(_away, at=DateTimeField())


@dataclass(frozen=True)
class Covers:
    """Who is away at a moment and who acts for each of them."""

    at: datetime
    away: Sequence[Away] = ()
    until: Mapping[UUID, datetime] = field(default_factory=dict)  # of each who is away, when they are back

    @cached_property
    def by(self) -> Mapping[UUID, UUID | None]:
        """For each who is away, who acts; None where nobody is left. One statement, only where deputies do not do."""
        running: dict[UUID, list[Away]] = defaultdict(list)
        for one in self.away:
            running[one.person].append(one)
        found = {person: _acting(person, running, {}) for person in running}
        open_ = [person for person, acts in found.items() if acts is None]
        over = heads_over(open_, self.at) if open_ else {}
        return found | {person: _acting(person, running, over) for person in open_}

    def is_away(self, person: UUID | None) -> bool:
        return person in self.until

    def acting_for(self, person: UUID) -> UUID | None:
        """The person when there, else who acts; None for nobody."""
        return self.by[person] if person in self.until else person

    def instead(self, people: Iterable[UUID]) -> tuple[UUID, ...]:
        """These people, each who is away replaced by who acts; nobody twice."""
        acting = (self.acting_for(person) for person in people)
        return tuple(dict.fromkeys(person for person in acting if person is not None))

    def places_of(self, person: UUID) -> list[UUID]:
        """Those who are away and for whom this person acts."""
        if not self.away:
            return []
        return [absent for absent, acts in self.by.items() if acts == person]


def covers(at: datetime) -> Covers:
    """One statement, and one more where deputies do not do."""
    away = absences(at)
    until: dict[UUID, datetime] = {}
    for one in away:
        until[one.person] = max(one.ends_at, until.get(one.person, one.ends_at))
    return Covers(at, away, until)


def heads_over(people: Collection[UUID], at: datetime) -> dict[UUID, list[UUID]]:
    """For each of these people who heads their units, then the units above, nearest first; two statements.

    A registry or committee is led by whoever leads the tier it belongs to.
    """
    paths: dict[UUID, list[str]] = defaultdict(list)
    own = Post.objects.filter(held_at(at), person__in=list(people), role__in=LENT, unit__active=True)
    for person, path in own.order_by("since", "id").values_list("person_id", "unit__path"):
        paths[person].append(path)
    wanted = {above for found in paths.values() for path in found for above in prefixes(path)}
    of_registry = Q(unit__parent__path__in=wanted, unit__kind=UnitKind.REGISTRY, role=Role.LEADER)
    heads = Post.objects.filter(held_at(at), Q(unit__path__in=wanted) | of_registry, role__in=HEADS, unit__active=True)
    at_path: dict[str, list[UUID]] = defaultdict(list)
    for person, path, kind, role in heads.order_by("since", "id").values_list(
        "person_id", "unit__path", "unit__kind", "role"
    ):
        leads = kind == UnitKind.REGISTRY and role == Role.LEADER
        at_path[prefixes(path)[-2] if leads and len(prefixes(path)) > 1 else path].append(person)
    return {person: _upwards(person, found, at_path) for person, found in paths.items()}


def _upwards(person: UUID, own: Sequence[str], at_path: Mapping[str, Sequence[UUID]]) -> list[UUID]:
    rising = (above for path in own for above in reversed(prefixes(path)))
    found = (head for above in rising for head in at_path.get(above, ()) if head != person)
    return list(dict.fromkeys(found))


def held_at(at: datetime) -> Q:
    """Posts that are held at a moment."""
    return Q(since__lte=at) & (Q(until__isnull=True) | Q(until__gt=at))
