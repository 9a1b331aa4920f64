"""The seven queues and what deserves attention: one table, filters in the address, pages by keyset."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.http import Http404, HttpResponse
from django.utils.functional import Promise

from shuoshi.desk import filters, lists
from shuoshi.desk.frame import DeskRequest, capped
from shuoshi.kernel import clock
from shuoshi.kernel.web import Page, PageData, page, show, staff
from shuoshi.matters.models import Matter
from shuoshi.matters.queries import queues
from shuoshi.organization import profile


@dataclass(frozen=True)
class QueuePage(PageData):
    """`total` is capped at 99+ and left out while the list is narrowed; `said` is what was searched, if anything was."""

    template: ClassVar[str] = "desk/queue.html"
    queue: queues.Queue
    rows: Page[Matter]
    bar: filters.Bar
    said: str | Promise
    total: str
    now: datetime
    first_page: bool


@page(access=staff)
def queue(request: DeskRequest, name: str) -> HttpResponse:
    """One queue, nearest date first. POST leads to the address of the narrowed list."""
    found = queues.QUEUES.get(name)
    if found is None:
        raise Http404
    elsewhere = filters.clean_address(request)
    if elsewhere is not None:
        return elsewhere
    now = clock.now()
    names = filters.NAMES if name in ("near", "over") else tuple(one for one in filters.NAMES if one != "status")
    bar = filters.read(request, profile.current(), names)
    listed, said = _listed(request, name, bar, now)
    first = "after" not in request.GET
    alone = first and not listed.next and not bar.chips
    total = capped(len(listed.rows)) if alone else ""
    return show(
        request, QueuePage(queue=found, rows=listed, bar=bar, said=said, total=total, now=now, first_page=first)
    )


def _listed(request: DeskRequest, name: str, bar: filters.Bar, now: datetime) -> tuple[Page[Matter], str | Promise]:
    if bar.typed:
        return lists.narrowed(request, queues.in_queue(request.actor, name, now), bar)
    return queues.queue(request.actor, name, now, bar.filters, request.GET.get("after", "")), ""
