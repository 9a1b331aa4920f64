"""A request that is larger than one may be: its files are refused unread, its words are kept."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from shuoshi.kernel.web import refusals, upload_handlers


class BodyLimitMiddleware:
    """413 with a page that says so and leads back to the form with everything that was written."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > settings.BODY_LIMIT:
            request.upload_handlers = [upload_handlers.WordsOnly(request)]
            return refusals.too_large(request)
        return self.get_response(request)
