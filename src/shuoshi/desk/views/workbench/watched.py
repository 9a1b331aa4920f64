"""Matters this person watches, with what changed since they last looked; begun and ended beside the matter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from shuoshi.desk import news
from shuoshi.desk.frame import DeskRequest
from shuoshi.kernel import clock
from shuoshi.kernel.web import PageData, page, show, staff
from shuoshi.matters.models import Matter
from shuoshi.matters.scope import visible_to
from shuoshi.workbench import queries, watching
from shuoshi.workbench.models import Reminder


@dataclass(frozen=True)
class WatchedPage(PageData):
    """`at`: when the page was made; what happens afterwards is not known by whoever ticks it off."""

    template: ClassVar[str] = "desk/workbench/watched.html"
    changed: Sequence[news.Changed]
    quiet: Sequence[news.Changed]
    at: datetime


@dataclass(frozen=True)
class WatchPage(PageData):
    template: ClassVar[str] = "desk/workbench/watch.html"
    matter: Matter
    watching: bool
    reminders: Sequence[Reminder]


@page(access=staff, methods=("GET",))
def listed(request: DeskRequest) -> HttpResponse:
    """What changed first. Three statements beside the frame."""
    at = clock.now()
    found = news.watched(request.actor)
    changed, quiet = [one for one in found if one.lines], [one for one in found if not one.lines]
    return show(request, WatchedPage(changed=changed, quiet=quiet, at=at))


@page(access=staff)
def watch(request: DeskRequest, number: str) -> HttpResponse:
    """GET shows what the person keeps for themselves beside a matter; POST begins or ends watching, and back to it."""
    matter = get_object_or_404(visible_to(request.actor).select_related("round"), number=number)
    if request.method != "POST":
        watching_, reminders = queries.watches(request.actor, matter), queries.reminders(request.actor, matter)
        return show(request, WatchPage(matter=matter, watching=watching_, reminders=reminders))
    if request.POST.get("do") == "end":
        watching.end(matter.pk, actor=request.actor)
        messages.success(request, _("不再关注这件事。"))
    else:
        watching.begin(matter.pk, actor=request.actor)
        messages.success(request, _("关注了。有变化时列在“今天”和“关注的事”里，只有您自己知道。"))
    return redirect("desk:watched") if request.POST.get("to") == "list" else redirect("desk:matter", number)


@page(access=staff, methods=("POST",))
def looked(request: DeskRequest) -> HttpResponse:
    """These changes are known, up to when the page was made."""
    numbers = request.POST.getlist("number")
    found = visible_to(request.actor).filter(number__in=numbers).values_list("pk", flat=True)
    watching.looked(found, _moment(request.POST.get("at", "")), actor=request.actor)
    return redirect("desk:my_day" if request.POST.get("to") == "day" else "desk:watched")


def _moment(written: str) -> datetime:
    """The moment a page of ours posts; Http404 for anything else."""
    try:
        found = datetime.fromisoformat(written)
    except ValueError as error:
        raise Http404 from error
    if found.tzinfo is None:
        raise Http404
    return found
