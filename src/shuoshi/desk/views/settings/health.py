"""How the house stands: what is wrong first, each with what to do; a task that was given up can be tried again."""

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
from shuoshi.desk.frame import DeskRequest, posted_deed, posted_row
from shuoshi.desk.health import Line, State, everything
from shuoshi.kernel import clock
from shuoshi.kernel.web import PageData, page, show
from shuoshi.organization import actions


@dataclass(frozen=True)
class HealthPage(PageData):
    """`wrong` is to be mended, `coming` will be; `good` is as it should be. `at` is when this was looked at, `how`
    the page that says how commands are typed."""

    template: ClassVar[str] = "desk/settings/health.html"
    wrong: Sequence[Line]
    coming: Sequence[Line]
    good: Sequence[Line]
    at: datetime
    how: str


@page(access=rights.administrator)
def health(request: DeskRequest) -> HttpResponse:
    if posted_deed(request) == "again":
        actions.try_task_again(posted_row(request), actor=request.actor)
        messages.success(request, _("后台程序马上再试。"))
        return redirect("desk:set_health")
    found = everything(request.actor)
    wrong, coming, good = ([line for line in found if line.state is state] for state in State)
    how = reverse("desk:manual", args=["about-operations"])
    return show(request, HealthPage(wrong=wrong, coming=coming, good=good, at=clock.now(), how=how))
