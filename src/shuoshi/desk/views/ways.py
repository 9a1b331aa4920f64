"""Ways in and points (3): what came by each in a period, what became of it, and what somebody has to see to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuoshi.channels.boxes import queries as boxes
from shuoshi.channels.boxes.queries import Hanging
from shuoshi.channels.hotline import queries as hotline
from shuoshi.channels.hotline.queries import Answering
from shuoshi.channels.mail import queries as mails
from shuoshi.channels.platforms import queries as platforms
from shuoshi.channels.points import queries as at_points
from shuoshi.channels.points.queries import Held
from shuoshi.channels.visits import queries as visits
from shuoshi.channels.visits.queries import Covered
from shuoshi.channels.wechat import queries as wechat
from shuoshi.channels.wechat.queries import Standing
from shuoshi.desk import lists, periods, rights
from shuoshi.desk.frame import DeskRequest
from shuoshi.desk.views.settings.platforms import WRONG
from shuoshi.kernel import clock
from shuoshi.kernel.web import PageData, page, show
from shuoshi.matters.papers.balance import period_name
from shuoshi.matters.queries import queues, ways
from shuoshi.matters.queries.periods import Period
from shuoshi.matters.queries.ways import Column, Line
from shuoshi.matters.vocabulary import Channel
from shuoshi.meetings import queries as meetings
from shuoshi.organization import queries as organization
from shuoshi.organization.models import OpeningTime, Point

COLUMNS: Sequence[tuple[Column, str | Promise]] = (
    (Column.CAME, gettext_lazy("登记")),
    (Column.ON_THE_SPOT, gettext_lazy("当场答复")),
    (Column.OPEN, gettext_lazy("没有办结")),
    (Column.IN_TIME, gettext_lazy("按时受理")),
    (Column.SATISFIED, gettext_lazy("评价满意")),
)


@dataclass(frozen=True)
class Cell:
    """A figure in words, how it comes about, and where its list is; no list where it counts nothing."""

    words: str
    counts: str
    n: int
    column: Column
    label: str | Promise
    query: str


@dataclass(frozen=True)
class Row:
    label: str
    cells: Sequence[Cell]
    last: datetime | None


@dataclass(frozen=True)
class PointRow(Row):
    """`next`: when it is open next; `wrong`: what somebody has to see to; one that is `closed` needs nothing.

    `url` is the page residents see of it.
    """

    url: str
    unit: str
    closed: bool
    next: OpeningTime | None
    day: date | None
    held: Held | None  # fixed days of the period; None where there were none
    wrong: str


@dataclass(frozen=True)
class PlatformRow:
    """A program of others that speaks for residents: who answers for it, and what somebody has to see to."""

    name: str
    runs_it: str
    until: date
    last: datetime | None
    wrong: str | Promise
    closed: bool


@dataclass(frozen=True)
class WaysPage(PageData):
    template: ClassVar[str] = "desk/ways.html"
    period: str  # in words
    running: bool
    unknown: str
    choices: Sequence[periods.Choice]
    columns: Sequence[str | Promise]
    ways: Sequence[Row]
    points: Sequence[PointRow]
    hotline: Answering | None  # None where no exchange tells of calls
    boxes: Sequence[Hanging]
    mail: mails.Standing | None
    visited: Sequence[Covered]
    meetings: Sequence[meetings.Standing]
    platforms: Sequence[PlatformRow]
    wechat: Standing | None  # None where no official account was set up


@page(access=rights.overview, methods=("GET",))
def overview(request: DeskRequest) -> HttpResponse:
    """Twenty statements at most beside the frame, whatever the size of the institution."""
    period, now = periods.asked(request), clock.now()
    by_way = ways.by_way(request.actor, period, now)
    by_point = ways.by_point(request.actor, period, now)
    shown = WaysPage(
        period=period_name(period),
        running=period.ends > now,
        unknown=periods.unknown(request, period),
        choices=periods.choices(period),
        columns=[label for _column, label in COLUMNS],
        ways=[_row(one.label, by_way.get(one, Line()), period, way=one.value) for one in _shown(by_way)],
        points=_points(by_point, period, now),
        hotline=_hotline(period, now),
        boxes=boxes.hanging(now),
        mail=mails.standing(now),
        visited=visits.coverage(period.begins, min(period.ends, now)),
        meetings=meetings.standings(now),
        platforms=[_platform(one) for one in platforms.known(since=period.begins)],
        wechat=wechat.standing(now),
    )
    return show(request, shown)


@page(access=rights.overview, methods=("GET",))
def listed(request: DeskRequest, column: str) -> HttpResponse:
    """The matters behind a figure, of one way or one point where the address says so."""
    known = {one.value: label for one, label in COLUMNS}
    if column not in known:
        raise Http404
    period = periods.asked(request)
    matters = ways.of_figure(request.actor, period, clock.now(), Column(column))
    words = [str(known[column])]
    if way := request.GET.get("way", ""):
        if way not in Channel.values:
            raise Http404
        matters = ways.of_way(matters, way)
        words.append(lists.channel_name(way))
    if asked := request.GET.get("point", ""):
        point = _known_point(asked)
        matters = ways.of_point(matters, point.pk)
        words.append(point.name)
    shown = periods.FigurePage(
        title=_("：").join(words),
        rows=queues.rows(matters, after=request.GET.get("after", "")),
        back=f"{reverse('desk:ways')}?period={period.name}",
        back_label=_("说事渠道：%(period)s") % {"period": period_name(period)},
    )
    return show(request, shown)


def _shown(used: Mapping[str, Line]) -> Iterable[Channel]:
    """All ways there are; what was only ever brought in from elsewhere stands there when it was."""
    return (one for one in Channel if one != Channel.IMPORT or one in used)


def _points(lines: Mapping[UUID, Line], period: Period, now: datetime) -> list[PointRow]:
    """The points there are now, and those closed since where something was said in the period."""
    found = []
    every = organization.points(closed=True)
    active = [one for one in every if one.active]
    coming = organization.next_openings(active, now, at_points.openings_ahead(active, now))
    held = at_points.held(period.begins, period.ends, now)
    for point in every:
        if not point.active and point.pk not in lines:
            continue
        row = _row(point.name, lines.get(point.pk, Line()), period, point=str(point.pk))
        day, time = coming.get(point.pk, (None, None))
        found.append(
            PointRow(
                label=row.label,
                cells=row.cells,
                last=row.last,
                url=reverse("portal:point", args=[point.pk]) if point.active else "",
                unit=point.unit.short_name,
                closed=not point.active,
                next=time,
                day=day,
                held=held.get(point.pk),
                wrong=_wrong(point, time),
            )
        )
    return found


def _hotline(period: Period, now: datetime) -> Answering | None:
    found = hotline.answering(period.begins, period.ends, now)
    return found if found.calls else None


def _platform(one: platforms.Known) -> PlatformRow:
    row = one.platform
    wrong = WRONG[one.fault] if one.fault else ""
    return PlatformRow(row.name, row.runs_it, row.until, one.last, wrong, not row.active)


def _wrong(point: Point, coming: OpeningTime | None) -> str:
    if not point.active:
        return ""
    if coming is None and not any(time.active for time in point.opening_times.all()):
        return _("没有写开放时间")
    return "" if coming else _("两周内不开放")


def _row(label: str | Promise, line: Line, period: Period, **narrowed: str) -> Row:
    query = urlencode({"period": period.name, **narrowed})
    cells = []
    for column, heading in COLUMNS:
        if column in (Column.IN_TIME, Column.SATISFIED):
            figure = line.in_time if column == Column.IN_TIME else line.satisfied
            said, n = lists.share(figure), figure.n
        else:
            n = {Column.CAME: line.came, Column.ON_THE_SPOT: line.on_the_spot, Column.OPEN: line.open}[column]
            said = lists.Share(str(n), "")
        cells.append(Cell(said.words, said.counts, n, column, heading, query))
    return Row(str(label), cells, line.last)


def _known_point(asked: str) -> Point:
    for point in organization.points(closed=True):
        if str(point.pk) == asked:
            return point
    raise Http404
