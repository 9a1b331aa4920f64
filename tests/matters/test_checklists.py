"""Checklists of a category: ticked by the lead unit, each change a line that stays; needed ones come before the answer."""

from __future__ import annotations

import pytest
from django.db import transaction

from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.clocks import Outcome
from shuoshi.kernel.events import Event
from shuoshi.kernel.refusal import KeyReused, Refused
from shuoshi.matters import checklist, terms
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Action, Audience, Status
from shuoshi.organization import actions as organization
from tests.matters.lists import item, rules
from tests.support.village import Place


def ticked(matter: Matter) -> set[str]:
    return set(checklist.ticked_now(matter))


def tick(town: Place, matter: Matter, *codes: str, who: str = "孙丽") -> Matter:
    return town.run(who, terms.TickItems(ticked=codes), matter)


def untick(town: Place, matter: Matter, *codes: str, who: str = "孙丽") -> Matter:
    return town.run(who, terms.TickItems(unticked=codes), matter)


def refused(town: Place, who: str, given: terms.Terms, matter: Matter) -> Refused:
    with pytest.raises(Refused) as found, transaction.atomic():
        town.run(who, given, matter)
    return found.value


def test_each_tick_is_an_event_and_an_inner_line_and_so_is_taking_it_back(town: Place):
    matter = town.matter_in(Status.IN_HANDLING)
    turn, running = matter.turn, list(matter.deadlines.filter(outcome=Outcome.OPEN).order_by("pk").values())
    matter = tick(town, matter, "scene", "owner")
    matter = untick(town, matter, "owner", who="周建国")
    assert ticked(matter) == {"scene"}
    lines = list(matter.entries.filter(action=Action.TICK_ITEMS).order_by("at", "id"))
    assert [line.facts["ticked"] for line in lines] == ["scene,owner", ""]
    assert [line.facts["unticked"] for line in lines] == ["", "owner"]
    assert {line.audience for line in lines} == {Audience.INTERNAL}
    assert [line.person_id for line in lines] == [town.persons["孙丽"], town.persons["周建国"]]
    assert Event.objects.filter(stream_id=str(matter.pk), action=Action.TICK_ITEMS).count() == 2
    assert matter.turn == turn, "nobody's form is stale"
    assert list(matter.deadlines.filter(outcome=Outcome.OPEN).order_by("pk").values()) == running


def test_only_the_lead_unit_ticks(town: Place):
    matter = town.matter_in(Status.IN_HANDLING)
    for name in ("王芳", "刘敏", "马镇长", "赵红", "钱监督"):
        with pytest.raises((Refused, Matter.DoesNotExist)), transaction.atomic():
            tick(town, matter, "scene", who=name)
    assert ticked(matter) == set()


def test_the_same_again_changes_nothing(town: Place):
    matter = town.matter_in(Status.IN_HANDLING)
    given = terms.TickItems(ticked=("scene",))
    town.run("孙丽", given, matter, key="one form")
    town.run("孙丽", given, matter, key="one form")
    with pytest.raises(KeyReused), transaction.atomic():
        town.run("孙丽", terms.TickItems(ticked=("safe",)), matter, key="one form")
    assert refused(town, "孙丽", given, matter).code == "nothing_ticked"
    assert matter.entries.filter(action=Action.TICK_ITEMS).count() == 1


def test_what_is_not_in_the_list_is_refused(town: Place):
    matter = town.matter_in(Status.IN_HANDLING)
    assert refused(town, "孙丽", terms.TickItems(ticked=("scene", "else")), matter).code == "no_such_item"
    waiting = town.matter_in(Status.ASSIGNED)
    assert refused(town, "周建国", terms.TickItems(ticked=("scene",)), waiting).code == "status"


def test_whoever_is_given_it_anew_looks_again(town: Place):
    matter = tick(town, town.matter_in(Status.IN_HANDLING), "scene", "safe")
    matter = town.follow_up(town.sign(town.prepare(matter)), 1)
    matter = town.sign_for(matter)
    assert ticked(matter) == set()
    assert ticked(tick(town, matter, "scene")) == {"scene"}


def test_a_part_of_a_divided_matter_has_its_own(town: Place):
    from tests.matters import divided

    whole = divided.divide(town)
    first, second = Matter.objects.filter(part_of=whole).order_by("part")[:2]
    first = town.sign_for(first, divided_handler(town, first))
    first = tick(town, first, "scene", who=divided_handler(town, first))
    assert ticked(first) == {"scene"} and ticked(second) == set()


def divided_handler(town: Place, part: Matter) -> str:
    assert part.lead_unit is not None
    return {"城建办": "孙丽", "水利站": "赵立新"}[part.lead_unit.short_name]


def test_what_is_needed_comes_before_the_answer_and_is_named(town: Place):
    shown = (item("see", "到现场看过", needed=True), item("ask", "问过邻居", needed=True), item("photo", "拍了照"))
    organization.publish_profile(rules(*shown), actor=SYSTEM)
    matter = tick(town, town.matter_in(Status.IN_HANDLING), "photo", "see")
    with pytest.raises(Refused) as found, transaction.atomic():
        town.prepare(matter)
    assert found.value.code == "checklist_open"
    assert "问过邻居" in found.value.text and "到现场看过" not in found.value.text and "拍了照" not in found.value.text
    matter = untick(town, tick(town, matter, "ask"), "see")
    with pytest.raises(Refused) as found, transaction.atomic():
        town.prepare(matter)
    assert "到现场看过" in found.value.text
    assert town.prepare(tick(town, matter, "see")).result_in_hand


def test_a_matter_keeps_the_list_it_was_registered_under(town: Place):
    matter = town.matter_in(Status.IN_HANDLING)
    organization.publish_profile(rules(item("new", "新加的", needed=True)), actor=SYSTEM)
    assert ticked(tick(town, matter, "scene")) == {"scene"}
    assert refused(town, "孙丽", terms.TickItems(ticked=("new",)), matter).code == "no_such_item"
    assert town.prepare(matter).result_in_hand


def test_of_another_category_the_ticks_do_not_count(town: Place):
    matter = tick(town, town.matter_in(Status.IN_HANDLING), "scene")
    entries = list(matter.entries.order_by("at", "id"))
    matter.category = "B601"
    assert checklist.ticked(matter, entries) == {}
