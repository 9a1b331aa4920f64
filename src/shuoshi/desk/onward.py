"""Where a deed leads afterwards: to the matter, on to the next of the queue it was opened from, back to the receipts.

The place a matter was opened from goes along as `from`: in the address of its page, and unseen in its forms.
"""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from shuoshi.desk.frame import DeskRequest
from shuoshi.kernel import clock
from shuoshi.matters.models import Matter
from shuoshi.matters.queries import queues
from shuoshi.matters.vocabulary import Action

FROM = "from"
NEXT = "next"  # the button 办好并看下一件
RECEIPTS = "receipts"


def origin(request: HttpRequest) -> str:
    """The queue this page was reached from, or the receipts; "" for any other way, and for what is no such place."""
    name = str((request.POST if request.method == "POST" else request.GET).get(FROM, ""))
    return name if name in queues.QUEUES or name == RECEIPTS else ""


def queue_of(name: str) -> queues.Queue | None:
    return queues.QUEUES.get(name)


def address(number: str, name: str) -> str:
    """The page of a matter, reached from there."""
    page = reverse("desk:matter", args=[number])
    return f"{page}?{urlencode({FROM: name})}" if name else page


def after(request: DeskRequest, matter: Matter, action: Action) -> HttpResponse:
    """Where to go when this was done to a matter that is still in sight; `matter` as it was before."""
    name = origin(request)
    if name in queues.QUEUES and NEXT in request.POST:
        following = queues.following(request.actor, name, matter, clock.now())
        return redirect(address(following.number, name) if following else reverse("desk:queue", args=[name]))
    if name == RECEIPTS and action == Action.HAND_OVER_RECEIPT:
        return redirect("desk:receipts")
    return redirect(address(matter.number, name))
