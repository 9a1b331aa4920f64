"""What is missing before the institution may begin, what is still advised, and the button that begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from shuoshi.desk import rights
from shuoshi.desk.frame import DeskRequest
from shuoshi.kernel.web import PageData, page, show
from shuoshi.matters import readiness
from shuoshi.organization import checklist
from shuoshi.organization import queries as organization

_WHERE = {
    "areas": "desk:set_areas",
    "points": "desk:set_points",
    "duties": "desk:set_duties",
    "roster": "desk:set_roster",
    "calendar": "desk:set_calendar",
    "copies": "desk:set_health",
    "recovery": "desk:set_health",
}


@dataclass(frozen=True)
class Todo:
    """One line: what to do, where, and for which unit."""

    says: str
    url: str
    unit: str = ""


@dataclass(frozen=True)
class StartPage(PageData):
    """`opened_at` None: the institution is being set up. `needed` keeps it from beginning, `advised` does not."""

    template: ClassVar[str] = "desk/settings/start.html"
    opened_at: datetime | None
    needed: Sequence[Todo]
    advised: Sequence[Todo]


@page(access=rights.administrator)
def start(request: DeskRequest) -> HttpResponse:
    """GET shows what is missing; POST begins, or says again what is missing."""
    if request.method == "POST":
        readiness.begin(actor=request.actor)
        messages.success(request, _("从现在起受理群众说事。工作人员用纸上的开户码设好密码，就可以登录。"))
        return redirect("desk:set_start")
    needed = [
        Todo(one.says, reverse("desk:set_unit", args=[one.unit.pk]), one.unit.short_name) for one in readiness.missing()
    ]
    advised = [Todo(one.says, reverse(_WHERE.get(one.code, "desk:set_units"))) for one in checklist.advice()]
    return show(request, StartPage(opened_at=organization.institution().opened_at, needed=needed, advised=advised))
