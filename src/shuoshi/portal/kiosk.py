"""A terminal that people share (3.1.1): what one of them left, the next must not find.

The browser at a point says so by a cookie. Nothing hangs on it but a shorter patience: whoever sets it in the own browser
has their words wiped sooner.
"""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from shuoshi.kernel.web.site import KIOSK_COOKIE
from shuoshi.portal.submission import Submission

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


def end(response: HttpResponse) -> HttpResponse:
    response.delete_cookie(KIOSK_COOKIE, path="/", samesite="Lax")
    return response


def wipe(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Forget whoever was here: words not sent, matters opened, language and size, somebody signed in; the terminal stays."""
    mine = Submission.of(request)
    if mine.stored:
        mine.drop()
    request.session.flush()
    for name in request.COOKIES:
        if name != KIOSK_COOKIE:
            response.delete_cookie(name, path="/", samesite="Lax")
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response
