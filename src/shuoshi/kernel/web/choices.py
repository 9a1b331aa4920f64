"""Language and text size by plain links: `?lang=` and `?size=` set a cookie and lead back to the same address."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from shuoshi.kernel.web.site import SIZE_COOKIE

_YEAR = 365 * 24 * 3600


class ChoiceMiddleware:
    """Stands before LocaleMiddleware. Unknown values are dropped from the address and change nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method != "GET" or not ({"lang", "size"} & request.GET.keys()):
            return self.get_response(request)
        query = request.GET.copy()
        language, size = query.pop("lang", [""])[-1].lower(), query.pop("size", [""])[-1]
        here = "/" + request.path.lstrip("/")  # "//other.example/" would lead away
        answer = HttpResponseRedirect(here + (f"?{query.urlencode()}" if query else ""))
        if language in dict(settings.LANGUAGES):
            _remember(answer, settings.LANGUAGE_COOKIE_NAME, language)
        if size in ("large", "normal"):
            _remember(answer, SIZE_COOKIE, size)
        answer["Cache-Control"] = "no-store"
        return answer


def _remember(answer: HttpResponse, name: str, value: str) -> None:
    answer.set_cookie(
        name, value, max_age=_YEAR, secure=settings.LANGUAGE_COOKIE_SECURE, httponly=True, samesite="Lax", path="/"
    )
