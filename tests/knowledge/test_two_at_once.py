"""Two answers without an entry in the same moment make one task, and both are counted. On both databases."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shuoshi.kernel.verify import verify
from shuoshi.knowledge.models import KnowledgeTask
from shuoshi.matters import actions
from shuoshi.matters.models import Unanswered
from tests.knowledge.written import duty, spot
from tests.matters.test_two_at_once import at_once
from tests.support.village import Place

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_questions_at_once_are_one_task(town: Place):
    duty(town)
    answers = at_once(*(answering(town, name) for name in ("王芳", "刘敏")))
    assert not [one for one in answers if isinstance(one, Exception)], answers
    assert (KnowledgeTask.objects.count(), Unanswered.objects.count()) == (1, 2)
    assert list(verify()) == []


def answering(town: Place, name: str) -> Callable[[], object]:
    """An enquiry of its own, to be answered by this person without an entry."""
    matter, actor, given = town.raise_matter(by="王芳"), town.actor(name), spot()
    return lambda: actions.run(given.action, matter.pk, given, actor=actor)
