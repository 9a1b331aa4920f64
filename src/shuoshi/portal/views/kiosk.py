"""The terminal at a point: two doors, and everything wiped when somebody leaves or nobody moves for a minute."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from shuoshi.channels.points import waiting
from shuoshi.channels.points.models import Ticket
from shuoshi.channels.points.policies import may_serve
from shuoshi.channels.points.queries import is_open
from shuoshi.channels.points.queue import draw
from shuoshi.kernel import clock, throttle
from shuoshi.kernel.actors import Actor, ActorKind
from shuoshi.kernel.web import PageData, page, public, show
from shuoshi.kernel.web.access import actor_of
from shuoshi.kernel.web.network import network_of
from shuoshi.kernel.web.refusals import too_often
from shuoshi.kernel.web.site import KIOSK_PATIENCE
from shuoshi.organization import profile
from shuoshi.organization.models import Point
from shuoshi.organization.profile import PublicNumber
from shuoshi.portal import kiosk
from shuoshi.portal.views.points import AT, open_point

_BEFORE = timedelta(minutes=30)  # people queue before the door opens
_ANYBODY = Actor(ActorKind.SPEAKER)


@dataclass(frozen=True)
class KioskPage(PageData):
    """`here`: this browser is the terminal of this point; else it may be made so."""

    template: ClassVar[str] = "portal/kiosk.html"
    point: Point
    here: bool
    say_url: str
    numbers: list[PublicNumber]
    takes_numbers: bool  # whether terminals of this point give out numbers, where its people made them
    press: str  # the key of the button that draws a number; "" where none is drawn now
    seconds: int = KIOSK_PATIENCE


@dataclass(frozen=True)
class NumberPage(PageData):
    template: ClassVar[str] = "portal/number.html"
    ticket: Ticket
    before: int
    roll: bool


@page(access=public)
def terminal(request: HttpRequest, key: UUID) -> HttpResponse:
    """Where each begins. A browser becomes a terminal by a press, never by opening an address somebody sent."""
    point, now = open_point(key), clock.now()
    queue = waiting.queue_of(key)
    takes = queue is not None and queue.active and queue.at_terminal
    do = request.POST.get("do", "")
    if do in ("begin", "end"):
        here = redirect("portal:kiosk", key)
        serves = do == "begin" and takes and _serves(request, point)
        answer = kiosk.wipe(request, kiosk.begin(here, key) if do == "begin" else kiosk.end(here))
        return kiosk.let_give_numbers(answer, key) if serves else answer
    gives = takes and kiosk.gives_numbers(request, key) and is_open(point, now, _BEFORE)
    if do == "number" and gives and queue is not None:
        left = throttle.take(throttle.NUMBERS_BY_NETWORK.scope, network_of(request), now)
        if left is not None:
            return too_often(request, max(1, -(-int(left.total_seconds()) // 60)))
        ticket = draw(
            queue.pk, request.POST.get("key", "")[:64] or secrets.token_urlsafe(16), at_terminal=True, actor=_ANYBODY
        )
        return redirect("portal:ticket", ticket.pk)
    return show(
        request,
        KioskPage(
            point=point,
            here=kiosk.point_of(request) == key,
            takes_numbers=takes,
            press=secrets.token_urlsafe(16) if gives else "",
            say_url=f"{reverse('portal:what')}?{urlencode({AT: str(key)})}",
            numbers=list(profile.current().public_numbers),
        ),
    )


def _serves(request: HttpRequest, point: Point) -> bool:
    """Whether somebody is signed in who takes in at this point; the terminal signs them out."""
    actor = actor_of(request)
    return actor is not None and may_serve(actor, point.unit.path)


@page(access=public, methods=("GET",))
def number(request: HttpRequest, key: UUID) -> HttpResponse:
    """A number as it is handed out, to be read, printed or photographed; it says nothing of who drew it."""
    found = waiting.ticket(key)
    if found is None or not found.queue.point.active:
        raise Http404
    return show(request, NumberPage(found, waiting.before(found), roll=request.GET.get("paper") != "a5"))


@page(access=public, methods=("POST",))
def leave(request: HttpRequest) -> HttpResponse:
    """用完了: back to where the next one begins."""
    point = kiosk.point_of(request)
    return kiosk.wipe(request, redirect("portal:kiosk", point) if point else redirect("portal:home"))
