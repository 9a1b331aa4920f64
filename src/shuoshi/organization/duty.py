"""Who is on duty, around the clock, and whom to call next when nobody acts (4.1.2).

A tier's duty officers hold their posts in its own unit or its registry. Without a line of the roster for a moment all of
them are on duty; where a tier has none, whoever heads its registry is called, then whoever leads it, then the tier above.
Whoever is away is not called: who acts in their place is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, Q, QuerySet
from django.db.models import TextChoices as Choices
from django.utils.translation import gettext_lazy as _

from shuoshi.kernel import clock
from shuoshi.organization import deputies
from shuoshi.organization.absence import Absence
from shuoshi.organization.deputies import Covers
from shuoshi.organization.deputies import held_at as _held
from shuoshi.organization.models import DutyRoster, Post, Unit, UnitKind, prefixes
from shuoshi.organization.roles import Role

NEXT_WITHIN = timedelta(days=2)  # whoever has the duty after these is too far away to be called for this one
WEEK = 7  # days that are looked ahead for gaps


class Because(Choices):
    """Why somebody is called."""

    ON_DUTY = "on_duty", _("值班")
    EVERYBODY = "everybody", _("没有排班，全体值班员")
    DEPUTY = "deputy", _("代班、下一班")
    OTHERS = "others", _("其他值班员")
    HEAD = "head", _("受理中心负责人")
    LEADER = "leader", _("领导")


@dataclass(frozen=True)
class Rung:
    """One step of the escalation tree: these people of one tier are called together."""

    tier: str
    because: Because
    people: tuple[UUID, ...]


def on_duty(tier: str, at: datetime) -> list[UUID]:
    """Who is on duty at a tier: by the roster, else every duty officer of it; nobody where it has none.

    Two statements, and two more at most while somebody is away.
    """
    posts = _posts([tier], at)
    found = _present(_first(_Tier(tier, posts, list(_lines([tier], at)), at)), _covers(posts, at))
    return [person for rung in found for person in rung.people]


def on_roster(units: Iterable[UUID], at: datetime) -> list[UUID]:
    """Who stands on the roster of these units at a moment and still holds the post, or who acts for them.

    One statement, and two more at most while somebody is away.
    """
    lines = DutyRoster.objects.filter(unit__in=list(units), active=True, starts_at__lte=at, ends_at__gt=at)
    held = Q(person__posts__role=Role.DUTY_OFFICER, person__posts__since__lte=at)
    held &= Q(person__posts__until__isnull=True) | Q(person__posts__until__gt=at)
    found = list(lines.filter(held).annotate(somebody_away=_somebody_away(at)).order_by("starts_at", "id"))
    return list(_covers(found, at).instead(line.person_id for line in found))


def ladder(tier: str, at: datetime) -> list[Rung]:
    """The whole tree from this tier up to the top: who is called first, and who when nobody acted.

    Two statements, and two more at most while somebody is away.
    """
    tiers = list(reversed(prefixes(tier)))
    posts, lines = _posts(tiers, at), list(_lines(tiers, at))
    found = [rung for path in tiers for rung in _rungs(_Tier(path, posts, lines, at))]
    return _present(found, _covers(posts, at))


def _present(rungs: Iterable[Rung], covers: Covers) -> list[Rung]:
    """The steps with who is there; one with nobody is left out."""
    found = (Rung(rung.tier, rung.because, covers.instead(rung.people)) for rung in rungs)
    return [rung for rung in found if rung.people]


def _covers(rows: Iterable[Any], at: datetime) -> Covers:
    """Who is away and who acts, asked only where somebody is."""
    return deputies.covers(at) if any(row.somebody_away for row in rows) else Covers(at)


def _somebody_away(at: datetime) -> Exists:
    return Exists(Absence.objects.filter(active=True, starts_at__lte=at, ends_at__gt=at))


def next_rung(rungs: Sequence[Rung], called: Collection[UUID]) -> Rung | None:
    """The first step with somebody who was not called yet, without those who were; None at the end of the tree."""
    for rung in rungs:
        people = tuple(person for person in rung.people if person not in called)
        if people:
            return Rung(rung.tier, rung.because, people)
    return None


@dataclass(frozen=True)
class Gap:
    """A day of the coming week on which nobody stands on the roster of a unit for some time."""

    unit: Unit
    day: date


def gaps(now: datetime) -> list[Gap]:
    """Of every unit that has duty officers the coming days that its roster does not cover. Two statements."""
    days = [clock.local(now).date() + timedelta(days=n) for n in range(WEEK)]
    begin, end = max(now, _begins(days[0])), _begins(days[-1] + timedelta(days=1))
    manned = Post.objects.filter(_held(now), role=Role.DUTY_OFFICER).values("unit")
    units = list(Unit.objects.filter(pk__in=manned, active=True).order_by("path"))
    lines = DutyRoster.objects.filter(unit__in=units, active=True, starts_at__lt=end, ends_at__gt=begin)
    spans: dict[UUID, list[tuple[datetime, datetime]]] = {}
    for unit, starts, ends in lines.order_by("starts_at").values_list("unit_id", "starts_at", "ends_at"):
        spans.setdefault(unit, []).append((starts, ends))
    return [
        Gap(unit, day)
        for unit in units
        for day in days
        if not _covered(spans.get(unit.pk, []), max(begin, _begins(day)), _begins(day + timedelta(days=1)))
    ]


def _covered(spans: Sequence[tuple[datetime, datetime]], begin: datetime, end: datetime) -> bool:
    """Whether these spans, earliest first, leave no moment between begin and end."""
    reached = begin
    for starts, ends in spans:
        if starts > reached:
            break
        reached = max(reached, ends)
    return reached >= end


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), clock.INSTITUTION_ZONE)


@dataclass(frozen=True)
class _Tier:
    """What is known of one tier: the posts and lines of the roster of all tiers asked for."""

    path: str
    posts: Sequence[Post]
    lines: Sequence[DutyRoster]
    at: datetime

    def holding(self, role: Role) -> tuple[UUID, ...]:
        found = [post.person_id for post in self.posts if post.role == role and self._is_of(post.unit)]
        return tuple(dict.fromkeys(found))

    def heading(self) -> tuple[UUID, ...]:
        """Who heads the registry."""
        heads = (Role.DEPARTMENT_HEAD, Role.LEADER)
        found = [post.person_id for post in self.posts if post.role in heads and self._is_registry(post.unit)]
        return tuple(dict.fromkeys(found))

    def leading(self) -> tuple[UUID, ...]:
        found = [post.person_id for post in self.posts if post.role == Role.LEADER and post.unit.path == self.path]
        return tuple(dict.fromkeys(found))

    def now(self) -> tuple[UUID, ...]:
        return self._of(line for line in self.lines if line.starts_at <= self.at)

    def later(self) -> tuple[UUID, ...]:
        """The next of the roster: those whose duty begins first."""
        coming = [line for line in self.lines if line.starts_at > self.at and self._is_of(line.unit)]
        first = min((line.starts_at for line in coming), default=None)
        return self._of(line for line in coming if line.starts_at == first)

    def deputies(self, of: Collection[UUID]) -> tuple[UUID, ...]:
        found = [post.person_id for post in self.posts if post.acting_for and post.acting_for.person_id in of]
        return tuple(dict.fromkeys(found))

    def _of(self, lines: Iterable[DutyRoster]) -> tuple[UUID, ...]:
        """Their people, as far as they are still duty officers of this tier."""
        officers = self.holding(Role.DUTY_OFFICER)
        here = [line.person_id for line in lines if self._is_of(line.unit)]
        return tuple(dict.fromkeys(person for person in here if person in officers))

    def _is_of(self, unit: Unit) -> bool:
        return unit.path == self.path or self._is_registry(unit)

    def _is_registry(self, unit: Unit) -> bool:
        return unit.kind == UnitKind.REGISTRY and prefixes(unit.path)[-2:-1] == (self.path,)


def _first(tier: _Tier) -> list[Rung]:
    now, officers = tier.now(), tier.holding(Role.DUTY_OFFICER)
    if now:
        return [Rung(tier.path, Because.ON_DUTY, now)]
    return [Rung(tier.path, Because.EVERYBODY, officers)] if officers else []


def _rungs(tier: _Tier) -> list[Rung]:
    now = tier.now()
    found = _first(tier)
    if now:
        found.append(Rung(tier.path, Because.DEPUTY, (*tier.deputies(now), *tier.later())))
        found.append(Rung(tier.path, Because.OTHERS, tier.holding(Role.DUTY_OFFICER)))
    found.append(Rung(tier.path, Because.HEAD, tier.heading()))
    found.append(Rung(tier.path, Because.LEADER, tier.leading()))
    return [rung for rung in found if rung.people]


def _posts(tiers: Collection[str], at: datetime) -> list[Post]:
    wanted = (Role.DUTY_OFFICER, Role.DEPARTMENT_HEAD, Role.LEADER)
    found = Post.objects.filter(_held(at), _of_tiers(tiers), Q(role__in=wanted) | Q(acting_for__isnull=False))
    found = found.annotate(somebody_away=_somebody_away(at))
    return list(found.filter(unit__active=True).select_related("unit", "acting_for").order_by("since", "id"))


def _lines(tiers: Collection[str], at: datetime) -> QuerySet[DutyRoster]:
    found = DutyRoster.objects.filter(_of_tiers(tiers), active=True, ends_at__gt=at, starts_at__lt=at + NEXT_WITHIN)
    return found.select_related("unit").order_by("starts_at", "id")


def _of_tiers(tiers: Collection[str]) -> Q:
    return Q(unit__path__in=tiers) | Q(unit__parent__path__in=tiers, unit__kind=UnitKind.REGISTRY)
