"""The first page: two doors, the other ways of speaking, what is promised and what was kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from django.http import HttpRequest, HttpResponse

from shuoshi.channels.points.queries import openings_ahead
from shuoshi.kernel import clock
from shuoshi.kernel.calendar import Limit
from shuoshi.kernel.web import PageData, page, public, show
from shuoshi.matters.queries.kept import KeptPromises, kept_last_month
from shuoshi.matters.vocabulary import Complexity, Kind
from shuoshi.organization import profile, queries
from shuoshi.organization.models import OpeningTime
from shuoshi.organization.profile import Rework


@dataclass(frozen=True)
class Limits:
    """The promises of the first page, from the profile in force; None where it promises nothing."""

    told: int  # working days until a resident knows who handles it
    answer: Limit | None
    enquiry: Limit | None
    hard: Limit | None
    follow_up: Limit | None
    reopen: Limit | None
    rework: Rework


@dataclass(frozen=True)
class HomePage(PageData):
    template: ClassVar[str] = "portal/home.html"
    limits: Limits
    open_today: list[OpeningTime]
    open_points: int
    next_day: date | None
    points: int
    kept: KeptPromises


@page(access=public, methods=("GET",))
def home(request: HttpRequest) -> HttpResponse:
    """The start of every way."""
    now = clock.now()
    today = clock.local(now).date()
    points = queries.points()
    fixed = openings_ahead(points, now)
    open_today = queries.open_on(today, points, fixed)
    return show(
        request,
        HomePage(
            limits=limits_of(profile.current()),
            open_today=open_today[:6],
            open_points=len({one.point_id for one in open_today}),
            next_day=None
            if open_today
            else min((day for day, _time in queries.next_openings(points, now, fixed).values()), default=None),
            points=len(points),
            kept=kept_last_month(today),
        ),
    )


def limits_of(current: profile.Profile) -> Limits:
    """What the first page and the page of the procedure promise."""
    claim = str(Kind.INTEREST_CLAIM)
    return Limits(
        told=current.limits.intake.get(claim, 0),
        answer=current.limit("promise", claim, Complexity.STANDARD),
        enquiry=current.limit("promise", Kind.POLICY_ENQUIRY, Complexity.STANDARD),
        hard=current.limit("promise", claim, Complexity.COMPLEX),
        follow_up=current.limit("follow_up", claim),
        reopen=current.limit("reopen", claim),
        rework=current.limits.rework,
    )
