"""Points as they stand: the days to come and who is to be there, gaps, who was there, held against planned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import ExtractHour, ExtractMinute

from shuoshi.channels.points.deeds import Deed
from shuoshi.channels.points.models import Attendance, DayRule, MatterDay, Sitting
from shuoshi.kernel import clock
from shuoshi.organization import queries as organization
from shuoshi.organization.absence import Absence
from shuoshi.organization.models import OpeningTime, Point

SHOWN = 8  # days of a point that the public reads
GAPS_WITHIN = timedelta(days=31)
LOOKED_BACK = timedelta(days=31)
LOOKED_AHEAD = timedelta(days=92)
ATTENDED = 100  # of what was written, as many are shown
EARLY = 60  # minutes before a day opens in which whoever comes comes for it


@dataclass(frozen=True)
class Seat:
    """A sitting as it stands: whether its holder is away at that time, has left the post, and was really there."""

    row: Sitting
    away: bool
    left: bool
    came: Attendance | None = None

    @property
    def sure(self) -> bool:
        return not (self.away or self.left)


@dataclass(frozen=True)
class Day:
    """One day of a point: a fixed one, or one on which somebody sits there; who was there beside the plan."""

    day: date
    fixed: MatterDay | None
    seats: Sequence[Seat]
    came: Sequence[Attendance]
    today: date

    @property
    def gap(self) -> bool:
        """To come, and nobody is sure to be there."""
        return self.stands and self.day >= self.today and not any(one.sure for one in self.seats)

    @property
    def missed(self) -> bool:
        """A fixed day that is over, and nobody is written down who came in its hours."""
        if self.fixed is None or self.fixed.cancelled or self.day >= self.today:
            return False
        opens, closes = _minute(self.fixed.opens), _minute(self.fixed.closes)
        return not any(opens - EARLY <= _minute(one.came) < closes for one in self.came)

    @property
    def unplanned(self) -> list[Attendance]:
        """Who was there without a plan."""
        planned = {one.row.person_id for one in self.seats}
        return [one for one in self.came if one.person_id not in planned]

    @property
    def stands(self) -> bool:
        return self.fixed is None or not self.fixed.cancelled


def days(points: Collection[UUID], since: date, until: date, now: datetime) -> dict[UUID, list[Day]]:
    """Days of these points, by point, in their order: fixed ones also where cancelled. Four statements."""
    fixed: dict[tuple[UUID, date], list[MatterDay]] = defaultdict(list)
    for one in MatterDay.objects.filter(point__in=points, day__gte=since, day__lte=until).order_by("cancelled", "id"):
        fixed[one.point_id, one.day].append(one)
    sittings = Sitting.objects.filter(point__in=points, day__gte=since, day__lte=until, active=True)
    rows = list(sittings.select_related("post__unit", "person").order_by("day", "starts", "id"))
    valid = Attendance.objects.filter(point__in=points, day__gte=since, day__lte=until, struck_at__isnull=True)
    came: dict[tuple[UUID, date], dict[UUID, Attendance]] = defaultdict(dict)
    for was in valid.select_related("post__unit", "person", "noted_by").order_by("came", "id"):
        came[was.point_id, was.day][was.person_id] = was
    away, seats = _away(rows), defaultdict[tuple[UUID, date], list[Seat]](list)
    for row in rows:
        there = came.get((row.point_id, row.day), {}).get(row.person_id)
        seats[row.point_id, row.day].append(Seat(row, row.pk in away, _left(row), there))
    today, found = clock.local(now).date(), defaultdict[UUID, list[Day]](list)
    for key in sorted({*fixed, *seats, *came}, key=lambda key: key[1]):
        point, day = key
        these = list(came.get(key, {}).values())
        standing = fixed.get(key, [None])[0]
        found[point].append(Day(day, standing, seats.get(key, ()), these, today))
    return found


def coming(points: Collection[UUID], now: datetime, ahead: timedelta = LOOKED_AHEAD) -> dict[UUID, list[Day]]:
    """From today on. Four statements."""
    today = clock.local(now).date()
    return days(points, today, today + ahead, now)


def openings(points: Iterable[Point], since: date, until: date) -> list[OpeningTime]:
    """Fixed days that stand, as opening times of their points, so that they count where those count. One statement."""
    by_key = {one.pk: one for one in points}
    rows = MatterDay.objects.filter(point__in=by_key, day__gte=since, day__lte=until, cancelled=False)
    return [
        OpeningTime(point=by_key[one.point_id], matter_day=one.day, opens=one.opens, closes=one.closes)
        for one in rows.order_by("day", "opens")
    ]


def openings_ahead(points: Iterable[Point], now: datetime) -> list[OpeningTime]:
    """The same for as long as `organization.next_openings` looks ahead. One statement."""
    today = clock.local(now).date()
    return openings(points, today, today + timedelta(weeks=organization.WEEKS_AHEAD))


def is_open(point: Point, now: datetime, around: timedelta = timedelta()) -> bool:
    """Whether the point is open now, or within `around` of it."""
    here = clock.local(now)
    times = organization.open_on(here.date(), [point], openings([point], here.date(), here.date()))
    return any(
        datetime.combine(here.date(), one.opens, clock.INSTITUTION_ZONE) - around <= here
        and here <= datetime.combine(here.date(), one.closes, clock.INSTITUTION_ZONE)
        for one in times
    )


def rules(point: Point) -> list[DayRule]:
    return list(point.day_rules.filter(active=True).order_by("first", "id"))


def mine(person: UUID | None, now: datetime) -> list[Sitting]:
    """The sittings of a person from today on, soonest first; whether they are written down as there, and the day cancelled."""
    if person is None:
        return []
    today = clock.local(now).date()
    there = Attendance.objects.filter(point=OuterRef("point"), person=person, day=today, struck_at__isnull=True)
    rows = Sitting.objects.filter(person=person, day__gte=today, active=True)
    here = MatterDay.objects.filter(point=OuterRef("point"), day=OuterRef("day"))
    off = Exists(here.filter(cancelled=True)) & ~Exists(here.filter(cancelled=False))
    rows = rows.annotate(came=Exists(there), off=off)
    return list(rows.select_related("point__area").order_by("day", "starts")[:SHOWN])


@dataclass(frozen=True)
class Held:
    """Of the fixed days of a point in a time: how many there were, on how many somebody was there, how many were called off."""

    planned: int = 0
    held: int = 0
    cancelled: int = 0


def held(since: datetime, until: datetime, now: datetime) -> Mapping[UUID, Held]:
    """Of every point, of the days that are over or today. One statement."""
    ends = min(clock.local(until).date(), clock.local(now).date() + timedelta(days=1))
    rows = _fixed().filter(day__gte=clock.local(since).date(), day__lt=ends)
    again = MatterDay.objects.filter(point=OuterRef("point"), day=OuterRef("day"), cancelled=False)
    stands = Q(cancelled=False)
    found = (
        rows.order_by()
        .values("point")
        .annotate(
            n=Count("pk", filter=stands),
            there=Count("pk", filter=stands & Q(Exists(_anybody()))),
            off=Count("day", distinct=True, filter=~stands & ~Q(Exists(again))),
        )
    )
    return {one["point"]: Held(one["n"], one["there"], one["off"]) for one in found}


def missed(now: datetime) -> list[MatterDay]:
    """Fixed days of the last month that are over and on which nobody is written down, newest first. One statement."""
    today = clock.local(now).date()
    rows = _fixed().filter(~Exists(_anybody()), cancelled=False, point__active=True)
    rows = rows.filter(day__lt=today, day__gte=today - LOOKED_BACK)
    return list(rows.select_related("point").order_by("-day", "id"))


def attended(point: Point, now: datetime) -> list[Attendance]:
    """What was written in the last months, also what was struck out, newest first; one more than are shown."""
    since = clock.local(now).date() - timedelta(days=92)
    rows = Attendance.objects.filter(point=point, day__gte=since)
    return list(
        rows.select_related("post__unit", "person", "noted_by", "struck_by").order_by("-day", "came", "id")[
            : ATTENDED + 1
        ]
    )


def day_history(key: UUID) -> list[organization.Change]:
    """What was changed about a fixed day, newest first; one statement."""
    return organization.history("matter_day", key, Deed)


def _fixed() -> QuerySet[MatterDay]:
    return MatterDay.objects.alias(begins=_minute_of("opens") - EARLY)


def _anybody() -> QuerySet[Attendance]:
    """Who came to a row of `_fixed`: in its hours, or shortly before."""
    rows = Attendance.objects.filter(point=OuterRef("point"), day=OuterRef("day"), struck_at__isnull=True)
    return rows.alias(at=_minute_of("came")).filter(at__gte=OuterRef("begins"), came__lt=OuterRef("closes"))


def _minute_of(column: str) -> CombinedExpression:
    return ExtractHour(column) * 60 + ExtractMinute(column)


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def _left(row: Sitting) -> bool:
    until = row.post.until
    return until is not None and until <= _at(row, begins=True)


def _away(rows: Sequence[Sitting]) -> set[UUID]:
    """Keys of sittings whose person has an absence at that time; one statement."""
    if not rows:
        return set()
    begins, ends = min(_at(one, begins=True) for one in rows), max(_at(one, begins=False) for one in rows)
    people = {one.person_id for one in rows}
    found = Absence.objects.filter(active=True, person__in=people, starts_at__lt=ends, ends_at__gt=begins)
    spans = defaultdict[UUID, list[tuple[datetime, datetime]]](list)
    for person, starts_at, ends_at in found.values_list("person_id", "starts_at", "ends_at"):
        spans[person].append((starts_at, ends_at))
    return {
        one.pk
        for one in rows
        if any(
            starts < _at(one, begins=False) and ends_ > _at(one, begins=True) for starts, ends_ in spans[one.person_id]
        )
    }


def _at(row: Sitting, *, begins: bool) -> datetime:
    return datetime.combine(row.day, row.starts if begins else row.ends, clock.INSTITUTION_ZONE)
