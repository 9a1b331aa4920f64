"""While a home has no institution, every page leads to the first one. Costs nothing once there is one."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from shuoshi.config.first_run import code

_ALWAYS = ("/static/", "/healthz", "/readyz")


class FirstRunMiddleware:
    """Taken out of the chain when the server starts in a home that is set up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not code.wanted(settings.HOME):
            raise MiddlewareNotUsed
        self._get_response = get_response
        self._done = False

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self._done = self._done or not code.wanted(settings.HOME)
        first = reverse("first_run:choose")
        if self._done or request.path.startswith((first, *_ALWAYS)):
            return self._get_response(request)
        return HttpResponseRedirect(first)
