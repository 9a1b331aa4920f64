"""Writing an entry, new or again, with a look at it as residents will see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from shuoshi.desk.forms.knowledge import EntryForm
from shuoshi.desk.frame import DeskRequest
from shuoshi.desk.views.knowledge import shown
from shuoshi.kernel import clock
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.web import PageData, page, show, staff
from shuoshi.kernel.web.forms import posted
from shuoshi.kernel.web.refusals import forbidden
from shuoshi.knowledge import actions, policies
from shuoshi.knowledge import queries as knowledge
from shuoshi.knowledge.models import Entry, EntryVersion, KnowledgeTask, written_codes, written_sources
from shuoshi.organization import profile
from shuoshi.organization.models import Unit


@dataclass(frozen=True)
class Preview:
    """An entry that is not written yet, as the public page would show it."""

    version: EntryVersion
    unit: Unit | None
    reviewed_on: date
    review_on: date


@dataclass(frozen=True)
class WritingPage(PageData):
    """`task` are the questions the entry is written for, `entry` what is written anew."""

    template: ClassVar[str] = "desk/knowledge/writing.html"
    title: str
    form: EntryForm
    preview: Preview | None
    entry: Entry | None
    task: KnowledgeTask | None
    category: str  # of the task
    back: str


@page(access=staff)
def new(request: DeskRequest) -> HttpResponse:
    """`?task=` begins with the unit and category of what is missing."""
    if not policies.writes_at_all(request.actor):
        return forbidden(request, _("您的岗位不写知识条目。"), _("各单位承办人、负责人，受理中心登记员"))
    rules, task = profile.current(), _task(request)
    first = {"unit": str(task.unit_id), "categories": [task.category] if task.category else []} if task else {}
    form = EntryForm(posted(request), actor=request.actor, profile=rules, initial=first)
    if form.is_valid() and "preview" not in form.data:
        written = _try(
            form,
            lambda: actions.propose(
                form.given(),
                form.unit_id,
                actor=request.actor,
                key=form.key,
                task_id=task.pk if task else None,
            ),
        )
        if written is not None:
            messages.success(request, _said(written))
            return redirect("desk:knowledge_entry", written.number)
    return _shown(request, form, None, task)


@page(access=staff)
def edit(request: DeskRequest, number: int) -> HttpResponse:
    """Another version of an entry, beginning with the newest words."""
    try:
        entry = knowledge.by_number(request.actor, number)
    except Entry.DoesNotExist:
        raise Http404 from None
    if not policies.writes(request.actor, entry.unit):
        return forbidden(request, _("这个单位的知识条目由本单位和受理中心写。"), entry.unit.name)
    latest = entry.latest
    assert latest is not None
    form = EntryForm(
        posted(request), actor=request.actor, profile=profile.current(), version=latest, turn=latest.number
    )
    if form.is_valid() and "preview" not in form.data:
        written = _try(form, lambda: actions.revise(entry.pk, form.given(), seen=form.turn or 0, actor=request.actor))
        if written is not None:
            messages.success(request, _said(written))
            return redirect("desk:knowledge_entry", number)
    return _shown(request, form, entry, None)


def _try(form: EntryForm, write: Callable[[], Entry]) -> Entry | None:
    """What is wrong with the words stands above the form, which keeps them; anything else goes its way."""
    try:
        return write()
    except Refused as refused:
        form.add_error(None, refused.text)
        return None


def _said(entry: Entry) -> str:
    if entry.waiting is None:
        return _("内容没有变，没有新的一版。")
    return _("写好了，等另一个人看过再发布。") if entry.waiting.is_public else _("写好了，等负责人发布。")


def _task(request: DeskRequest) -> KnowledgeTask | None:
    key = request.GET.get("task") or request.POST.get("task", "")
    try:
        return knowledge.task(request.actor, UUID(key)) if key else None
    except (ValueError, KnowledgeTask.DoesNotExist):
        return None


def _shown(request: DeskRequest, form: EntryForm, entry: Entry | None, task: KnowledgeTask | None) -> HttpResponse:
    preview = _preview(form, entry) if form.is_bound and form.is_valid() else None
    return show(
        request,
        WritingPage(
            title=_("改写第 %(n)d 条") % {"n": entry.number} if entry else _("写一条知识"),
            form=form,
            preview=preview,
            entry=entry,
            task=task,
            category=shown.category(profile.current(), task.category) if task else "",
            back=reverse("desk:knowledge_entry", args=[entry.number]) if entry else reverse("desk:knowledge"),
        ),
    )


def _preview(form: EntryForm, entry: Entry | None) -> Preview:
    given, today = form.given(), clock.local(clock.now()).date()
    version = EntryVersion(
        question=given.question,
        answer=given.answer,
        words="\n".join(given.ways),
        categories=written_codes(given.categories),
        sources=written_sources(given.sources),
        audience=given.audience,
        review_on=given.review_on,
    )
    unit = entry.unit if entry else Unit.objects.filter(pk=form.unit_id).first()
    return Preview(version, unit, reviewed_on=today, review_on=given.review_on)
