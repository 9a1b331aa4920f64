"""The one address an exchange pushes to: `event` newCall, answer or hangup, `callId`, `from`, `user`."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import quoteattr

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from shuoshi.channels.hotline import keeping
from shuoshi.channels.hotline.pushing import Pushed, What, pushed
from shuoshi.kernel import busy, throttle
from shuoshi.kernel.web import page, public
from shuoshi.kernel.web.network import address_of

LARGEST = 16 * 1024  # bytes; a push has some hundred
_NOT_READ = (RequestDataTooBig, TooManyFieldsSent, SuspiciousOperation, UnreadablePostError, MultiPartParserError)


def _push(request: HttpRequest, key: str) -> HttpResponse:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > LARGEST:
        return HttpResponse(status=413)
    exchange = keeping.of_key(key, str(address_of(request) or ""))
    if exchange is None:
        return HttpResponse(status=404)
    try:
        given = _read(request.POST)
    except _NOT_READ:
        given = None
    if given is None:
        return HttpResponse(status=400)
    if request.POST.get("direction") == "out":
        return HttpResponse(status=204)  # our own calls are none that came in
    left = throttle.take(throttle.EXCHANGE_PUSHES.scope, str(exchange.pk))
    if left is not None:
        return HttpResponse(status=429, headers={"Retry-After": str(max(1, int(left.total_seconds())))})
    try:
        pushed(exchange, given)
    except Exception as problem:
        if busy.is_busy(problem):
            return HttpResponse(status=503, headers={"Retry-After": "2"})
        raise
    return _tell_the_rest(key) if given.what is What.RINGS else HttpResponse(status=204)


def _read(posted: Any) -> Pushed | None:
    """What was pushed; None for what is none of the three, or names no call."""
    event, call_id = posted.get("event", ""), posted.get("callId", "").replace("\x00", "").strip()
    if event not in set(What) or not call_id or len(call_id) > 80:
        return None
    user = (posted.get("user") or posted.get("userId") or posted.get("answeringNumber") or "").replace("\x00", "")
    return Pushed(What(event), call_id, posted.get("from", "").replace("\x00", "")[:40], user.strip())


def _tell_the_rest(key: str) -> HttpResponse:
    """Connectors that ask where to tell the rest of a call are answered with the same address."""
    here = quoteattr(settings.PUBLIC_ADDRESS + reverse("pbx:push", args=[key]))
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<Response onAnswer={here} onHangup={here}/>\n'
    return HttpResponse(body, content_type="application/xml; charset=utf-8")


push = page(access=public, methods=("POST",), secret=True)(csrf_exempt(_push))
