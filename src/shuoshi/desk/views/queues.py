"""The seven queues and what deserves attention: one table, filters in the address, pages by keyset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.http import Http404, HttpResponse
from django.utils.functional import Promise

from shuoshi.desk import filters, kept_lists, lists
from shuoshi.desk.frame import DeskRequest, capped, polled
from shuoshi.kernel import clock
from shuoshi.kernel.web import Page, PageData, page, show, staff
from shuoshi.kernel.web.pager import ROWS
from shuoshi.matters.models import Matter
from shuoshi.matters.queries import queues
from shuoshi.organization import profile


@dataclass(frozen=True)
class QueuePage(PageData):
    """`total` is capped at 99+ and left out while the list is narrowed; `said` is what was searched, if anything was.

    `origin` goes along to the matters, so that one can go on to the next from there; `shown` says what the page holds.
    """

    template: ClassVar[str] = "desk/queue.html"
    queue: queues.Queue
    rows: Page[Matter]
    bar: filters.Bar
    said: str | Promise
    marked: str
    total: str
    now: datetime
    first: Matter | None
    origin: str
    shown: str
    kept: kept_lists.Beside


@dataclass(frozen=True)
class ChangesPage(PageData):
    """The bar above a queue: how much became different under it, or nothing."""

    template: ClassVar[str] = "desk/queue_changes.html"
    changes: int


@page(access=staff)
def queue(request: DeskRequest, name: str) -> HttpResponse:
    """One queue, nearest date first. POST leads to the address of the narrowed list."""
    found = queues.QUEUES.get(name)
    if found is None:
        raise Http404
    elsewhere = filters.clean_address(request) or kept_lists.begins_with(request, f"queue.{name}")
    if elsewhere is not None:
        return elsewhere
    now = clock.now()
    bar, listed = _listed(request, name, now)
    first_page = "after" not in request.GET
    alone = first_page and not listed.rows.next and not bar.chips
    return show(
        request,
        QueuePage(
            queue=found,
            rows=listed.rows,
            bar=bar,
            said=listed.said,
            marked=listed.marked,
            total=capped(len(listed.rows.rows)) if alone else "",
            now=now,
            first=listed.rows.rows[0] if listed.rows.rows else None,
            origin=name,
            shown=_shown(listed.rows.rows),
            kept=kept_lists.beside(request, f"queue.{name}", bar),
        ),
    )


@page(access=polled, methods=("POST",))
def changes(request: DeskRequest, name: str) -> HttpResponse:
    """What became different since the page of a queue was drawn: rows that came, went, or moved on. Rows never jump."""
    if name not in queues.QUEUES:
        raise Http404
    _bar, listed = _listed(request, name, clock.now())
    before, now = _read(request.POST.get("shown", "")), _read(_shown(listed.rows.rows))
    different = sum(before.get(row) != now.get(row) for row in before.keys() | now.keys())
    return show(request, ChangesPage(changes=different))


def _listed(request: DeskRequest, name: str, now: datetime) -> tuple[filters.Bar, lists.Narrowed]:
    names = filters.NAMES if name in ("near", "over") else tuple(one for one in filters.NAMES if one != "status")
    bar = filters.read(request, profile.current(), names)
    if bar.typed:
        found = lists.narrowed(request, queues.in_queue(request.actor, name, now), bar)
    else:
        found = lists.Narrowed(queues.queue(request.actor, name, now, bar.filters, request.GET.get("after", "")))
    queues.mark_places(request.actor, found.rows.rows)
    if name == "samples":
        queues.date_samples(found.rows.rows)
    return bar, found


def _shown(rows: Sequence[Matter]) -> str:
    """Each row by the end of its key and its turn, which rises when somebody moves the matter on."""
    return " ".join(f"{row.pk.hex[-8:]}.{row.turn}" for row in rows)


def _read(shown: str) -> dict[str, str]:
    return dict(one.split(".", 1) for one in shown.split()[: 2 * ROWS] if "." in one)
