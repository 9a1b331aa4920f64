"""Entries written, published and cited in the town of the tests, through the real verbs."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from shuoshi.kernel import clock
from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.refusal import Refused
from shuoshi.knowledge import actions
from shuoshi.knowledge.actions import EntryGiven
from shuoshi.knowledge.models import Audience, Entry, Source
from shuoshi.matters import terms
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Kind
from shuoshi.organization import actions as organization
from tests.support.village import Place

QUESTION = "城乡居民养老金怎么领"
ANSWER = "满六十周岁的当月，带身份证和社会保障卡到服务站填表，下个月起发到卡上。"
LAW = Source("中华人民共和国社会保险法", "", date(2018, 12, 29))


def today() -> date:
    return clock.local(clock.now()).date()


def given(**changed: object) -> EntryGiven:
    said: dict[str, object] = {
        "question": QUESTION,
        "answer": ANSWER,
        "categories": ("A101",),
        "audience": Audience.PUBLIC,
        "review_on": today() + timedelta(days=200),
        "ways": ("六十岁领养老钱", "新农保"),
        "sources": (LAW,),
    }
    return EntryGiven(**said | changed)  # type: ignore[arg-type]


def refused(code: str):
    """`with refused("own_words"):` — the refusal by its stable code."""
    return pytest.raises(Refused, match=f"^{code}:")


def propose(town: Place, who: str = "孙丽", unit: str = "城建办", **changed: object) -> Entry:
    return actions.propose(given(**changed), town.units[unit].pk, actor=town.actor(who))


def published(town: Place, who: str = "孙丽", head: str = "周建国", unit: str = "城建办", **changed: object) -> Entry:
    entry = propose(town, who, unit, **changed)
    return actions.publish(entry.pk, 1, actor=town.actor(head))


def duty(town: Place, category: str = "A1", unit: str = "城建办") -> None:
    """Let a unit answer for a category."""
    organization.add_duty_line(category, town.units[unit].pk, actor=SYSTEM)


def cite(entry: Entry) -> terms.Cite:
    assert entry.current is not None
    return terms.Cite(entry.number, entry.current.number)


def spot(*cites: terms.Cite, clear: bool = True, **changed: object) -> terms.AnswerOnTheSpot:
    said: dict[str, object] = {
        "kind": Kind.POLICY_ENQUIRY,
        "title": "养老金怎么领",
        "answer": ANSWER,
        "category": "A101",
        "clear": clear,
        "cites": cites,
    }
    return terms.AnswerOnTheSpot(**said | changed)  # type: ignore[arg-type]


def answered(town: Place, *cites: terms.Cite, **changed: object) -> Matter:
    """An enquiry that the registrar answers while it is said."""
    return town.run("王芳", spot(*cites, **changed), town.raise_matter(by="王芳", content="养老金怎么领？"))
