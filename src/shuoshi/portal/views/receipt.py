"""The receipt: number, code in fours, QR code, next promise. After sending, and again from the tracking page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from shuoshi.kernel.web import PageData, page, public, show
from shuoshi.matters import query_code
from shuoshi.matters.models import Matter
from shuoshi.matters.queries.tracking import Promise, TrackingView
from shuoshi.portal import opened
from shuoshi.portal.submission import Submission


@dataclass(frozen=True)
class Slip:
    """What is printed: `qr` is an SVG drawing that opens the tracking page, with the code in the fragment only."""

    number: str
    code: str
    qr: SafeString
    address: str


@dataclass(frozen=True)
class ReceiptPage(PageData):
    template: ClassVar[str] = "portal/receipt.html"
    matter: Matter
    slip: Slip
    next: Promise | None
    fresh: bool  # just sent


@page(access=public, methods=("GET",))
def done(request: HttpRequest) -> HttpResponse:
    """After sending. Reloading shows the same; after half an hour the number and code open it again."""
    number = Submission.of(request).said.done.get("number", "")
    if not number:
        return redirect("portal:what")
    seen = opened.view_of(request, number)
    if seen is None:
        return redirect(f"{reverse('portal:track')}?number={number}")
    response = show(request, _page(request, seen, fresh=True))
    response["Cache-Control"] = "no-store"
    return response


@opened.opened
def again(request: HttpRequest, number: str, seen: TrackingView) -> HttpResponse:
    """The same slip once more, to print."""
    return show(request, _page(request, seen, fresh=False))


def slip_of(request: HttpRequest, matter: Matter) -> Slip:
    """Number, code and drawing of a matter whose speaker is asking."""
    code = query_code.code_of(matter)
    address = f"{request.build_absolute_uri(reverse('portal:track'))}#{matter.number}.{code}"
    drawing = segno.make(address, error="m", micro=False).svg_inline(border=2, omitsize=True, svgclass=None)
    return Slip(matter.number, query_code.in_fours(code), mark_safe(drawing), address.partition("#")[0])  # noqa: S308


def _page(request: HttpRequest, seen: TrackingView, *, fresh: bool) -> ReceiptPage:
    return ReceiptPage(matter=seen.matter, slip=slip_of(request, seen.matter), next=seen.next, fresh=fresh)
