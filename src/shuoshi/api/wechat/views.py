"""The one address of the official account: GET proves that it is ours, POST brings what a follower wrote.

No cookie, no form of ours. What the platform did not send is refused in a few words, before anything is read from the
database but the account; what cannot be kept in time is not acknowledged.
"""

from __future__ import annotations

import time

from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from shuoshi.channels.wechat import arriving, wire
from shuoshi.kernel import busy, clock, hurry
from shuoshi.kernel.web import page, public
from shuoshi.notices import wechat
from shuoshi.notices.wechat import Account

_AGAIN = {"Retry-After": "2"}


def _messages(request: HttpRequest) -> HttpResponse:
    began = time.monotonic()
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > wire.LARGEST:
        return HttpResponse(status=413)
    account = wechat.account()
    if account is None:
        return HttpResponse(status=404)
    try:
        if request.method != "POST":
            return _plain(wire.echo(account, request.GET.dict(), clock.now()))
        return _answered(request, account, began)
    except wire.NotTheirs as refused:
        return HttpResponse(refused.why, status=403, content_type="text/plain; charset=utf-8")


def _answered(request: HttpRequest, account: Account, began: float) -> HttpResponse:
    query, now = request.GET.dict(), clock.now()
    try:
        body = request.read(wire.LARGEST + 1)
    except UnreadablePostError:
        return HttpResponse(status=400)
    if len(body) > wire.LARGEST:
        return HttpResponse(status=413)
    heard = wire.read(account, query, body, now)
    nonce = wire.nonce_of(query)
    try:
        said = arriving.take(account, heard, nonce, began)
    except hurry.OutOfTime:
        return HttpResponse(status=503, headers=_AGAIN)
    except Exception as problem:
        if busy.is_busy(problem):
            return HttpResponse(status=503, headers=_AGAIN)
        raise
    answer = wire.answered(account, heard.follower, said, query.get("nonce", ""), now)
    return HttpResponse(answer, content_type="application/xml; charset=utf-8") if said else _plain(answer)


def _plain(text: str) -> HttpResponse:
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


messages = page(access=public, methods=("GET", "POST"), secret=True)(csrf_exempt(_messages))
