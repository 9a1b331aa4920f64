"""One button for a small office: somebody who takes in, assigns and handles takes the matter on, step by step at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from shuoshi.desk import forms
from shuoshi.desk.forms.take_on import TakeOnForm
from shuoshi.desk.frame import DeskRequest
from shuoshi.desk.views.matter import Head, case, found, head
from shuoshi.kernel.web import PageData, page, show, staff
from shuoshi.kernel.web.forms import posted
from shuoshi.matters import actions, workflow
from shuoshi.matters.models import Matter
from shuoshi.matters.queries.matter import MatterView


@dataclass(frozen=True)
class TakeOnPage(PageData):
    """The form under the head and the words of the matter."""

    template: ClassVar[str] = "desk/take_on.html"
    head: Head
    view: MatterView
    matter: Matter
    form: TakeOnForm


@page(access=staff)
def take_on(request: DeskRequest, number: str) -> HttpResponse:
    """Accept, classify, assign to oneself and sign for. Not found for whoever may not do it all."""
    view = found(request, number)
    units = workflow.takes_on(case(request, view))
    if not units:
        raise Http404
    about = forms.About(matter=view.matter, actor=request.actor, profile=view.profile)
    form = TakeOnForm(posted(request), about=about, units=units, turn=view.matter.turn)
    if request.method == "POST" and form.is_valid():
        actions.run_all(view.matter.pk, form.several(), actor=request.actor, turn=form.turn, key=form.key)
        messages.success(request, _("这件事由您承办，已经签收。"))
        return redirect("desk:matter", view.matter.number)
    return show(request, TakeOnPage(head=head(view), view=view, matter=view.matter, form=form))
