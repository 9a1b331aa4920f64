"""Questions without an answer: noted while a matter is answered, settled by an entry or by the reason why none is needed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shuoshi.kernel import clock, rows
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.refusal import Refused
from shuoshi.knowledge import policies
from shuoshi.knowledge.actions.changes import Deed, check_why
from shuoshi.knowledge.models import Entry, KnowledgeTask, State
from shuoshi.organization.models import Unit


def missing(story: Story, category: str, unit: Unit) -> KnowledgeTask:
    """The open task of this unit and category, or a new one told in the caller's story; locked until that ends.

    Two answers at once may both find none: the second one meets the constraint and joins the first one's task.
    """
    found = _open(category, unit)
    if found is not None:
        return found
    try:
        with rows.apart(), transaction.atomic():
            return story.add(KnowledgeTask(unit=unit, category=category, opened_at=story.at))
    except IntegrityError:
        joined = _open(category, unit)
        if joined is None:
            raise
        return joined


def answered(story: Story, entry: Entry) -> None:
    """Settle the task an entry was written for, in the story of its publication."""
    rows = KnowledgeTask.objects.filter(pk=entry.task_id, settled_at__isnull=True) if entry.task_id else None
    task = rows.select_for_update(of=("self",)).first() if rows is not None else None
    if task is not None:
        _settle(story, task, entry=entry)


def settle_with(task_id: UUID, entry_id: UUID, *, actor: Actor) -> KnowledgeTask:
    """Say which entry in force answers these questions. Raises Refused for one that is not in force."""
    with transaction.atomic():
        task, story = _begin(task_id, actor)
        entry = Entry.objects.get(pk=entry_id)
        if entry.state != State.PUBLISHED:
            raise Refused("not_in_force", _("要选已经发布的条目。"))
        _settle(story, task, entry=entry)
        story.tell()
    return task


def no_entry_needed(task_id: UUID, why: str, *, actor: Actor) -> KnowledgeTask:
    """Say why these questions need no entry: asked once, about one house, or answered elsewhere."""
    with transaction.atomic():
        task, story = _begin(task_id, actor)
        _settle(story, task, because=check_why(why))
        story.tell()
    return task


def _begin(task_id: UUID, actor: Actor) -> tuple[KnowledgeTask, Story]:
    task = KnowledgeTask.objects.select_related("unit").select_for_update(of=("self",)).get(pk=task_id)
    policies.require_keeper(actor, task.unit)
    if not task.is_open:
        raise Refused("settled_already", _("这件知识任务已经了结。"))
    return task, Story(Stream.of("knowledge_task", task), Deed.SETTLE_TASK, by=actor, at=clock.now(), clause="2.2.1")


def _settle(story: Story, task: KnowledgeTask, **how: Entry | str) -> None:
    at: datetime = story.at
    story.change(task, settled_at=at, settled_by_id=story.by.person_id, **how)


def _open(category: str, unit: Unit) -> KnowledgeTask | None:
    rows = KnowledgeTask.objects.filter(category=category, unit=unit, settled_at__isnull=True)
    return rows.select_for_update(of=("self",)).first()
