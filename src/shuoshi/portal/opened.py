"""What a right number and code open: a signed cookie with the matter's id and the generation of its code.

It ends after 30 idle minutes, when its owner leaves, or when the code is renewed. Whether a code fits is matters'.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor, ActorKind
from shuoshi.kernel.web import Access, page
from shuoshi.kernel.web.kept import address_with_draft
from shuoshi.matters.models import Matter
from shuoshi.matters.queries.tracking import TrackingView, part_of, tracking
from shuoshi.matters.scope import visible_to

IDLE = timedelta(minutes=30)
MOST = 6  # matters one browser may hold open
_SALT = "shuoshi.portal.opened"


def grant(request: HttpRequest, response: HttpResponse, matter: Matter, part: UUID | None = None) -> HttpResponse:
    """Let this browser see the matter from now on, with the code of `part` where several speak for a group."""
    held = _held(request)
    held.pop(matter.number, None)
    speaker = Actor(ActorKind.SPEAKER, matter_id=matter.pk, part=part)
    generation = generation_of(speaker, matter)
    held[matter.number] = [matter.pk.hex, generation, *([part.hex] if part else [])]
    return _keep(response, dict(list(held.items())[-MOST:]))


def grant_to(request: HttpRequest, response: HttpResponse, matter_id: UUID, number: str) -> HttpResponse:
    """The same for a matter just registered: its first code."""
    return grant(request, response, visible_to(Actor(ActorKind.SPEAKER, matter_id=matter_id)).get(number=number))


def generation_of(speaker: Actor, matter: Matter) -> int:
    """Of the code that opened it."""
    part = part_of(speaker, matter)
    return part.query_generation if part else matter.query_generation


def leave(response: HttpResponse) -> HttpResponse:
    """Close everything this browser has open."""
    response.delete_cookie(cookie_name(), path="/", samesite="Lax")
    return response


def actor(request: HttpRequest, number: str) -> Actor | None:
    """The speaker of this matter, if the browser holds it open; whether the code was renewed, `view_of` asks."""
    held = _held(request).get(number)
    if held is None:
        return None
    part = UUID(hex=str(held[2])) if len(held) > 2 else None
    return Actor(ActorKind.SPEAKER, matter_id=UUID(hex=str(held[0])), part=part)


def view_of(request: HttpRequest, number: str) -> TrackingView | None:
    """The matter as its speaker sees it; None when it is not open here, or its code was renewed meanwhile."""
    speaker = actor(request, number)
    if speaker is None:
        return None
    view = tracking(speaker, clock.now())
    if view.matter.is_group and view.part is None:
        return None  # whose code it was speaks for the group no longer
    return view if (view.part or view.matter).query_generation == _held(request)[number][1] else None


def opened(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorator of a page of one matter. The view gets `number` and `seen`, the matter as its speaker sees it."""

    @page(access=tracking_access)
    @functools.wraps(view)
    def guarded(request: HttpRequest, number: str, **kwargs: Any) -> HttpResponse:
        seen = view_of(request, number)
        if seen is None:
            return leave(_to_look_up(request, number))
        response = view(request, number=number, seen=seen, **kwargs)
        response["Cache-Control"] = "no-store"
        return _keep(response, _held(request)) if cookie_name() not in response.cookies else response

    return guarded


def _to_look_up(request: HttpRequest, number: str) -> HttpResponse:
    """To the page that asks for number and code, and back here afterwards with what was typed."""
    back = request.get_full_path()
    if request.method == "POST":
        back = address_with_draft(request) if _was_held(request, number) else request.path
    return HttpResponseRedirect(f"{reverse('portal:track')}?{urlencode({'number': number, 'back': back})}")


def _check(request: HttpRequest) -> HttpResponse | None:
    number = str(request.resolver_match.kwargs["number"]) if request.resolver_match else ""
    return None if actor(request, number) is not None else _to_look_up(request, number)


tracking_access = Access("tracking", _check)


def _held(request: HttpRequest) -> dict[str, list[Any]]:
    try:
        held: dict[str, list[Any]] = signing.loads(request.COOKIES.get(cookie_name(), ""), salt=_SALT, max_age=IDLE)
    except signing.BadSignature:
        return {}
    return held


def _was_held(request: HttpRequest, number: str) -> bool:
    """Whether this browser held the matter open at some time: only then are its words worth a draft."""
    try:
        return number in signing.loads(request.COOKIES.get(cookie_name(), ""), salt=_SALT)
    except signing.BadSignature:
        return False


def _keep(response: HttpResponse, held: dict[str, list[Any]]) -> HttpResponse:
    response.set_cookie(
        cookie_name(),
        signing.dumps(held, salt=_SALT),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
        path="/",
    )
    return response


def cookie_name() -> str:
    return "__Host-opened" if settings.SESSION_COOKIE_SECURE else "opened"
