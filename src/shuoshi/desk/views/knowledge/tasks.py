"""What the knowledge base asks of somebody: questions without an answer, entries to look at again, words to publish."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from shuoshi.desk.forms.knowledge import AnsweredForm, WhyForm
from shuoshi.desk.frame import DeskRequest
from shuoshi.desk.views.knowledge import shown
from shuoshi.kernel import clock
from shuoshi.kernel.web import PageData, page, show, staff
from shuoshi.knowledge import actions, policies
from shuoshi.knowledge import queries as knowledge
from shuoshi.knowledge.models import KnowledgeTask
from shuoshi.matters.queries.answers import Question, asked, how_many_asked, times_cited
from shuoshi.organization import profile

MOST = 200  # rows of one list; more than a person could look through


@dataclass(frozen=True)
class Missing:
    """One task as a row: how many matters asked, and about what."""

    task: KnowledgeTask
    category: str
    count: int


@dataclass(frozen=True)
class WaitingPage(PageData):
    """`wide` also shows the units this person manages; `may_widen` whether there are any."""

    template: ClassVar[str] = "desk/knowledge/tasks.html"
    missing: Sequence[Missing]
    review: Sequence[shown.Row]
    publish: Sequence[shown.Row]
    wide: bool
    may_widen: bool


@dataclass(frozen=True)
class TaskPage(PageData):
    template: ClassVar[str] = "desk/knowledge/task.html"
    task: KnowledgeTask
    category: str
    questions: Sequence[Question]
    may_settle: bool
    answered: AnsweredForm
    why: WhyForm


@page(access=staff, methods=("GET",))
def waiting(request: DeskRequest) -> HttpResponse:
    """Three lists, six statements, whatever their length."""
    actor, rules, today = request.actor, profile.current(), clock.local(clock.now()).date()
    wide = "all" in request.GET and bool(policies.managed(actor))
    tasks = list(
        knowledge.open_tasks(actor, all_beneath=wide).select_related("unit").order_by("opened_at", "pk")[:MOST]
    )
    counts = how_many_asked(task.pk for task in tasks)
    review = knowledge.to_review(actor, today, all_beneath=wide).select_related("unit", "latest", "current")
    publish = knowledge.to_publish(actor).select_related("unit", "latest", "current")
    due, to_read = list(review.order_by("review_on", "number")[:MOST]), list(publish.order_by("number")[:MOST])
    cited = times_cited(entry.pk for entry in (*due, *to_read))
    return show(
        request,
        WaitingPage(
            missing=[Missing(task, shown.category(rules, task.category), counts.get(task.pk, 0)) for task in tasks],
            review=shown.rows(due, rules, today, cited),
            publish=shown.rows(to_read, rules, today, cited),
            wide=wide,
            may_widen=bool(policies.managed(actor)),
        ),
    )


@page(access=staff)
def task(request: DeskRequest, key: UUID) -> HttpResponse:
    """The questions behind one task, and the two ways to settle it; writing an entry is the third."""
    try:
        found = knowledge.task(request.actor, key)
    except KnowledgeTask.DoesNotExist:
        raise Http404 from None
    do = request.POST.get("do", "")
    data = request.POST if request.method == "POST" else None
    entries = knowledge.of_category(found.category, found.unit)
    answered = AnsweredForm(data if do == "answered" else None, entries=entries)
    why = WhyForm(data if do == "not_needed" else None)
    if answered.is_valid():
        actions.settle_with(found.pk, UUID(answered.cleaned_data["entry"]), actor=request.actor)
        return _settled(request)
    if why.is_valid():
        actions.no_entry_needed(found.pk, why.cleaned_data["why"], actor=request.actor)
        return _settled(request)
    return show(
        request,
        TaskPage(
            task=found,
            category=shown.category(profile.current(), found.category),
            questions=asked(request.actor, found),
            may_settle=found.is_open and policies.keeps(request.actor, found.unit),
            answered=answered,
            why=why,
        ),
        status=422 if answered.is_bound or why.is_bound else 200,
    )


def _settled(request: DeskRequest) -> HttpResponse:
    messages.success(request, _("这件知识任务了结了。"))
    return redirect("desk:knowledge_tasks")
