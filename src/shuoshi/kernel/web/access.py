"""Who may open a page at all. What may be done on it is for the policies of the package that owns the deed.

The kernel knows no accounts: the package that signs people in says once, with `staff_actors_come_from`, how a request
becomes an actor. Until it does, nobody is staff.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _

from shuoshi.kernel.actors import Actor, ActorKind
from shuoshi.kernel.throttle import STAFF_DRAFTS_BY_NETWORK
from shuoshi.kernel.web import kept, refusals, uploads

Check = Callable[[HttpRequest], HttpResponse | None]
ActorOf = Callable[[HttpRequest], Actor | None]


@dataclass(frozen=True)
class Access:
    """A door: `name` for tests and the page of rights; `check` answers for the page when somebody may not pass."""

    name: str
    check: Check
    needs_second_factor: bool = False


def staff_actors_come_from(function: ActorOf) -> None:
    """Have every request's actor made by `function`; None means nobody is signed in. Called once, when apps are ready."""
    global _staff_actor
    _staff_actor = function


def actor_of(request: HttpRequest) -> Actor | None:
    """The signed-in member of staff, or None; asked once per request."""
    if not hasattr(request, "_actor"):
        request._actor = _staff_actor(request)  # type: ignore[attr-defined]  # kept with the request, asked for once
    actor: Actor | None = request._actor  # type: ignore[attr-defined]  # kept with the request, asked for once
    return actor


def role(*roles: str) -> Access:
    """Staff who hold at least one of these roles under any post."""

    def check(request: HttpRequest) -> HttpResponse | None:
        away = _check_staff(request)
        if away is not None:
            return away
        actor = actor_of(request)
        assert actor is not None
        if not any(actor.holds(one) for one in roles):
            return refusals.forbidden(request, _("这一页不在您的职责范围内。"))
        return None

    return Access("role:" + ",".join(roles), check)


def _nobody(request: HttpRequest) -> Actor | None:
    return None


_staff_actor: ActorOf = _nobody


def _open(request: HttpRequest) -> HttpResponse | None:
    return None


def _check_staff(request: HttpRequest) -> HttpResponse | None:
    """Nobody signed in: to the sign-in page and back here; what was typed waits in a draft."""
    actor = actor_of(request)
    if actor is not None and actor.kind is ActorKind.STAFF:
        return None
    posted = request.method == "POST"
    back = kept.address_with_draft(request, STAFF_DRAFTS_BY_NETWORK) if posted else request.get_full_path()
    if posted and back != request.path:  # where no more drafts are made, no more photos are either
        uploads.keep_unsigned(request)
    if request.headers.get("HX-Request"):
        answer = HttpResponse(status=401)
        answer["HX-Redirect"] = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': back})}"
        return answer
    return HttpResponseRedirect(f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': back})}")


public = Access("public", _open)
staff = Access("staff", _check_staff)
