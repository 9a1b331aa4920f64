"""The seven queues and what deserves attention: one table, filters in the address, pages by keyset."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.http import Http404, HttpResponse

from shuoshi.desk import filters
from shuoshi.desk.frame import DeskRequest, capped
from shuoshi.kernel import clock
from shuoshi.kernel.web import Page, PageData, page, show, staff
from shuoshi.matters.models import Matter
from shuoshi.matters.queries import queues
from shuoshi.organization import profile


@dataclass(frozen=True)
class QueuePage(PageData):
    """`total` is capped at 99+ and left out while the list is narrowed."""

    template: ClassVar[str] = "desk/queue.html"
    queue: queues.Queue
    rows: Page[Matter]
    bar: filters.Bar
    total: str
    now: datetime
    first_page: bool


@page(access=staff, methods=("GET",))
def queue(request: DeskRequest, name: str) -> HttpResponse:
    """One queue, nearest date first."""
    found = queues.QUEUES.get(name)
    if found is None:
        raise Http404
    now = clock.now()
    names = filters.NAMES if name in ("near", "over") else tuple(one for one in filters.NAMES if one != "status")
    bar = filters.read(request.GET, profile.current(), names)
    rows = queues.queue(request.actor, name, now, bar.filters, request.GET.get("after", ""))
    first = "after" not in request.GET
    alone = first and not rows.next and not bar.chips
    total = capped(len(rows.rows)) if alone else ""
    return show(request, QueuePage(queue=found, rows=rows, bar=bar, total=total, now=now, first_page=first))
