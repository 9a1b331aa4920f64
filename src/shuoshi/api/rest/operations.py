"""The operations of version 1. Each parses, calls `channels.platforms`, and writes what it got."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from http import HTTPStatus
from typing import Any, Literal, cast

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLResolver, reverse
from django.urls.resolvers import RegexPattern
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Status
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.params.functions import Header, Query
from ninja.renderers import JSONRenderer
from ninja.responses import NinjaJSONEncoder
from ninja.security import HttpBearer

from shuoshi.api.faults import Fault
from shuoshi.api.rest import photos, problems, shapes
from shuoshi.api.rest.words import lazily as gettext_lazy
from shuoshi.api.services import GENERAL, Service, choices, service, services
from shuoshi.channels.platforms import posting, queries
from shuoshi.channels.platforms.models import Platform
from shuoshi.channels.platforms.posting import Sent
from shuoshi.kernel.events import instant
from shuoshi.organization import profile
from shuoshi.organization import queries as organization

Answer = Status[Any]


class _Key(HttpBearer):
    openapi_description = gettext_lazy("系统管理员接入平台时得到的密钥")

    def authenticate(self, request: HttpRequest, token: str) -> Platform:
        platform = queries.of_key(token.strip())
        if platform is None:
            raise Fault(401, _("密钥不对，或者已经过期、停用。请向受理机构要一把。"), code="wrong_key")
        return platform


class _Readable(JSONRenderer):
    json_dumps_params: Mapping[str, Any] = {"ensure_ascii": False}


api = NinjaAPI(
    title=gettext_lazy("群众说事接口"),
    version="1",
    description=gettext_lazy("别的平台代群众说事，再来查办到哪一步。答复的文字、联系方式和地点，接口里都没有。"),
    docs_url=None,
    openapi_url=None,
    auth=_Key(),
    renderer=_Readable(),
    urls_namespace="rest-1",
)
_CHOOSING = (500, 503)
_FOLLOWING = (401, 403, 500, 503)
_POSTING = (*_FOLLOWING, 413, 422, 429)


def _wrong(*statuses: int) -> dict[int, type[shapes.Problem]]:
    return dict.fromkeys(statuses, shapes.Problem)


def _problem(request: HttpRequest, problem: Any) -> HttpResponse:
    return problems.answer(problem)


for _kind in (Exception, ValidationError, HttpError, AuthenticationError, Http404):  # the library has its own for these
    api.add_exception_handler(_kind, _problem)


@api.get("/openapi.json", auth=None, include_in_schema=False)
def specification(request: HttpRequest) -> HttpResponse:
    """This interface as OpenAPI, in the language that is asked for."""
    return HttpResponse(_written_out(get_language() or settings.LANGUAGE_CODE), content_type="application/json")


@cache
def _written_out(_language: str) -> bytes:
    """It takes a quarter of a second, and is the same for as long as the program runs."""
    return json.dumps(described(), cls=NinjaJSONEncoder, ensure_ascii=False).encode()


def described() -> dict[str, Any]:
    """The specification; words are lazy, in the language in which it is written out."""
    whole = api.get_openapi_schema(path_prefix=reverse("rest:root"))
    for operation in (one for methods in whole["paths"].values() for one in methods.values()):
        for status, answer in operation["responses"].items():
            if int(status) >= HTTPStatus.BAD_REQUEST:
                answer["content"] = {problems.MEDIA_TYPE: answer["content"].popitem()[1]}
            if int(status) in _HEADERS:
                name, required = _HEADERS[int(status)]
                answer["headers"] = {name: {"required": required, "schema": {"type": "string"}}}
    return {**whole, "servers": [{"url": settings.PUBLIC_ADDRESS}]}


_HEADERS = {401: ("WWW-Authenticate", True), 429: ("Retry-After", True), 503: ("Retry-After", True)}


@api.get(
    "/categories",
    auth=None,
    response={200: list[shapes.Category], **_wrong(*_CHOOSING)},
    summary=gettext_lazy("能选的类别，和每一类要问的问题"),
    tags=["choose"],
)
def categories(request: HttpRequest) -> Answer:
    return Status(200, [_category(one) for one in services(profile.current())])


@api.get(
    "/areas",
    auth=None,
    response={200: list[shapes.Area], **_wrong(*_CHOOSING)},
    summary=gettext_lazy("能选的村组"),
    tags=["choose"],
)
def areas(request: HttpRequest) -> Answer:
    return Status(200, [{"id": one.pk, "name": one.name, "inside": one.parent_id} for one in organization.areas()])


@api.post(
    "/photos",
    response={201: shapes.Photo, **_wrong(*_POSTING, 415)},
    summary=gettext_lazy("上传一张照片，登记时再用"),
    tags=["post"],
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"image/*": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
def upload(request: HttpRequest) -> Answer:
    platform = _posts(request)
    posting.count(platform)
    name, row, until = photos.keep(request, platform)
    return Status(201, {"id": name, "sha256": row.sha256, "size": row.size, "kept_until": instant(until)})


@api.post(
    "/matters",
    response={201: shapes.Registered, **_wrong(*_POSTING, 400, 409)},
    summary=gettext_lazy("登记一件事；同一个 Idempotency-Key 再发，不会重复登记"),
    tags=["post"],
)
def post(
    request: HttpRequest,
    response: HttpResponse,
    given: shapes.MatterGiven,
    idempotency_key: str = Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        description=gettext_lazy("一件事一个，平台自己定，例如一个 UUID；60 天里有效"),
    ),
) -> Answer:
    platform = _posts(request)
    posting.count(platform)
    if not (key := idempotency_key.strip()):
        raise Fault(422, _("不能空着。"), code="not_valid", at="header Idempotency-Key")
    posted = posting.post(platform, _sent(given, key, platform))
    response["Location"] = f"{settings.PUBLIC_ADDRESS}{reverse('rest:root')}matters/{posted.name}"
    return Status(201, {"id": posted.name, "category": posted.service, "registered_at": instant(posted.at)})


@api.get(
    "/matters",
    response={200: shapes.Matters, **_wrong(*_FOLLOWING, 422)},
    summary=gettext_lazy("这把密钥登记的事，新的在前"),
    tags=["follow"],
)
def listed(
    request: HttpRequest,
    cursor: str = Query("", max_length=500),
    limit: int = Query(shapes.PAGE, ge=1, le=shapes.LARGEST_PAGE),
    state: Literal["all", "open", "over"] = Query("all", description=gettext_lazy("全部、没有办结的、办结了的")),
) -> Answer:
    platform = _reads(request)
    if unknown := sorted(set(request.GET) - {"cursor", "limit", "state"}):
        raise Fault(422, _("没有这一项。"), code="not_valid", at=f"query {unknown[0]}")
    over = None if state == "all" else state == "over"
    try:
        found = queries.page(platform, over=over, after=cursor, size=limit)
    except queries.BadCursor:
        raise Fault(422, _("这个 cursor 不是上一页给的。"), code="wrong_cursor", at="query cursor") from None
    return Status(200, {"items": [row.told() for row in found.rows], "next": found.next or None})


@api.get(
    "/matters/{slug:name}",
    response={200: shapes.Matter, **_wrong(*_FOLLOWING, 404)},
    summary=gettext_lazy("一件事办到哪一步"),
    tags=["follow"],
)
def one(request: HttpRequest, name: str) -> Answer:
    state = queries.own(_reads(request), name)
    if state is None:
        raise Fault(404, _("这把密钥没有登记过这件事。"), code="no_such_matter")
    return Status(200, state.told())


def _posts(request: HttpRequest) -> Platform:
    platform = _asking(request)
    if not platform.posts:
        raise Fault(403, _("这把密钥不能代群众说事，只能查办理状态。"), code="may_not_post")
    return platform


def _reads(request: HttpRequest) -> Platform:
    platform = _asking(request)
    if not platform.reads:
        raise Fault(403, _("这把密钥不能查办理状态，只能代群众说事。"), code="may_not_read")
    return platform


def _asking(request: HttpRequest) -> Platform:
    """Whose key it is: what `_Key` found, where the library puts it."""
    return cast("Platform", vars(request)["auth"])


def _category(one: Service) -> dict[str, Any]:
    return {
        "code": one.code,
        "name": one.name,
        "group": one.group,
        "description": one.description,
        "questions": [
            {
                "code": question.code,
                "text": str(question.text),
                "type": question.type,
                "required": question.required,
                "when": one.when(question),
                "choices": [{"value": value, "text": text} for value, text in choices(question)],
            }
            for question in one.questions
        ],
    }


def _sent(given: shapes.MatterGiven, key: str, platform: Platform) -> Sent:
    """Raises Fault for what fits nothing here."""
    asked = service(profile.current(), given.category)
    if asked is None:
        raise Fault(422, _("没有这一类，看 /categories 里有哪些。"), code="no_such_category", at="/category")
    if (given.latitude is None) != (given.longitude is None):
        raise Fault(422, _("纬度和经度要一起写。"), code="half_a_place", at="/latitude")
    if given.area is not None and all(one.pk != given.area for one in organization.areas()):
        raise Fault(422, _("没有这个村组，看 /areas 里有哪些。"), code="no_such_area", at="/area")
    who = given.speaker or shapes.Speaker(name="", phone="", email="")
    return Sent(
        content=given.content,
        service=asked.code,
        category="" if asked.code == GENERAL else asked.code,
        answers=_answers(asked, given.answers),
        name=who.name,
        phone=who.phone,
        email=who.email,
        area=given.area,
        place=given.place,
        latitude="" if given.latitude is None else f"{given.latitude:.6f}",
        longitude="" if given.longitude is None else f"{given.longitude:.6f}",
        files=photos.taken(platform, given.photos),
        key=key,
    )


def _answers(asked: Service, given: Mapping[str, str]) -> dict[str, str]:
    known = {one.code: one for one in asked.questions}
    said = {code: value for code, value in given.items() if value}
    for code, value in said.items():
        if code not in known:
            raise Fault(422, _("这一类没有这个问题。"), code="no_such_question", at=problems.pointer("answers", code))
        if not known[code].takes(value):
            raise Fault(422, _("这个回答不合适。"), code="no_such_answer", at=problems.pointer("answers", code))
    if missing := asked.missing(said):
        raise Fault(422, _("还缺这个回答。"), code="answer_missing", at=problems.pointer("answers", missing[0]))
    return said


RESOLVER = URLResolver(RegexPattern(""), api.urls[0])
