"""Requests of a program by the REST interface."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

V1 = "/api/v1/"
SAID: dict[str, Any] = {
    "content": "路灯坏了三天，晚上孩子回家看不见路。",
    "place": "柳湾村三组，老槐树下",
    "speaker": {"name": "赵大爷", "phone": "13800000017"},
}


def key_of(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"} if key else {}


def sent(key: str, body: dict[str, Any], *, idempotency: str | None = "1") -> Any:
    headers = key_of(key) | ({"Idempotency-Key": idempotency} if idempotency is not None else {})
    return Client().post(f"{V1}matters", json.dumps(body), content_type="application/json", headers=headers)


def posted(key: str, *, idempotency: str = "1", **changed: Any) -> Any:
    """The answer to a matter that was posted."""
    return sent(key, SAID | changed, idempotency=idempotency)


def asked(key: str, address: str, **query: str) -> Any:
    return Client().get(V1 + address, query, headers=key_of(key))


def problem(answer: Any) -> tuple[int, str, str]:
    """Status, name and sentence of a problem."""
    assert answer["Content-Type"] == "application/problem+json; charset=utf-8", answer.content
    said = answer.json()
    assert said["status"] == answer.status_code and said["title"] and said["detail"]
    return answer.status_code, said["type"].removeprefix("urn:shuoshi:problem:"), said["detail"]
