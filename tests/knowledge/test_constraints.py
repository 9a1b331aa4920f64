"""What may never be false of an entry or a task is refused by the database itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from shuoshi.kernel import clock
from shuoshi.kernel.ids import new_id
from shuoshi.knowledge.models import Entry, EntryVersion, KnowledgeTask
from tests.knowledge.written import answered, published
from tests.support.village import Place


def again(row: models.Model) -> None:
    row.pk = new_id()
    row.save(force_insert=True)


def entry(**columns: Any) -> Callable[[], object]:
    return lambda: Entry.objects.update(**columns)


def version(**columns: Any) -> Callable[[], object]:
    return lambda: EntryVersion.objects.update(**columns)


BREAKS: dict[str, Callable[[], object]] = {
    "Entry.number": lambda: again(Entry.objects.get()),
    "entry_state_known": entry(state="lost"),
    "entry_draft_was_never_in_force": entry(state="draft"),
    "entry_published_has_review": entry(review_on=None),
    "entry_waits_somewhere": entry(waits_at="/1/"),
    "entry_version_once": lambda: again(EntryVersion.objects.get()),
    "entry_version_audience_known": version(audience="everyone"),
    "entry_version_is_complete": version(answer=""),
    "knowledge_task_one_open": lambda: again(KnowledgeTask.objects.get()),
    "knowledge_task_settled_says_how": lambda: KnowledgeTask.objects.update(settled_at=clock.now()),
}


def in_the_models() -> set[str]:
    found = set()
    for model in apps.get_app_config("knowledge").get_models():
        found |= {constraint.name for constraint in model._meta.constraints}
        found |= {f"{model.__name__}.{one.name}" for one in model._meta.fields if one.unique and not one.primary_key}
    return found


def test_every_constraint_is_broken_once(town: Place):
    assert in_the_models() == set(BREAKS)
    published(town)
    answered(town)
    for name, broken in BREAKS.items():
        said = answer_to(broken)
        _, _, column = name.partition(".")
        assert (column or name) in said or (connection.vendor == "sqlite" and said.startswith("UNIQUE")), (name, said)


def answer_to(broken: Callable[[], object]) -> str:
    """What the database said to this; empty when it let it through."""
    try:
        with transaction.atomic():
            broken()
            transaction.set_rollback(True)
    except IntegrityError as refused:
        return str(refused)
    return ""
