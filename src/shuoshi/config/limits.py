"""A request that is larger than one may be is refused before any of it is read."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from shuoshi.kernel.web import refusals


class BodyLimitMiddleware:
    """413 with a page that says so; what the browser still shows in its form is not lost."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > settings.BODY_LIMIT:
            return refusals.too_large(request)
        return self.get_response(request)
