"""A leader's five minutes: four figures, who is late, what is asked about; every figure opens its list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.http import Http404, HttpResponse
from django.utils.functional import Promise

from shuoshi.desk import filters, kept_lists, lists, rights
from shuoshi.desk.frame import DeskRequest
from shuoshi.kernel import clock
from shuoshi.kernel.templatetags.shuoshi import day
from shuoshi.kernel.web import Page, PageData, page, show
from shuoshi.matters.models import Matter
from shuoshi.matters.queries import overview as figures
from shuoshi.matters.queries.overview import Overview
from shuoshi.organization import profile


@dataclass(frozen=True)
class Bar:
    """One line of a figure: words, the count, the share of the longest in percent, and what opens its list."""

    label: str
    count: int
    percent: int
    query: str


@dataclass(frozen=True)
class OverviewPage(PageData):
    template: ClassVar[str] = "desk/overview.html"
    figures: Overview
    on_time: lists.Share
    satisfied: lists.Share
    late: Sequence[Bar]
    hot: Sequence[Bar]
    ways: Sequence[Bar]
    weeks: Sequence[Bar]
    ages: Sequence[Bar]
    ended: Sequence[Bar]
    now: datetime


@dataclass(frozen=True)
class ListPage(PageData):
    template: ClassVar[str] = "desk/list.html"
    name: str
    title: str | Promise
    rows: Page[Matter]
    bar: filters.Bar
    said: str | Promise
    marked: str
    back: str
    kept: kept_lists.Beside


@page(access=rights.overview, methods=("GET",))
def overview(request: DeskRequest) -> HttpResponse:
    """Nine statements beside the frame, whatever the size of the institution."""
    now = clock.now()
    found, rules = figures(request.actor, now), profile.current()
    return show(
        request,
        OverviewPage(
            figures=found,
            on_time=lists.share(found.on_time),
            satisfied=lists.share(found.satisfied),
            late=_bars([(name, n, f"unit={pk}") for pk, name, n in found.overdue_by_unit]),
            hot=_bars([(rules.steps(code)[-1], n, f"category={code}") for code, n in found.hot]),
            ways=_bars([(lists.channel_name(code), n, f"channel={code}") for code, n in found.ways]),
            ages=_bars(
                [
                    (str(label), n, f"age-{place}")
                    for place, (label, n) in enumerate(zip(lists.AGES, found.ages, strict=True))
                ]
            ),
            ended=_bars([(lists.exit_name(code), n, f"ended-{code}") for code, n in found.ended]),
            weeks=_bars([(day(week, "short"), n, f"week={week}") for week, n in found.weeks]),
            now=now,
        ),
    )


@page(access=rights.overview)
def listed(request: DeskRequest, name: str) -> HttpResponse:
    """The list behind a figure. POST leads to the address of the narrowed list."""
    one = lists.LISTS.get(name)
    if one is None:
        raise Http404
    elsewhere = filters.clean_address(request) or kept_lists.begins_with(request, f"figure.{name}")
    if elsewhere is not None:
        return elsewhere
    bar = filters.read(request, profile.current())
    found = lists.narrowed(request, one.matters(request.actor, clock.now()), bar)
    page_ = ListPage(
        name=name,
        title=one.label,
        rows=found.rows,
        bar=bar,
        said=found.said,
        marked=found.marked,
        back="desk:overview",
        kept=kept_lists.beside(request, f"figure.{name}", bar),
    )
    return show(request, page_)


def _bars(lines: Sequence[tuple[str, int, str]]) -> list[Bar]:
    most = max((count for _label, count, _query in lines), default=0) or 1
    return [Bar(label, count, count * 100 // most, query) for label, count, query in lines]
