"""Pages for what did not happen: refused, stale, forbidden, unknown, too much, too often, no room, no time, broken. All keep the text."""

from __future__ import annotations

import logging
import secrets
import sys
from collections.abc import Callable

from django.core.exceptions import PermissionDenied, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template import loader
from django.utils.translation import gettext as _

from shuoshi.kernel import busy, room
from shuoshi.kernel.crypto import Erased
from shuoshi.kernel.refusal import KeyReused, NotDone, Refused, Stale
from shuoshi.kernel.web import kept
from shuoshi.kernel.web.site import Site, current_site

log = logging.getLogger("shuoshi.web")

_TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


class RefusalMiddleware:
    """Turns what an action refuses into a 409 page that says why and keeps what was typed. Views hold no `try`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        if isinstance(problem, NotDone):
            return not_done(request, problem)
        if isinstance(problem, Erased):
            return not_done(request, Refused("erased", _("这件事的档案已经销毁，里面的内容打不开了。")))
        if isinstance(problem, _TOO_MUCH):
            return too_large(request)
        if room.is_full(problem):
            log.error("no room left for %s %s", request.method, request.path)
            return no_room(request)
        if busy.is_busy(problem):
            log.warning("the database had no time for %s %s", request.method, request.path)
            return too_busy(request)
        return None


def not_done(request: HttpRequest, problem: NotDone) -> HttpResponse:
    """409: what happened, who could, and a way back to the form with everything still in it."""
    context: dict[str, object] = {"code": problem.code, "who_could": ""}
    if isinstance(problem, Stale):
        context |= {"stale": problem, "heading": _("这件事刚刚有了变化"), "key": secrets.token_urlsafe(16)}
    elif isinstance(problem, KeyReused):
        context |= {
            "heading": _("这份表已经交过了"),
            "sentence": _("同一份表交过一次，内容和这次不一样。这次没有记下。"),
        }
    else:
        context |= {"heading": _("这一步没有办成"), "sentence": problem.text}
        if isinstance(problem, Refused):
            context["who_could"] = problem.who_could
    return _page(request, 409, "kernel/409.html", context)


def forbidden(request: HttpRequest, sentence: str = "", who_could: str = "") -> HttpResponse:
    """403: the reason, and whom to ask."""
    return _page(request, 403, "kernel/403.html", {"sentence": sentence, "who_could": who_could})


def too_often(request: HttpRequest, minutes: int) -> HttpResponse:
    """429: when to try again."""
    answer = _page(request, 429, "kernel/429.html", {"minutes": minutes})
    answer["Retry-After"] = str(minutes * 60)
    return answer


def too_large(request: HttpRequest) -> HttpResponse:
    """413: the form was larger than one request may be; its words are kept where they could be read."""
    return _page(request, 413, "kernel/413.html", {})


def no_room(request: HttpRequest) -> HttpResponse:
    """507: the disk is full, so nothing was kept. What was typed is on the page, to be sent again."""
    return _page(request, 507, "kernel/507.html", {})


def too_busy(request: HttpRequest) -> HttpResponse:
    """503: the database had no time, so nothing was kept; the same again may be done in some seconds."""
    answer = _page(request, 503, "kernel/503.html", {})
    answer["Retry-After"] = str(busy.AGAIN_AFTER)
    return answer


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The forgery check failed, mostly after a long pause: one more press sends the same text again."""
    return _page(request, 403, "kernel/csrf.html", {})


def handler400(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, _TOO_MUCH):
        return too_large(request)
    return _page(request, 400, "kernel/400.html", {})


def handler403(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    said = str(exception) if isinstance(exception, PermissionDenied) else ""
    return forbidden(request, said)


def handler404(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 404, "kernel/404.html", {"known": isinstance(exception, Http404)})


def handler500(request: HttpRequest) -> HttpResponse:
    """A fault number that also stands in the log; no detail leaves the machine. Also for what fails outside a view."""
    number = secrets.token_hex(4)
    log.error("fault %s at %s %s", number, request.method, request.path, extra={"fault": number})
    try:
        if busy.is_busy(sys.exc_info()[1]):
            return too_busy(request)
        return _page(request, 500, "kernel/500.html", {"fault": number})
    except Exception:  # whatever the whole page needs may be the fault: one without a frame
        log.exception("fault %s: the page for it failed too", number)
        return _page(request, 500, "kernel/500_bare.html", {"fault": number, "site": _site_if_known()}, framed=False)


def _site_if_known() -> Site:
    try:
        return current_site()
    except Exception:  # it may be the very fault
        return Site()


def _page(
    request: HttpRequest, status: int, template: str, context: dict[str, object], *, framed: bool = True
) -> HttpResponse:
    """A page with what was typed. Without `framed` nothing is asked of context processors."""
    readable = status != 400
    context["kept_texts"] = kept.texts(request) if readable else []
    context["kept_fields"] = kept.fields(request) if readable else []
    context["again_at"] = request.path if request.method == "POST" and readable else ""
    context["at_desk"] = request.path.startswith("/desk/")
    if context["again_at"]:
        context["csrf_token"] = get_token(request)
    answer = HttpResponse(loader.render_to_string(template, context, request if framed else None), status=status)
    answer["Cache-Control"] = "no-store"
    return answer
