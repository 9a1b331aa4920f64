"""Problems as RFC 9457 has them: a name for the program, a sentence for the person behind it, and where it is wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from ninja.errors import AuthenticationError, HttpError, ValidationError

from shuoshi.api.faults import Fault, fault_of

MEDIA_TYPE = "application/problem+json"
_IN_BODY = "body"
_MOST, _PLACE = 20, 200  # errors told, and signs of a place


def answer(problem: Exception) -> HttpResponse:
    """Any exception as a problem; `errors` point into what was sent."""
    errors: list[dict[str, str]] = []
    if isinstance(problem, ValidationError):
        errors = [{"at": _place(one["loc"])[:_PLACE], "detail": _sentence(one)} for one in problem.errors[:_MOST]]
        problem = Fault(422, _("有的地方写得不对，什么都没有记下。"), code="not_valid")
    elif isinstance(problem, AuthenticationError):
        problem = Fault(401, _("要在请求头里带密钥：Authorization: Bearer 密钥。"), code="no_key")
    elif isinstance(problem, Http404):
        problem = Fault(404, _("没有这个地址。"), code="no_such_address")
    elif isinstance(problem, HttpError):
        problem = Fault(problem.status_code, _("看不懂发来的内容，要写成 JSON。"), code="not_json")
    fault = fault_of(problem)
    if fault.at:
        errors = [{"at": fault.at[:_PLACE], "detail": fault.sentence}]
    return _written(fault, errors)


def _written(fault: Fault, errors: Sequence[Mapping[str, str]]) -> HttpResponse:
    said: dict[str, Any] = {
        "type": f"urn:shuoshi:problem:{fault.code}",
        "title": HTTPStatus(fault.status).phrase,
        "status": fault.status,
        "detail": fault.sentence,
    }
    if errors:
        said["errors"] = errors
    body = json.dumps(said, ensure_ascii=False).encode("utf-8", "replace")  # half a sign may have been sent as a name
    response = HttpResponse(body, status=fault.status, content_type=f"{MEDIA_TYPE}; charset=utf-8")
    if fault.wait:
        response["Retry-After"] = str(fault.wait)
    if fault.status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = "Bearer"
    return response


def pointer(*names: str | int) -> str:
    """A JSON pointer (RFC 6901); "" is the whole."""
    return "".join("/" + str(name).replace("~", "~0").replace("/", "~1") for name in names)


def _place(loc: Sequence[str | int]) -> str:
    """A JSON pointer into the body; of the rest of the request, which part and name."""
    where, *names = loc
    if where == _IN_BODY:
        return pointer(*names[1:])
    return " ".join(str(name) for name in loc)


def _sentence(error: Mapping[str, Any]) -> str:
    """What the library found, in words of ours."""
    limits = error.get("ctx") or {}
    match error["type"]:
        case "missing":
            return _("缺少这一项。")
        case "extra_forbidden":
            return _("没有这一项。")
        case "string_too_short":
            return _("不能空着。")
        case "string_too_long":
            return _("最多 %(n)d 字。") % {"n": limits["max_length"]}
        case "too_long":
            return _("最多 %(n)d 个。") % {"n": limits["max_length"]}
        case "greater_than_equal":
            return _("不能小于 %(n)s。") % {"n": limits["ge"]}
        case "less_than_equal":
            return _("不能大于 %(n)s。") % {"n": limits["le"]}
        case _:
            return _("这一项写得不对。")
