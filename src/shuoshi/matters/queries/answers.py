"""Figures and questions for the knowledge base: how often an entry was cited, and what was asked in vain."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef

from shuoshi.kernel.actors import Actor
from shuoshi.knowledge.models import KnowledgeTask
from shuoshi.matters.models import Citation, Exclusion, Matter, Unanswered
from shuoshi.matters.scope import visible_to


@dataclass(frozen=True)
class Question:
    """One matter that found no answer. `matter` is None out of the reader's sight; what is `hidden` has no title for them."""

    title: str  # "" before it was accepted
    matter: Matter | None
    hidden: bool


def times_cited(entries: Iterable[UUID]) -> dict[UUID, int]:
    """In how many matters a signed reply cited each of these entries, whatever the version. One statement."""
    rows = (
        Citation.objects.filter(version__entry__in=list(entries), result__signed_at__isnull=False)
        .values_list("version__entry")
        .annotate(n=Count("matter", distinct=True))
        .order_by()
    )
    return dict(rows)


def how_many_asked(tasks: Iterable[UUID]) -> dict[UUID, int]:
    """How many matters stand behind each task. One statement."""
    rows = Unanswered.objects.filter(task__in=list(tasks)).values_list("task").annotate(n=Count("pk")).order_by()
    return dict(rows)


def asked(actor: Actor, task: KnowledgeTask) -> Sequence[Question]:
    """The questions of a task, newest first: titles that may be said, links to what this person may see.

    A title is without personal data; that of a sensitive category, or of a matter that is kept from somebody, is still
    said to nobody who may not see the matter. Two statements.
    """
    kept = Exists(Exclusion.objects.in_force().filter(matter=OuterRef("matter")))
    rows = list(
        Unanswered.objects.filter(task=task)
        .annotate(kept=kept)
        .select_related("matter")
        .order_by("-at", "-pk")
        .only("task", "at", "matter__number", "matter__title", "matter__sensitive")
    )
    seen = {matter.pk: matter for matter in visible_to(actor).filter(pk__in=[row.matter_id for row in rows])}
    return [_question(row, seen.get(row.matter_id)) for row in rows]


def _question(row: Any, matter: Matter | None) -> Question:
    hidden = matter is None and (row.matter.sensitive or row.kept)
    return Question("" if hidden else row.matter.title, matter, hidden)
