"""Questions about the institution: the tree, who holds which post, who answers for what, what is open, what changed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import CharField, F, Q, QuerySet, TextChoices, Value

from shuoshi.kernel import calendars, clock
from shuoshi.kernel.calendar import OfficeHours
from shuoshi.kernel.events import Event
from shuoshi.kernel.prepared import Prepared
from shuoshi.organization.actions.changes import Deed
from shuoshi.organization.models import (
    Area,
    DutyLine,
    Institution,
    OpeningTime,
    Point,
    Post,
    Unit,
    UnitKind,
    prefixes,
)
from shuoshi.organization.roles import SECOND_FACTOR, Role


def institution() -> Institution:
    """The one row, with its root unit. Raises Institution.DoesNotExist before the installation was set up."""
    found = _INSTITUTION.one()
    if found is None:
        raise Institution.DoesNotExist
    return found


def _above(path: str) -> QuerySet[Unit]:
    """A unit and all above it: those whose path is a beginning of its own."""
    return Unit.objects.alias(below=Value(path, CharField())).filter(below__startswith=F("path"))


# What every registration asks.
_INSTITUTION: Prepared[Institution] = Prepared(lambda: Institution.objects.select_related("root"))
_REGISTRIES_ABOVE: Prepared[Unit] = Prepared(
    lambda path: Unit.objects.filter(
        kind=UnitKind.REGISTRY, active=True, parent__in=_above(path).values("pk")
    ).select_related("parent"),
    path=CharField(),
)
_HOURS_ABOVE: Prepared[tuple[Any, ...]] = Prepared(
    lambda path: (
        _above(path)
        .filter(morning_from__isnull=False)
        .values_list("path", "morning_from", "morning_to", "afternoon_from", "afternoon_to")
    ),
    path=CharField(),
)


def is_set_up() -> bool:
    return Institution.objects.exists()


def units(*, closed: bool = False) -> list[Unit]:
    """The whole tree in reading order: each unit after the one above it, siblings in order of founding."""
    rows = Unit.objects.all() if closed else Unit.objects.filter(active=True)
    return sorted(rows, key=lambda unit: _steps(unit.path))


def areas(*, closed: bool = False) -> list[Area]:
    """All areas in reading order."""
    rows = Area.objects.all() if closed else Area.objects.filter(active=True)
    return sorted(rows, key=lambda area: _steps(area.path))


def chain(unit: Unit) -> list[Unit]:
    """The unit and all above it, nearest first; one statement."""
    return sorted(Unit.objects.filter(path__in=prefixes(unit.path)), key=lambda found: -len(found.path))


def tier_above(unit: Unit) -> Unit | None:
    """The tier above the one this unit belongs to; None at the top, where outside ways are named instead."""
    tiers = [found for found in chain(unit) if found.is_tier]
    return tiers[1] if len(tiers) > 1 else None


def registry_of(unit: Unit) -> Unit | None:
    """The registry that serves a unit: of its own tier, else of the nearest tier above that has one."""
    return registry_at(unit.path)


def registry_at(path: str) -> Unit | None:
    """The same by the path of the unit; with the unit it belongs to, in one statement."""
    return max(_REGISTRIES_ABOVE.ask(path=path), key=lambda found: len(found.path), default=None)


def registry_for(unit_id: UUID | None, whole: Institution | None = None) -> Unit | None:
    """The registry that takes in for a unit, or where none is said for the whole institution."""
    unit = Unit.objects.filter(pk=unit_id).first() if unit_id else (whole or institution()).root
    return registry_of(unit) if unit else None


def registry(unit_id: UUID | None = None) -> Unit:
    """A registry by key, or the institution's own one, with the unit it belongs to. Raises Unit.DoesNotExist."""
    registries = Unit.objects.filter(kind=UnitKind.REGISTRY, active=True).select_related("parent")
    if unit_id is not None:
        return registries.get(pk=unit_id)
    found = registries.filter(parent_id=institution().root_id).order_by("node").first()
    if found is None:
        raise Unit.DoesNotExist("the institution has no registry")
    return found


def posts_at(at: datetime | None = None) -> QuerySet[Post]:
    """Posts held at a moment, at units in use, with person and unit."""
    at = at or clock.now()
    held = Q(since__lte=at) & (Q(until__isnull=True) | Q(until__gt=at))
    return Post.objects.filter(held, unit__active=True).select_related("person", "unit")


def people_with(
    role: Role, unit: Unit | None = None, *, beneath: bool = False, at: datetime | None = None
) -> list[Post]:
    """Posts with a role: everywhere, at a unit, or with `beneath` in its whole subtree; earliest first."""
    found = posts_at(at).filter(role=role)
    if unit is not None:
        found = found.filter(unit__path__startswith=unit.path) if beneath else found.filter(unit=unit)
    return list(found.order_by("since", "id"))


def posts_of(person_id: UUID, at: datetime | None = None) -> list[Post]:
    return list(posts_at(at).filter(person_id=person_id).order_by("since", "id"))


def needs_second_factor(person_id: UUID, at: datetime | None = None) -> bool:
    """Whether one of the posts held demands a code beside the password."""
    return posts_at(at).filter(person_id=person_id, role__in=SECOND_FACTOR).exists()


def office_hours(unit: Unit) -> OfficeHours:
    """The unit's own hours, else of the nearest unit above that says them, else the usual ones."""
    own = own_hours(unit)
    if own is not None:
        return own
    for _path, *times in sorted(_HOURS_ABOVE.ask(path=unit.path), key=lambda row: -len(row[0])):
        hours = _hours(*times)
        if hours is not None:
            return hours
    return OfficeHours()


def own_hours(unit: Unit) -> OfficeHours | None:
    """The four times of the unit itself, or None when it keeps those of the unit above."""
    return _hours(unit.morning_from, unit.morning_to, unit.afternoon_from, unit.afternoon_to)


def _hours(opens: time | None, pauses: time | None, goes_on: time | None, closes: time | None) -> OfficeHours | None:
    if not (opens and pauses and goes_on and closes):
        return None
    return OfficeHours(((opens, closes),) if pauses == goes_on else ((opens, pauses), (goes_on, closes)))


def duty(category: str, area_path: str = "") -> list[DutyLine]:
    """Lines of the duty list that fit, best first: the closer category wins, then the smaller area (4.2.2)."""
    codes = [category[:length] for length in range(1, len(category) + 1)]
    here = Q(area__isnull=True) | Q(area__path__in=prefixes(area_path), area__active=True)
    lines = DutyLine.objects.filter(here, category__in=codes, active=True, unit__active=True)
    return sorted(
        lines.select_related("unit", "area"),
        key=lambda line: (-len(line.category), -len(line.area.path) if line.area else 0, line.unit.path),
    )


def points(*, closed: bool = False) -> list[Point]:
    """All points with area, unit and opening times, in order of the areas; three statements at most."""
    rows = Point.objects.all() if closed else Point.objects.filter(active=True)
    found = rows.select_related("area", "unit").prefetch_related("opening_times")
    return sorted(found, key=lambda point: (_steps(point.area.path), point.name))


def open_on(day: date, among: Iterable[Point] | None = None, also: Iterable[OpeningTime] = ()) -> list[OpeningTime]:
    """When which point is open on a day, earliest first: its matter days, and its weekly times but on holidays.

    A Saturday that is worked for a holiday has only the times that are written for Saturdays. `also`: matter days that
    packages above draw up. Times of one point that overlap are one.
    """
    rests = calendars.load().is_holiday(day)
    found = [
        time
        for point in (points() if among is None else among)
        for time in point.opening_times.all()
        if time.active and (time.matter_day == day or (time.weekday == day.isoweekday() and not rests))
    ]
    found += [time for time in also if time.matter_day == day]
    return sorted(_merged(found), key=lambda time: (time.opens, time.point.name))


def _merged(times: Iterable[OpeningTime]) -> Iterable[OpeningTime]:
    last: dict[UUID, OpeningTime] = {}
    for one in sorted(times, key=lambda time: (time.opens, time.closes)):
        before = last.get(one.point_id)
        if before is not None and one.opens <= before.closes:
            if one.closes <= before.closes:
                continue
            one = OpeningTime(
                point=one.point,
                matter_day=one.matter_day,
                weekday=one.weekday,
                opens=before.opens,
                closes=one.closes,
            )
        elif before is not None:
            yield before
        last[one.point_id] = one
    yield from last.values()


WEEKS_AHEAD = 2


def next_openings(
    among: Iterable[Point], now: datetime, also: Sequence[OpeningTime] = ()
) -> dict[UUID, tuple[date, OpeningTime]]:
    """When each of these points is open next, from this moment on, by its key; those not open within two weeks are left out."""
    found: dict[UUID, tuple[date, OpeningTime]] = {}
    points, here = list(among), clock.local(now)
    for ahead in range(WEEKS_AHEAD * 7 + 1):
        day = here.date() + timedelta(days=ahead)
        for one in open_on(day, points, also):
            if one.point_id not in found and (ahead or one.closes > here.time()):
                found[one.point_id] = (day, one)
    return found


@dataclass(frozen=True)
class Change:
    """One deed in the history of a thing: what was set, as column → (before, after); None before the first time."""

    at: datetime
    deed: str
    actor: str
    columns: dict[str, tuple[Any, Any]]


def history(kind: str, key: UUID | str, deeds: type[TextChoices] = Deed) -> list[Change]:
    """What happened to a unit, area, point, duty line, the institution or a profile, newest first; one statement.

    `deeds` name the events of things that packages above keep.
    """
    events = Event.objects.filter(stream_kind=kind, stream_id=str(key)).order_by("sequence")
    return list(reversed(list(_changes(events, deeds))))


def _changes(events: Iterable[Event], deeds: type[TextChoices]) -> Iterable[Change]:
    standing: dict[tuple[str, str], Any] = {}
    for event in events:
        columns: dict[str, tuple[Any, Any]] = {}
        for note in json.loads(event.payload)["rows"]:
            for column, value in note.get("set", {}).items():
                before = standing.get((note["row"], column))
                if before != value:
                    columns[column] = (before, value)
                standing[(note["row"], column)] = value
        deed = str(deeds(event.action).label) if event.action in deeds.values else event.action
        yield Change(event.recorded_at, deed, event.actor, columns)


def _steps(path: str) -> tuple[int, ...]:
    return tuple(int(part) for part in path.split("/") if part)
