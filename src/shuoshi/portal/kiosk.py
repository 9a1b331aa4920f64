"""A terminal that people share (3.1.1): what one of them left, the next must not find.

The browser at a point says so by a cookie. Nothing hangs on it but a shorter patience: whoever sets it in the own browser
has their words wiped sooner. Numbers are given out only where somebody of the point made the terminal, which a second
cookie says, signed: else anybody could fill the queue from home.
"""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse

from shuoshi.kernel.web.site import KIOSK_COOKIE
from shuoshi.portal.submission import Submission

_NUMBERS_COOKIE = "numbers"
_YEARS = 5 * 365 * 24 * 3600


def point_of(request: HttpRequest) -> UUID | None:
    """The point at which this browser stands as a terminal; None for somebody's own."""
    try:
        return UUID(request.COOKIES.get(KIOSK_COOKIE, ""))
    except ValueError:
        return None


def begin(response: HttpResponse, point: UUID) -> HttpResponse:
    """Have this browser be a terminal from now on."""
    response.set_cookie(
        KIOSK_COOKIE,
        str(point),
        max_age=_YEARS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
        path="/",
    )
    return response


def let_give_numbers(response: HttpResponse, point: UUID) -> HttpResponse:
    """Have this terminal give out numbers: who made it takes in at the point."""
    response.set_cookie(
        _NUMBERS_COOKIE,
        _signer().sign(str(point)),
        max_age=_YEARS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
        path="/kiosk/",
    )
    return response


def gives_numbers(request: HttpRequest, point: UUID) -> bool:
    try:
        return point_of(request) == point and _signer().unsign(request.COOKIES.get(_NUMBERS_COOKIE, "")) == str(point)
    except BadSignature:
        return False


def _signer() -> Signer:
    return Signer(salt="portal.kiosk.numbers")


def end(response: HttpResponse) -> HttpResponse:
    response.delete_cookie(KIOSK_COOKIE, path="/", samesite="Lax")
    response.delete_cookie(_NUMBERS_COOKIE, path="/kiosk/", samesite="Lax")
    return response


def wipe(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Forget whoever was here: words not sent, matters opened, language and size, somebody signed in; the terminal stays."""
    mine = Submission.of(request)
    if mine.stored:
        mine.drop()
    request.session.flush()
    for name in request.COOKIES:
        if name not in (KIOSK_COOKIE, _NUMBERS_COOKIE):
            response.delete_cookie(name, path="/", samesite="Lax")
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response
