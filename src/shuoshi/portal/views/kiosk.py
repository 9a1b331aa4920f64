"""The terminal at a point: two doors, and everything wiped when somebody leaves or nobody moves for a minute."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from shuoshi.kernel.web import PageData, page, public, show
from shuoshi.kernel.web.site import KIOSK_PATIENCE
from shuoshi.organization import profile
from shuoshi.organization.models import Point
from shuoshi.organization.profile import PublicNumber
from shuoshi.portal import kiosk
from shuoshi.portal.views.points import AT, open_point


@dataclass(frozen=True)
class KioskPage(PageData):
    """`here`: this browser is the terminal of this point; else it may be made so."""

    template: ClassVar[str] = "portal/kiosk.html"
    point: Point
    here: bool
    say_url: str
    numbers: list[PublicNumber]
    seconds: int = KIOSK_PATIENCE


@page(access=public)
def terminal(request: HttpRequest, key: UUID) -> HttpResponse:
    """Where each begins. A browser becomes a terminal by a press, never by opening an address somebody sent."""
    point = open_point(key)
    do = request.POST.get("do", "")
    if do in ("begin", "end"):
        here = redirect("portal:kiosk", key)
        return kiosk.wipe(request, kiosk.begin(here, key) if do == "begin" else kiosk.end(here))
    return show(
        request,
        KioskPage(
            point=point,
            here=kiosk.point_of(request) == key,
            say_url=f"{reverse('portal:what')}?{urlencode({AT: str(key)})}",
            numbers=list(profile.current().public_numbers),
        ),
    )


@page(access=public, methods=("POST",))
def leave(request: HttpRequest) -> HttpResponse:
    """用完了: back to where the next one begins."""
    point = kiosk.point_of(request)
    return kiosk.wipe(request, redirect("portal:kiosk", point) if point else redirect("portal:home"))
