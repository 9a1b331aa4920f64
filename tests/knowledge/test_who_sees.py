"""Drafts are seen by whoever may write for the unit, and by nobody else; residents see what is published for them."""

from __future__ import annotations

import pytest

from shuoshi.kernel.actors import SYSTEM, Actor, ActorKind
from shuoshi.knowledge import actions, policies, queries
from shuoshi.knowledge.models import Audience, Entry, State
from tests.knowledge.written import given, propose, published
from tests.matters.cells import PEOPLE
from tests.support.village import Place

SEES_DRAFTS_OF_WORKS = {"王芳", "刘敏", "周建国", "孙丽", "马镇长", "管理员", "县分办"}


def everything(town: Place) -> list[Entry]:
    entries = [
        propose(town),
        published(town, question="发布了的"),
        published(town, question="内部的", audience=Audience.STAFF),
        published(town, question="停用的"),
        propose(town, "李国强", "水利站", question="水利站的草稿"),
        propose(town, "县水务", "县水务局", question="县里的草稿"),
    ]
    actions.retire(entries[3].pk, "不用了", actor=town.actor("周建国"))
    return list(Entry.objects.select_related("unit"))


def test_the_sql_and_the_function_agree_for_everybody_on_every_entry(town: Place):
    entries = everything(town)
    for name in PEOPLE:
        actor = town.actor(name)
        seen = set(queries.visible_to(actor).values_list("pk", flat=True))
        for entry in entries:
            says = entry.state == State.PUBLISHED or policies.writes(actor, entry.unit)
            assert says == (entry.pk in seen), (name, entry.number)


def test_a_draft_is_seen_by_its_unit_by_registries_and_by_who_stands_above(town: Place):
    draft = propose(town)
    seen = {name for name in PEOPLE if queries.visible_to(town.actor(name)).filter(pk=draft.pk).exists()}
    assert seen == SEES_DRAFTS_OF_WORKS


def test_residents_see_what_is_published_for_them(town: Place):
    everything(town)
    speaker = Actor(ActorKind.SPEAKER)
    for found in (queries.visible_to(speaker), queries.for_everybody()):
        assert [one.current.question for one in found.select_related("current")] == ["发布了的"]
    assert queries.visible_to(SYSTEM).count() == 6


def test_who_may_do_what_with_an_entry_of_the_works_office(town: Place):
    entry, unit = published(town), town.units["城建办"]
    actors = {name: town.actor(name) for name in PEOPLE}
    writes = {name for name, actor in actors.items() if policies.writes(actor, unit)}
    reviews = {name for name, actor in actors.items() if policies.keeps(actor, unit)}
    publishes = {
        name
        for name, actor in actors.items()
        if policies.publishing(actor, unit, entry.current, stood_before=False) is None
    }
    assert writes == SEES_DRAFTS_OF_WORKS
    assert reviews == {"周建国", "孙丽", "马镇长", "管理员"}
    assert publishes == {"周建国", "马镇长", "管理员"}


def test_nobody_who_is_not_of_the_staff_writes(town: Place):
    from shuoshi.kernel.refusal import Refused

    for actor in (SYSTEM, Actor(ActorKind.SPEAKER)):
        with pytest.raises(Refused):
            actions.propose(given(), town.units["城建办"].pk, actor=actor)
