"""Matters this person watches, with what changed since they last looked; begun and ended on the page of the matter."""

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
from shuoshi.matters.scope import visible_to
from shuoshi.workbench import watching


@dataclass(frozen=True)
class WatchedPage(PageData):
    """`at`: when the page was made; what happens afterwards is not known by whoever ticks it off."""

    template: ClassVar[str] = "desk/workbench/watched.html"
    changed: Sequence[news.Changed]
    quiet: Sequence[news.Changed]
    at: datetime


@page(access=staff, methods=("GET",))
def listed(request: DeskRequest) -> HttpResponse:
    """What changed first. Three statements beside the frame."""
    at = clock.now()
    found = news.watched(request.actor)
    changed, quiet = [one for one in found if one.lines], [one for one in found if not one.lines]
    return show(request, WatchedPage(changed=changed, quiet=quiet, at=at))


@page(access=staff, methods=("POST",))
def watch(request: DeskRequest, number: str) -> HttpResponse:
    """Begin or end watching, and back to the matter."""
    matter = get_object_or_404(visible_to(request.actor), number=number)
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
