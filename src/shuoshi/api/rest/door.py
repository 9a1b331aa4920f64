"""Where every request of a program enters: without cookies, and never answered with a page of ours."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from shuoshi.api.faults import Fault
from shuoshi.api.rest import problems
from shuoshi.kernel.web import page, public

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")  # all but TRACE are answered in our own form


@csrf_exempt
def _answered(request: HttpRequest, rest: str) -> HttpResponse:
    from shuoshi.api.rest.operations import (
        RESOLVER,  # 4 MiB only where platforms are
    )

    try:
        found = RESOLVER.resolve(rest)
        response: HttpResponse = found.func(request, *found.args, **found.kwargs)
    except Exception as problem:
        response = problems.answer(problem)
    if isinstance(response, HttpResponseNotAllowed):
        response = _not_allowed(response["Allow"])
    response["Cache-Control"] = "no-store"
    return response


def _not_allowed(methods: str) -> HttpResponse:
    sentence = _("这个地址不能这样用，可以用：%(methods)s。") % {"methods": methods}
    response = problems.answer(Fault(405, sentence, code="not_allowed"))
    response["Allow"] = methods
    return response


door = page(access=public, methods=_METHODS, secret=True)(_answered)
