"""Headers that every answer carries besides Django's own and the content security policy."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from shuoshi.kernel.web import permissions

_ALWAYS = {"Cross-Origin-Resource-Policy": "same-origin", permissions.HEADER: permissions.USUAL}


class HeadersMiddleware:
    """Pages are not kept by browsers or proxies unless their view says otherwise: most of them speak of somebody."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in _ALWAYS.items():
            response.setdefault(name, value)
        response.setdefault("Cache-Control", "no-store")
        return response
