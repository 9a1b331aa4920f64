"""Which matters somebody opened last: keys in a signed cookie of theirs, shown only as far as they may be seen.

Not in the session: opening a page would write to the database.
"""

from __future__ import annotations

from uuid import UUID

from django.core import signing
from django.http import HttpResponse

from shuoshi.desk.frame import DeskRequest

COOKIE = "recent"
MOST = 8


def note(request: DeskRequest, answer: HttpResponse, matter: UUID) -> None:
    """This one was opened; kept until the browser is closed."""
    known = keys(request)
    if known[:1] != [matter]:
        latest = [matter, *(one for one in known if one != matter)][:MOST]
        value = signing.dumps([key.hex for key in latest], salt=_salt(request))
        answer.set_cookie(COOKIE, value, path="/desk/", secure=request.is_secure(), httponly=True, samesite="Lax")


def keys(request: DeskRequest) -> list[UUID]:
    """The last ones, the newest first; nothing of what somebody else opened in this browser."""
    try:
        return [UUID(key) for key in signing.loads(request.COOKIES.get(COOKIE, ""), salt=_salt(request))]
    except signing.BadSignature:
        return []


def _salt(request: DeskRequest) -> str:
    return f"desk.recent.{request.account.pk}"
