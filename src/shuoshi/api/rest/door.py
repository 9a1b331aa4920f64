"""Where every request of a program enters: without cookies, and never answered with a page of ours."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from shuoshi.api.faults import Fault
from shuoshi.kernel.web import page, public

_LARGEST = 512 * 1024  # of JSON: 20,000 signs, escaped, and much else
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")  # all but TRACE are answered in our own form


@csrf_exempt
def _answered(request: HttpRequest, rest: str) -> HttpResponse:
    from shuoshi.api.rest import problems  # with their library, 4 MiB: only where platforms are
    from shuoshi.api.rest.operations import RESOLVER

    if request.method == "HEAD":
        request.method = "GET"  # whoever serves us leaves the body out
    try:
        _check_size(request)
        found = RESOLVER.resolve(rest)
        response: HttpResponse = found.func(request, *found.args, **found.kwargs)
    except Exception as problem:
        response = problems.answer(problem)
    if isinstance(response, HttpResponseNotAllowed):
        methods = response["Allow"]
        response = problems.answer(_not_allowed(methods))
        response["Allow"] = methods
    response["Cache-Control"] = "no-store"
    return response


def _check_size(request: HttpRequest) -> None:
    """A body of JSON is small; a photo is read by itself. Raises Fault."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if "json" in (request.content_type or "") and (not length.isdecimal() or int(length) > _LARGEST):
        raise Fault(413, _("内容太大，没有收下。"), code="too_large")


def _not_allowed(methods: str) -> Fault:
    sentence = _("这个地址不能这样用，可以用：%(methods)s。") % {"methods": methods}
    return Fault(405, sentence, code="not_allowed")


door = page(access=public, methods=_METHODS, secret=True)(_answered)
