"""Addresses of Open311, with the format at their end or without."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import URLPattern, path, register_converter

from shuoshi.api.open311 import views
from shuoshi.api.open311.written import Format
from shuoshi.kernel.web.page import View

app_name = "open311"


class _Written:
    regex = "|".join(Format)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(_Written, "open311_format")


def _both(route: str, view: View, name: str) -> Iterator[URLPattern]:
    yield path(f"{route}.<open311_format:written>", view, name=f"{name}_in")
    yield path(route, view, name=name)


urlpatterns = [
    *_both("discovery", views.discovery, "discovery"),
    *_both("services", views.listed, "services"),
    *_both("services/<slug:code>", views.defined, "service"),
    *_both("requests", views.requests, "requests"),
    *_both("requests/<slug:name>", views.one, "request"),
    *_both("tokens/<slug:name>", views.token, "token"),
    *_both("<path:rest>", views.nothing, "nothing"),
]
