"""Numbers at a point (3.1.1): drawn, called from the keyboard, passed over, tied to what is registered; and the slip."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from shuoshi.channels.points import policies, queue, waiting
from shuoshi.channels.points.models import Queue, Ticket
from shuoshi.channels.points.waiting import Standing
from shuoshi.desk.forms.rota import QueueForm
from shuoshi.desk.frame import DeskRequest, posted_deed, posted_row
from shuoshi.kernel import clock
from shuoshi.kernel.web import PageData, page, show, staff
from shuoshi.kernel.web.forms import Form, posted
from shuoshi.matters.models import Matter
from shuoshi.organization.models import Point

_COUNTER = "counter"  # of the session: where this person sits
LEAVE_AFTER = 20  # seconds; the slip says nothing of anybody


@dataclass(frozen=True)
class Called:
    """A number that is called, with what was registered for it; `mine` at the counter of the reader."""

    ticket: Ticket
    mine: bool
    matters: Sequence[Matter]


@dataclass(frozen=True)
class LanePage(PageData):
    """`press`: the key of the two buttons that draw and call, new on each page, so that two presses are one."""

    template: ClassVar[str] = "desk/points/queue.html"
    point: Point
    queue: Queue | None
    standing: Standing | None
    called: Sequence[Called]
    counter: int
    counters: Sequence[int]
    press: str
    settings: QueueForm


@dataclass(frozen=True)
class SlipPage(PageData):
    template: ClassVar[str] = "desk/papers/ticket.html"
    ticket: Ticket
    before: int
    roll: bool
    leave_after: int = LEAVE_AFTER


@page(access=staff)
def lane(request: DeskRequest, key: UUID) -> HttpResponse:
    """The queue of a point today. Four statements beside the frame."""
    row = get_object_or_404(Point.objects.select_related("unit", "area"), pk=key, active=True)
    if not policies.may_serve(request.actor, row.unit.path):
        raise Http404
    found, do = waiting.queue_of(key), posted_deed(request)
    form = QueueForm(posted(request) if do == "set" else None, initial=QueueForm.first_of(found))
    if do == "set" and form.is_valid():
        data = {name: form.cleaned_data[name] for name in ("counters", "at_terminal", "active")}
        queue.set_up(key, **data, actor=request.actor)
        messages.success(request, _("改好了。"))
        return redirect("desk:lane", key)
    counter = _counter(request, found)
    if do and do != "set" and found is not None:
        return _carried_out(request, found, do, counter)
    standing = waiting.standing(found, clock.now()) if found is not None and found.active else None
    called = standing.called if standing is not None else ()
    raised = waiting.raised_by(called, request.actor) if called else {}
    shown = LanePage(
        point=row,
        queue=found,
        standing=standing,
        called=[Called(one, one.counter == counter, raised.get(one.pk, ())) for one in called],
        counter=counter,
        counters=range(1, found.counters + 1) if found is not None else (),
        press=str(Form()["key"].value()),
        settings=form,
    )
    return show(request, shown, status=422 if form.errors else None)


@page(access=staff, methods=("GET",))
def slip(request: DeskRequest, key: UUID) -> HttpResponse:
    """A number on paper, 80 mm wide or A5 with `?paper=a5`."""
    row = waiting.ticket(key)
    if row is None or not policies.may_serve(request.actor, row.queue.point.unit.path):
        raise Http404
    return show(request, SlipPage(row, waiting.before(row), roll=request.GET.get("paper") != "a5"))


def _carried_out(request: DeskRequest, found: Queue, do: str, counter: int) -> HttpResponse:
    """Every button but that of the settings; each leads back to the page, which begins at 叫下一个."""
    here, actor, press = redirect("desk:lane", found.point_id), request.actor, _pressed(request)
    if do in ("draw", "print"):
        row = queue.draw(found.pk, press, actor=actor)
        if do == "print":
            return redirect(f"{reverse('desk:ticket_slip', args=[row.pk])}?paper={request.POST.get('paper', 'roll')}")
        messages.success(request, _("取了 %(n)d 号，前面还有 %(m)d 人。") % {"n": row.number, "m": waiting.before(row)})
    elif do == "next":
        row_or_none = queue.call_next(found.pk, counter, press, actor=actor)
        if row_or_none is None:
            messages.success(request, _("没有人在等了。"))
    elif do in ("recall", "pass", "done"):
        ticket = get_object_or_404(Ticket, pk=posted_row(request), queue=found)
        if do == "recall":
            queue.recall(ticket.pk, counter, actor=actor)
        elif do == "pass":
            queue.pass_over(ticket.pk, actor=actor)
        else:
            queue.finish(ticket.pk, actor=actor)
    return here


def _pressed(request: DeskRequest) -> str:
    """The intention; a form without one gets its own, as kernel.web.forms has it."""
    return request.POST.get("key", "")[:64] or secrets.token_urlsafe(16)


def _counter(request: DeskRequest, found: Queue | None) -> int:
    """Where the reader sits, as they said last; the first counter where they said nothing that there is."""
    asked = request.POST.get(_COUNTER) or request.GET.get(_COUNTER) or str(request.session.get(_COUNTER, 1))
    number = int(asked) if asked.isdecimal() and len(asked) == 1 else 1
    number = number if found is not None and 1 <= number <= found.counters else 1
    if request.session.get(_COUNTER, 1) != number:
        request.session[_COUNTER] = number
    return number
