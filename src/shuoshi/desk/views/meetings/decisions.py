"""Village decisions on the desk (四议两公开): the four steps with their meetings and votes, and the two publications."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from shuoshi.desk import rights
from shuoshi.desk.forms.meetings import CallForm, DecisionForm, PublicForm, WithdrawnForm
from shuoshi.desk.frame import DeskRequest, posted_deed
from shuoshi.desk.views.meetings.listed import CallPage
from shuoshi.kernel import clock
from shuoshi.kernel.web import PageData, page, show
from shuoshi.kernel.web.forms import posted
from shuoshi.meetings import calling, deciding, queries
from shuoshi.meetings.models import Decision, Meeting
from shuoshi.meetings.policies import may_hold
from shuoshi.meetings.rules import STEPS
from shuoshi.meetings.vocabulary import Kind, Step


@dataclass(frozen=True)
class StepView:
    """A step with its meeting, where one was called: whether it carried, and whether the reader may call it now."""

    step: Step
    meeting: Meeting | None
    carried: bool
    next: bool


@dataclass(frozen=True)
class DecisionPage(PageData):
    """`form`: what is to be published now, None where nothing is."""

    template: ClassVar[str] = "desk/meetings/decision.html"
    decision: Decision
    steps: Sequence[StepView]
    form: PublicForm | None
    withdraw: WithdrawnForm | None


@page(access=rights.meetings)
def begin(request: DeskRequest) -> HttpResponse:
    form = DecisionForm(posted(request), actor=request.actor)
    if request.method == "POST" and form.is_valid():
        row = deciding.begin(form.given(), actor=request.actor, key=form.key)
        messages.success(request, _("记下了。请先通知第一步的会。"))
        return redirect("desk:decision", row.pk)
    back = reverse("desk:meetings")
    return show(request, CallPage(form=form, title=_("按四议两公开决定一件事"), verb=_("开始"), back=back))


@page(access=rights.meetings)
def one(request: DeskRequest, key: UUID) -> HttpResponse:
    """The steps, and the publication that is due."""
    row = queries.decision(key, request.actor)
    if row is None:
        raise Http404
    holds = may_hold(request.actor, row.unit.path)
    following = deciding.next_step(row)
    steps = [_step(row, step, following if holds else None) for step in Step]
    out = row.decided_at is not None and row.withdrawn_at is None
    due = holds and row.outcome_at is None and (out or (row.decided_at is None and all(one.carried for one in steps)))
    do = posted_deed(request)
    form = PublicForm(posted(request) if do == "publish" else None) if due else None
    away = WithdrawnForm(posted(request) if do == "withdraw" else None, prefix="no") if holds and out else None
    if do == "withdraw" and away is not None and away.is_valid():
        deciding.withdraw(key, away.cleaned_data["words"], actor=request.actor)
        messages.success(request, _("不再公开了。"))
        return redirect("desk:decision", key)
    if do == "publish" and form is not None and form.is_valid():
        text, outcome = form.cleaned_data["text"], row.decided_at is not None
        deciding.publish(key, text, outcome=outcome, actor=request.actor)
        messages.success(request, _("公开了。"))
        return redirect("desk:decision", key)
    wrong = (form is not None and form.errors) or (away is not None and away.errors)
    return show(request, DecisionPage(row, steps, form, away), status=422 if wrong else None)


@page(access=rights.meetings)
def call(request: DeskRequest, key: UUID) -> HttpResponse:
    """Tell of the meeting of the step that comes next."""
    row = queries.decision(key, request.actor)
    following = deciding.next_step(row) if row is not None else None
    if row is None or following is None or not may_hold(request.actor, row.unit.path):
        raise Http404
    begins = (clock.local(clock.now()) + timedelta(days=11)).replace(hour=9, minute=0, second=0, microsecond=0)
    first = {"unit": str(row.unit_id), "begins": begins, "ends": begins + timedelta(hours=2), "title": row.title}
    form = CallForm(posted(request), actor=request.actor, initial=first)
    form.decision = (row.pk, following.value)
    allowed = [(kind.value, kind.label) for kind in Kind if kind in STEPS[following]]
    form.offer("kind", allowed)
    if request.method == "POST" and form.is_valid():
        made = calling.call(form.given(), actor=request.actor, key=form.key)
        messages.success(request, _("会议通知发出了。请把议程列上，打印通知贴出去。"))
        return redirect("desk:meeting", made.pk)
    back = reverse("desk:decision", args=[key])
    return show(request, CallPage(form=form, title=str(following.label), verb=_("通知"), back=back))


def _step(row: Decision, step: Step, following: Step | None) -> StepView:
    held = deciding.held_for(row, step)
    return StepView(step, held, held is not None and deciding.carried(held), step == following)
