"""The screen at a point (3.1.1): which number is called at which counter. Numbers only, nothing of who holds them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from shuoshi.channels.points import waiting
from shuoshi.channels.points.waiting import Standing
from shuoshi.kernel import clock
from shuoshi.kernel.web import PageData, page, public, show
from shuoshi.organization.models import Point
from shuoshi.portal.views.points import open_point

SECONDS = 5  # until the screen asks again, without a script


@dataclass(frozen=True)
class DisplayPage(PageData):
    """`standing` None where no numbers are called now; the screen goes on asking."""

    template: ClassVar[str] = "portal/display.html"
    point: Point
    standing: Standing | None
    several: bool
    now: datetime


@page(access=public, methods=("GET",))
def display(request: HttpRequest, key: UUID) -> HttpResponse:
    """What hangs on the wall. It asks again by itself, also over night: numbers begin at 1 each day."""
    point, now = open_point(key), clock.now()
    queue = waiting.queue_of(key)
    standing = waiting.standing(queue, now) if queue is not None and queue.active else None
    several = queue is not None and queue.counters > 1
    answer = show(request, DisplayPage(point=point, standing=standing, several=several, now=now))
    answer["Refresh"] = str(SECONDS)
    answer["Cache-Control"] = "no-store"
    return answer
