"""What an exchange pushes: `event` newCall, answer or hangup, `callId`, `from`, `user`; and recordings, beside it."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import quoteattr

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation, TooManyFieldsSent
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from shuoshi.channels.hotline import keeping, voicemail
from shuoshi.channels.hotline.pushing import Pushed, What, pushed
from shuoshi.kernel import busy, room, sounds, throttle
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


def _record(request: HttpRequest, key: str) -> HttpResponse:
    """A recording of a call, as a file of a form; the same one again is there once."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > voicemail.LARGEST + LARGEST:
        return HttpResponse(status=413)
    exchange = keeping.of_key(key, str(address_of(request) or ""))
    if exchange is None:
        return HttpResponse(status=404)
    left = throttle.take(throttle.EXCHANGE_PUSHES.scope, str(exchange.pk))
    if left is not None:
        return HttpResponse(status=429, headers={"Retry-After": str(max(1, int(left.total_seconds())))})
    if not room.for_uploads():
        return HttpResponse(status=507)
    try:
        call_id, file = _plain(request.POST.get("callId", "")), request.FILES.get("recording")
    except _NOT_READ:
        return HttpResponse(status=400)
    if not call_id or len(call_id) > 80 or not isinstance(file, UploadedFile):
        return HttpResponse(status=400)
    try:
        heard = sounds.clean(bytes(file.read()), longest=voicemail.LONGEST, largest=voicemail.LARGEST)
        voicemail.pushed(exchange, call_id, heard, caller=_plain(request.POST.get("from", ""))[:40])
    except sounds.BadSound as bad:
        return HttpResponse(bad.reason, status=422, content_type="text/plain; charset=utf-8")
    except Exception as problem:
        if busy.is_busy(problem):
            return HttpResponse(status=503, headers={"Retry-After": "2"})
        raise
    return HttpResponse(status=204)


def _plain(text: str) -> str:
    return text.replace("\x00", "").strip()


push = page(access=public, methods=("POST",), secret=True)(csrf_exempt(_push))
record = page(access=public, methods=("POST",), secret=True)(csrf_exempt(_record))
