"""The receipt: number, code in fours, QR code, next promise. After sending, and again from the tracking page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from shuoshi.kernel.web import PageData, page, public, qr, show
from shuoshi.matters import query_code
from shuoshi.matters.models import Matter
from shuoshi.matters.queries.tracking import Promise, TrackingView
from shuoshi.organization.profile import PublicNumber
from shuoshi.portal import opened
from shuoshi.portal.submission import Submission, last_sent


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
    numbers: Sequence[PublicNumber]  # to be called first, where there is danger


@page(access=public, methods=("GET",))
def done(request: HttpRequest) -> HttpResponse:
    """After sending. Reloading shows the same; after half an hour the number and code open it again."""
    number = Submission.of(request).said.done.get("number", "") or last_sent(request)
    seen = opened.view_of(request, number) if number else None
    if seen is None:
        return put_away(request, number)
    response = show(request, _page(request, seen, fresh=True))
    response["Cache-Control"] = "no-store"
    return response


def put_away(request: HttpRequest, number: str) -> HttpResponse:
    """To the look-up page, with a word on why: nobody shall think that it was not sent, and send it again."""
    if number:
        said = _("您说的事登记好了，编号是 %(number)s，不用再交一次。回执已经收起来，请用查询码再打开。")
        messages.info(request, said % {"number": number})
    return redirect(f"{reverse('portal:track')}?{urlencode({'number': number})}" if number else "portal:track")


@opened.opened
def again(request: HttpRequest, number: str, seen: TrackingView) -> HttpResponse:
    """The same slip once more, to print."""
    return show(request, _page(request, seen, fresh=False))


def slip_of(request: HttpRequest, seen: TrackingView) -> Slip:
    """Number, code and drawing of a matter whose speaker is asking; the code is their own."""
    matter, code = seen.matter, query_code.code_of(seen.part or seen.matter)
    address = f"{request.build_absolute_uri(reverse('portal:track'))}#{matter.number}.{code}"
    return Slip(matter.number, query_code.in_fours(code), qr.drawn(address), address.partition("#")[0])


def _page(request: HttpRequest, seen: TrackingView, *, fresh: bool) -> ReceiptPage:
    return ReceiptPage(
        matter=seen.matter,
        slip=slip_of(request, seen),
        next=seen.next,
        fresh=fresh,
        numbers=seen.profile.public_numbers,
    )
