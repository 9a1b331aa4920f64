"""到时提醒: a day and words for oneself beside a matter, and ticking it off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from shuoshi.desk.forms.reminders import ReminderForm
from shuoshi.desk.frame import DeskRequest
from shuoshi.kernel import clock
from shuoshi.kernel.templatetags.shuoshi import day
from shuoshi.kernel.web import PageData, page, show, staff
from shuoshi.kernel.web.forms import posted
from shuoshi.matters.models import Matter
from shuoshi.matters.scope import visible_to
from shuoshi.workbench import reminding
from shuoshi.workbench.models import Reminder


@dataclass(frozen=True)
class RemindPage(PageData):
    template: ClassVar[str] = "desk/workbench/remind.html"
    matter: Matter
    form: ReminderForm


@page(access=staff)
def remind(request: DeskRequest, number: str) -> HttpResponse:
    """GET asks for the day, tomorrow at first; POST keeps it and goes back to the matter."""
    matter = get_object_or_404(visible_to(request.actor), number=number)
    tomorrow = clock.local(clock.now()).date() + timedelta(days=1)
    form = ReminderForm(posted(request), initial={"on": tomorrow})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        reminding.remind(matter.pk, data["on"], data["words"], actor=request.actor, key=form.key)
        messages.success(request, _("记下了，%(day)s提醒您。") % {"day": day(data["on"])})
        return redirect("desk:matter", number)
    return show(request, RemindPage(matter=matter, form=form))


@page(access=staff, methods=("POST",))
def done(request: DeskRequest, key: UUID) -> HttpResponse:
    """Tick one's own off, from my day or from the matter; whose it is not, does not learn that it is there."""
    try:
        row = reminding.tick_off(key, actor=request.actor)
    except Reminder.DoesNotExist:
        raise Http404 from None
    if request.POST.get("to") == "matter":
        matter = visible_to(request.actor).filter(pk=row.matter_id).first()
        if matter is not None:
            return redirect("desk:matter", matter.number)
    return redirect("desk:my_day")
