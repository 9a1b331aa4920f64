"""Which matters somebody opened last: keys in their session, gone with it, and shown only as far as they may be seen."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest

MOST = 8
_RECENT = "recent"


def note(request: HttpRequest, matter: UUID) -> None:
    """This one was opened. Opened again nothing is written."""
    known = keys(request)
    if known[:1] != [matter]:
        request.session[_RECENT] = [key.hex for key in [matter, *(one for one in known if one != matter)][:MOST]]


def keys(request: HttpRequest) -> list[UUID]:
    """The last ones, the newest first."""
    return [UUID(hex_) for hex_ in request.session.get(_RECENT, [])]
