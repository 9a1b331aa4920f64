"""Finding matters in one box: number, last digits, phone, words; filters beside, all in the address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from shuoshi.desk import filters
from shuoshi.desk.frame import DeskRequest
from shuoshi.kernel.web import PageData, page, show, staff
from shuoshi.matters.queries import search_matters
from shuoshi.matters.queries.find import Found, SearchedBy
from shuoshi.organization import profile

SAID = {
    SearchedBy.NUMBER: _("按编号查"),
    SearchedBy.TAIL: _("按编号末几位和内容查"),
    SearchedBy.PHONE: _("按电话号码查"),
    SearchedBy.WORDS: _("按标题和内容查。敏感类别和还没有受理的事不在其中，请用编号查"),
    SearchedBy.TOO_SHORT: _("请至少写两个字，或者编号、电话"),
}


@dataclass(frozen=True)
class SearchPage(PageData):
    """`found` None before anything was typed; `said` what was searched."""

    template: ClassVar[str] = "desk/search.html"
    typed: str
    search_words: str
    found: Found | None
    said: object
    bar: filters.Bar


@page(access=staff, methods=("GET",))
def search(request: DeskRequest) -> HttpResponse:
    """One statement for the hits, and the index behind it. A whole number leads straight to its matter."""
    typed = request.GET.get("q", "").strip()[:100]
    bar = filters.read(request.GET, profile.current())
    found = search_matters(request.actor, typed, bar.filters, request.GET.get("after", "")) if typed else None
    if found is not None and found.by == SearchedBy.NUMBER and len(found.page.rows) == 1:
        return redirect("desk:matter", found.page.rows[0].number)
    said = SAID[found.by] if found is not None else ""
    return show(request, SearchPage(typed=typed, search_words=typed, found=found, said=said, bar=bar))
