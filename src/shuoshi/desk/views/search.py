"""Finding matters in one box: number, last digits, phone, words; filters beside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise

from shuoshi.desk import filters, kept_lists, lists
from shuoshi.desk.frame import DeskRequest
from shuoshi.kernel.web import PageData, page, show, staff
from shuoshi.matters.queries import search_matters
from shuoshi.matters.queries.find import Found, SearchedBy
from shuoshi.organization import profile


@dataclass(frozen=True)
class SearchPage(PageData):
    """`found` None before anything was typed; `said` what was searched."""

    template: ClassVar[str] = "desk/search.html"
    search_words: str
    found: Found | None
    said: str | Promise
    marked: str
    bar: filters.Bar
    kept: kept_lists.Beside


@page(access=staff)
def search(request: DeskRequest) -> HttpResponse:
    """POST leads to the address of the hits. One statement for them, and the index behind it.

    A whole number leads straight to its matter.
    """
    elsewhere = filters.clean_address(request) or kept_lists.begins_with(request, "search")
    if elsewhere is not None:
        return elsewhere
    bar = filters.read(request, profile.current())
    found = search_matters(request.actor, bar.typed, bar.filters, request.GET.get("after", "")) if bar.typed else None
    if found is not None and found.by == SearchedBy.NUMBER and len(found.page.rows) == 1:
        return redirect("desk:matter", found.page.rows[0].number)
    said = filters.SAID[found.by] if found is not None else ""
    marked = lists.to_mark(found.by, bar.typed) if found is not None else ""
    shown = SearchPage(
        search_words=bar.typed,
        found=found,
        said=said,
        marked=marked,
        bar=bar,
        kept=kept_lists.beside(request, "search", bar),
    )
    return show(request, shown)
