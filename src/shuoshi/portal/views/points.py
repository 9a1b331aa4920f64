"""Points where people are heard (3.1.1): all of them, each of its own with its next days, and the poster that hangs there.

The code on the poster opens the first page of saying something, which knows then where it was said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import ClassVar
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.channels.boxes.queries import Hanging, hanging
from shuoshi.channels.mail.queries import address
from shuoshi.channels.points.models import MatterDay
from shuoshi.channels.points.queries import SHOWN, Day, coming
from shuoshi.channels.points.sheets import normalise
from shuoshi.channels.points.waiting import by_serial, queue_of
from shuoshi.kernel import clock
from shuoshi.kernel.web import PageData, page, public, qr, show
from shuoshi.kernel.web.access import actor_of
from shuoshi.organization import queries
from shuoshi.organization.models import OpeningTime, Point

_AHEAD, _FEW = timedelta(days=31), 3  # of each point on the page of all
AT = "at"  # in an address: the point whose code was read


@dataclass(frozen=True)
class Hours:
    """One opening time in words: a weekday, or one date that is a matter day."""

    weekday: str
    time: OpeningTime


@dataclass(frozen=True)
class Seat:
    """Who is to be there as the public reads it: unit, post and hours, never a name."""

    unit: str
    post: str
    hours: str
    away: bool


@dataclass(frozen=True)
class Coming:
    """A day to come on which a point has a 说事日 or somebody sits there."""

    day: date
    fixed: MatterDay | None
    seats: list[Seat]


@dataclass(frozen=True)
class PointsPage(PageData):
    template: ClassVar[str] = "portal/points.html"
    points: list[tuple[Point, list[Hours], list[Coming]]]
    boxes: Sequence[Hanging]
    mailbox: str  # to write to; "" where none is read


@dataclass(frozen=True)
class PointPage(PageData):
    template: ClassVar[str] = "portal/point.html"
    point: Point
    hours: list[Hours]
    days: list[Coming]
    say_url: str
    calls: bool  # whether numbers are called there


@dataclass(frozen=True)
class PosterPage(PageData):
    """One sheet of A4. `address` is what the code says, for whoever cannot read it."""

    template: ClassVar[str] = "portal/poster.html"
    point: Point
    hours: list[Hours]
    code: SafeString
    address: str


@page(access=public, methods=("GET",))
def points(request: HttpRequest) -> HttpResponse:
    """Every point with its address, phone and opening times, every suggestion box, and the mailbox (3.1.1, 3.1.3, 3.2.2)."""
    every, now = queries.points(), clock.now()
    ahead = coming([point.pk for point in every], now, _AHEAD)
    rows = [(point, list(_hours(point)), _coming(ahead.get(point.pk, ()))[:_FEW]) for point in every]
    return show(request, PointsPage(points=rows, boxes=hanging(now), mailbox=address()))


@page(access=public, methods=("GET",))
def point(request: HttpRequest, key: UUID) -> HttpResponse:
    """One point, and the way from there to saying something."""
    found = open_point(key)
    say = f"{reverse('portal:what')}?{urlencode({AT: str(key)})}"
    days = _coming(coming([key], clock.now()).get(key, ()))[:SHOWN]
    queue = queue_of(key)
    calls = queue is not None and queue.active
    return show(request, PointPage(point=found, hours=list(_hours(found)), days=days, say_url=say, calls=calls))


@page(access=public, methods=("GET",))
def sheet(request: HttpRequest, serial: str) -> HttpResponse:
    """Where the code of a paper form leads: staff to the form, everybody else to the point it was printed for."""
    if actor_of(request) is not None:
        return redirect("desk:sheet_by_serial", serial)
    found = by_serial(normalise(serial))
    if found is None or not found.point.active:
        raise Http404
    return redirect("portal:point", found.point_id)


@page(access=public, methods=("GET",))
def poster(request: HttpRequest, key: UUID) -> HttpResponse:
    """What hangs at the point: nothing on it is secret, and whoever likes may print it."""
    found = open_point(key)
    address = request.build_absolute_uri(reverse("portal:point", args=[key]))
    return show(request, PosterPage(found, list(_hours(found)), qr.drawn(address), address))


def _coming(days: Iterable[Day]) -> list[Coming]:
    """What is worth a way there: fixed days, also those cancelled, and days on which somebody of staff is to be there."""
    found = []
    for one in days:
        seats = [
            Seat(
                seat.row.post.unit.name,
                str(seat.row.post),
                f"{seat.row.starts:%H:%M}–{seat.row.ends:%H:%M}",
                seat.away,
            )
            for seat in one.seats
            if not seat.left and one.stands
        ]
        if one.fixed is not None or seats:
            found.append(Coming(one.day, one.fixed, seats))
    return found


def scanned(request: HttpRequest) -> Point | None:
    """The point whose code led here; None for none, for one that is closed, and for what is no key."""
    try:
        key = UUID(request.GET.get(AT, ""))
    except ValueError:
        return None
    return next((one for one in queries.points() if one.pk == key), None)


def open_point(key: UUID) -> Point:
    """Raises Http404 for one that is closed or unknown."""
    found = next((one for one in queries.points() if one.pk == key), None)
    if found is None:
        raise Http404
    return found


_DAYS = (_("每周一"), _("每周二"), _("每周三"), _("每周四"), _("每周五"), _("每周六"), _("每周日"))


def _hours(point: Point) -> Iterator[Hours]:
    """Days in a row with the same hours are one line: 星期一至星期五; then single days, then matter days."""
    times = [time for time in point.opening_times.all() if time.active]
    weekly: dict[tuple[time, time], list[OpeningTime]] = {}
    for one in sorted((one for one in times if one.weekday), key=lambda one: one.weekday or 0):
        weekly.setdefault((one.opens, one.closes), []).append(one)
    for same in weekly.values():
        for run in _runs(same):
            yield Hours(_days(run), run[0])
    for one in sorted((one for one in times if one.matter_day), key=lambda one: str(one.matter_day)):
        yield Hours("", one)


def _runs(times: list[OpeningTime]) -> Iterator[list[OpeningTime]]:
    """Three and more days in a row together, the others each for itself. `times` in the order of the week."""
    rest = list(times)
    while rest:
        run = [rest.pop(0)]
        while rest and rest[0].weekday == (run[-1].weekday or 0) + 1:
            run.append(rest.pop(0))
        if len(run) > 2:
            yield run
        else:
            yield from ([one] for one in run)


def _days(run: list[OpeningTime]) -> str:
    first, last = (run[0].weekday or 1) - 1, (run[-1].weekday or 1) - 1
    if first == last:
        return str(_DAYS[first])
    return _now("%(first)s至%(last)s") % {"first": WEEKDAYS[first], "last": WEEKDAYS[last]}
