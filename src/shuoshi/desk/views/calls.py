"""The hotline on the desk (3.2.1): who rings now, what nobody wrote down yet, whom to ring back, how it was answered today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import ClassVar

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from shuoshi.channels.hotline import actions, queries
from shuoshi.channels.hotline.models import Call, Voicemail
from shuoshi.channels.hotline.policies import may_take
from shuoshi.channels.hotline.queries import Answering
from shuoshi.desk import rights
from shuoshi.desk.frame import DeskRequest, polled, posted_deed, posted_row
from shuoshi.kernel import clock
from shuoshi.kernel.web import PageData, page, show


@dataclass(frozen=True)
class CallsPage(PageData):
    template: ClassVar[str] = "desk/calls.html"
    running: Sequence[Call]
    seen: str  # what stands there now, so that the same is not drawn again
    unwritten: Sequence[Call]
    missed: Sequence[Call]
    left: Sequence[Voicemail]
    aside: Sequence[Voicemail]
    today: Answering
    connected: bool  # whether an exchange tells of calls


@dataclass(frozen=True)
class NowPage(PageData):
    template: ClassVar[str] = "desk/_calls_now.html"
    running: Sequence[Call]
    seen: str


@page(access=rights.calls)
def calls(request: DeskRequest) -> HttpResponse:
    """Seven statements beside the frame."""
    do = posted_deed(request)
    if do in ("reached", "in_vain"):
        settled = actions.rang_back(posted_row(request), reached=do == "reached", actor=request.actor)
        said = _("记下了，%(n)d 个来电回过了。") if do == "reached" else _("记下了，没有打通，还在名单上。")
        messages.success(request, said % {"n": settled} if do == "reached" else said)
        return redirect("desk:calls")
    if do == "nothing":
        actions.put_away(posted_row(request), actor=request.actor)
        messages.success(request, _("记下了，这个来电不用登记。"))
        return redirect("desk:calls")
    now = clock.now()
    begins, running = _midnight(now), queries.running(now)
    return show(
        request,
        CallsPage(
            running=running,
            seen=_seen(running),
            unwritten=queries.unwritten(now),
            missed=queries.missed(now),
            left=queries.left(),
            aside=queries.aside(),
            today=queries.answering(begins, begins + timedelta(days=1), now),
            connected=queries.exchanges().filter(active=True).exists(),
        ),
    )


@page(access=polled, methods=("POST",))
def now(request: DeskRequest) -> HttpResponse:
    """Who rings and who speaks, asked for again and again by the page."""
    if not may_take(request.actor):
        raise Http404
    running = queries.running(clock.now())
    seen = _seen(running)
    if request.POST.get("seen") == seen:
        return HttpResponse(status=204)
    return show(request, NowPage(running=running, seen=seen))


def _seen(running: Sequence[Call]) -> str:
    """Which calls, and how each stands: nothing is read out twice, and nobody's place in the list is lost."""
    return ",".join(f"{call.pk.hex}{'a' if call.answered_at else ''}" for call in running) or "-"


def _midnight(now: datetime) -> datetime:
    return datetime.combine(clock.local(now).date(), time.min, clock.INSTITUTION_ZONE)
