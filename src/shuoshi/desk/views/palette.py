"""All doors of the desk as links: behind Ctrl+K, and as a page for whoever has no script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.http import HttpResponse

from shuoshi.desk.frame import DeskRequest, rail
from shuoshi.kernel.web import PageData, page, show, staff
from shuoshi.kernel.web.navigation import Group


@dataclass(frozen=True)
class EverythingPage(PageData):
    template: ClassVar[str] = "desk/everything.html"
    groups: Sequence[Group]


@page(access=staff, methods=("GET",))
def everything(request: DeskRequest) -> HttpResponse:
    """What the palette shows: the queues, the pages of one's duty, one's own settings."""
    return show(request, EverythingPage(groups=rail(request, request.actor)))
