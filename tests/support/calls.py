"""An exchange that pushes, and calls of it."""

from __future__ import annotations

from typing import Any

from django.test import Client

from shuoshi.channels.hotline import keeping
from shuoshi.channels.hotline.models import Call, Exchange
from shuoshi.kernel.actors import SYSTEM

NUMBER = "8613800000017"


def connected(networks: str = "") -> tuple[Exchange, str]:
    return keeping.connect("受理中心总机", networks, actor=SYSTEM)


def push(key: str, event: str, call: str = "c-1", *, at: str = "127.0.0.1", **given: str) -> Any:
    said = {"event": event, "callId": call, "from": NUMBER, "to": "4957", "direction": "in"}
    return Client().post(f"/pbx/{key}/", said | given, REMOTE_ADDR=at)


def rang(key: str, call: str = "c-1", *, answered: bool = False, **given: str) -> Call:
    """A call that is over."""
    push(key, "newCall", call, **given)
    if answered:
        push(key, "answer", call, user="王芳")
    push(key, "hangup", call)
    return Call.objects.get(call_id=call)
