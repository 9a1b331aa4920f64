"""`page`: the decorator of every view, and `show`, which turns a page's data into an answer."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Protocol

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render

from shuoshi.kernel.web.access import Access


class View(Protocol):
    """A function from a request, and what the address holds, to an answer."""

    def __call__(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse: ...


@dataclass(frozen=True)
class PageData:
    """What a template needs, as documented fields. Subclasses are frozen dataclasses that name their `template`."""

    template: ClassVar[str]


def page(*, access: Access, methods: tuple[str, ...] = ("GET", "POST"), secret: bool = False) -> Callable[[View], View]:
    """Mark a view with who may open it, and hold the door.

    GET shows and POST does; HEAD goes with GET. Public or not is decided here; what is on the page, in the view.
    `secret`: what is posted here is never kept, neither shown again on a page of errors nor put into a draft.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method not in (*methods, "HEAD"):
                return HttpResponseNotAllowed(methods)
            away = access.check(request)
            return view(request, *args, **kwargs) if away is None else away

        guarded.access = access  # type: ignore[attr-defined]  # read by the tests of access
        guarded.secret = secret  # type: ignore[attr-defined]  # read by the tests of access
        return guarded

    return decorate


def show(request: HttpRequest, data: PageData, *, status: int | None = None) -> HttpResponse:
    """Answer with the page. A form that was posted and did not pass answers 422, unless `status` says otherwise."""
    context = {field.name: getattr(data, field.name) for field in fields(data)}
    if status is None:
        form = context.get("form")
        status = 422 if form is not None and form.is_bound and not form.is_valid() else 200
    return render(request, data.template, context, status=status)
