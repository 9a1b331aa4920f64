"""Platforms of others that were let in, as an administrator does, and what they send."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.test import Client

from shuoshi.api.services import services
from shuoshi.channels.platforms import keeping
from shuoshi.channels.platforms.keeping import PlatformGiven
from shuoshi.channels.platforms.models import Platform
from shuoshi.kernel import clock
from shuoshi.kernel.actors import SYSTEM
from shuoshi.organization import profile

V2 = "/open311/v2/"
SAID = {
    "service_code": "general",
    "address_string": "柳湾村三组，老槐树下",
    "description": "路灯坏了三天，晚上孩子回家看不见路。",
    "last_name": "赵",
    "first_name": "大爷",
    "phone": "13800000017",
}


def let_in(name: str = "县民生服务平台", **given: Any) -> tuple[Platform, str]:
    """A platform in use for a year that may do everything, and its key."""
    year = clock.local(clock.now()).date() + timedelta(days=365)
    whole: dict[str, Any] = {"name": name, "runs_it": "王工 0571-8600000", "posts": True, "reads": True, "until": year}
    return keeping.let_in(PlatformGiven(**whole | given), actor=SYSTEM)


def posted(key: str, *, form: str = "json", headers: dict[str, str] | None = None, **changed: Any) -> Any:
    """The answer to a request that was posted; None takes a field away."""
    said = {name: value for name, value in (SAID | {"api_key": key} | changed).items() if value is not None}
    return Client().post(f"{V2}requests.{form}", said, headers=headers or {})


def asked(address: str, **query: str) -> Any:
    return Client().get(V2 + address, query)


def name_of(answer: Any) -> str:
    assert answer.status_code == 200, answer.content.decode()
    return str(answer.json()[0]["service_request_id"])


def refused(answer: Any) -> tuple[int, str]:
    [error] = answer.json()
    assert error["code"] == answer.status_code
    return answer.status_code, error["description"]


def asking() -> Any:
    """A service with a question that must be answered, whatever the profile asks."""
    for one in services(profile.current()):
        if any(question.required and question.visible_when is None for question in one.questions):
            return one
    raise AssertionError("no category asks anything that must be answered")


def fitting(question: Any) -> str:
    return {"number": "3", "date": "2026-11-02", "text": "两天"}.get(question.type) or question.values[0]
