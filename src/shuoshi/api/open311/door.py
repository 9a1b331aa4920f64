"""What every address of Open311 has in common: no cookie, no form of ours, and each error as the standard writes it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from shuoshi.api.faults import Fault, fault_of
from shuoshi.api.open311.written import Format, Value, answer, wanted
from shuoshi.channels.platforms import queries
from shuoshi.channels.platforms.models import Platform
from shuoshi.kernel.web import page, public
from shuoshi.kernel.web.page import View
from shuoshi.organization import queries as organization

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")  # all but TRACE are answered as the standard writes it


Answer = tuple[str, Value]  # the name of the outermost element, and what is in it


def open311(*methods: str) -> Callable[[Callable[..., Answer]], View]:
    """Mark a view of Open311: from a request, and what the address holds, to an Answer. It may raise Fault."""

    def decorate(view: Callable[..., Answer]) -> View:
        @csrf_exempt
        @functools.wraps(view)
        def answered(request: HttpRequest, *, written: str = "", **named: Any) -> HttpResponse:
            form = wanted(request, written)
            try:
                response = _answered(request, form, view, methods, named)
            except Exception as problem:
                response = _error(form, problem)
            if request.method != "POST":
                response["Access-Control-Allow-Origin"] = "*"  # nothing here is asked with a cookie
            response["Cache-Control"] = "no-store"
            return response

        return page(access=public, methods=_METHODS, secret=True)(answered)  # a key may stand in the form

    return decorate


def _answered(
    request: HttpRequest, form: Format, view: Callable[..., Answer], methods: tuple[str, ...], named: dict[str, Any]
) -> HttpResponse:
    if request.method == "OPTIONS":  # a page of others asks whether it may read with a key in the header
        allowed = {
            "Access-Control-Allow-Methods": "GET",
            "Access-Control-Allow-Headers": "Authorization, Accept-Language",
        }
        return HttpResponse(status=204, headers=allowed)
    if request.method not in (*methods, "HEAD"):
        raise Fault(405, _("这个地址不能这样用，可以用：%(methods)s。") % {"methods": ", ".join(methods)})
    _check_jurisdiction(request)
    return answer(form, *view(request, **named))


def key_of(request: HttpRequest) -> str:
    """The key that came with it: in the header, which no log keeps, or where the standard has it."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return token.strip()
    return (request.POST.get("api_key") or request.GET.get("api_key") or "").strip()


def platform_of(request: HttpRequest, *, to_post: bool = False) -> Platform | None:
    """Who asks; None for nobody, and for a key that may only post. Raises Fault for one that opens nothing here."""
    key = key_of(request)
    if not key and not to_post:
        return None
    platform = queries.of_key(key)
    if platform is None:
        raise Fault(403, _("密钥不对，或者已经过期、停用。请向受理机构要一把（api_key）。"))
    if to_post and not platform.posts:
        raise Fault(403, _("这把密钥不能代群众说事，只能查办理状态。"))
    return platform if to_post or platform.reads else None


def _check_jurisdiction(request: HttpRequest) -> None:
    """One place is served here: naming none is enough, naming another is a mistake of the client."""
    asked = request.POST.get("jurisdiction_id") or request.GET.get("jurisdiction_id") or ""
    if asked and asked not in jurisdictions():
        raise Fault(404, _("没有这个地区（jurisdiction_id）。这里只受理一个地区，可以不写。"))


def jurisdictions() -> tuple[str, ...]:
    """How this place may be called: the institution's code, or the name of the host."""
    institution = organization.institution()
    host = settings.PUBLIC_ADDRESS.partition("://")[2].partition(":")[0]
    return (institution.code, host)


def _error(form: Format, problem: Exception) -> HttpResponse:
    """As the standard writes it, also what nobody foresaw: no page of ours, which would hold what was posted."""
    fault = fault_of(problem)
    response = answer(form, "errors", [{"code": fault.status, "description": fault.sentence}], status=fault.status)
    if fault.wait:
        response["Retry-After"] = str(fault.wait)
    return response
