"""2.2.4, 4.4.2: a ruling comes from somebody it is not about; who rules instead, and why, where nobody better is left."""

from __future__ import annotations

import pytest

from shuoshi.kernel import clock
from shuoshi.kernel.actors import SYSTEM
from shuoshi.matters import terms
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Action, Complexity, Kind, Status
from shuoshi.organization import actions as organization
from shuoshi.organization.models import Post, UnitKind
from shuoshi.organization.roles import Role
from tests.matters.offices import company_of_four, village_of_five
from tests.support.attempts import sample
from tests.support.looking import fell_back, who_may
from tests.support.village import Place, default_profile


@pytest.fixture
def with_village_registry(town: Place) -> Place:
    """The village beneath the town keeps a registry of its own."""
    town.unit("村受理室", UnitKind.REGISTRY, "柳湾村")
    town.person("村登记", ("村受理室", Role.REGISTRAR), ("村受理室", Role.DISPATCHER))
    town.person("村主任", ("柳湾村", Role.LEADER))
    town.person("村干部", ("柳湾村", Role.HANDLER))
    return town


def in_the_village(town: Place) -> Matter:
    matter = town.raise_matter(by="村登记")
    for action in (Action.ACCEPT, Action.CLASSIFY):
        matter = town.run("村登记", sample(town, action, matter), matter)
    return town.run("村登记", terms.Assign(unit=town.units["柳湾村"].pk, reason="归村里"), matter)


def asked_about_unit(place: Place, unit: str, matter: Matter) -> Matter:
    given = terms.DeclareConflict(text="村里占了我家的地", unit=place.units[unit].pk)
    return place.run(place.speaker(matter), given, matter)


def test_a_unit_does_not_rule_on_its_own_recusal(with_village_registry: Place):
    town = with_village_registry
    matter = asked_about_unit(town, "柳湾村", in_the_village(town))
    assert who_may(town, Action.RULE_CONFLICT, matter) == {"刘敏", "马镇长"}
    assert ("tier_above", "nobody_free_at_tier") in fell_back(matter)


def test_who_also_holds_a_post_in_the_unit_it_is_about_does_not_rule_from_above(with_village_registry: Place):
    town = with_village_registry
    organization.appoint(town.persons["刘敏"], town.units["柳湾村"].pk, Role.HANDLER, actor=SYSTEM)
    matter = asked_about_unit(town, "柳湾村", in_the_village(town))
    assert who_may(town, Action.RULE_CONFLICT, matter) == {"马镇长"}


def test_the_registry_does_not_rule_on_its_own_recusal_but_the_leader_does(town: Place):
    matter = asked_about_unit(town, "受理中心", town.matter_in(Status.IN_HANDLING))
    assert who_may(town, Action.RULE_CONFLICT, matter) == {"马镇长"}


def test_nobody_beneath_a_leader_rules_on_the_leaders_recusal(town: Place):
    given = terms.DeclareConflict(text="镇长是他姐夫", person=town.persons["马镇长"], for_speaker=True)
    matter = town.run("王芳", given, town.matter_in(Status.IN_HANDLING))
    assert who_may(town, Action.RULE_CONFLICT, matter) == {"县分办"}


def test_a_leader_with_a_post_in_the_registry_leads_the_tier(town: Place):
    town.person("副镇长", ("受理中心", Role.LEADER))
    given = terms.DeclareConflict(text="是亲戚", person=town.persons["副镇长"], for_speaker=True)
    matter = town.run("王芳", given, town.matter_in(Status.IN_HANDLING))
    assert who_may(town, Action.RULE_CONFLICT, matter) == {"县分办"}


def test_a_colleague_of_a_handler_is_not_beneath_them(town: Place):
    given = terms.DeclareConflict(text="是亲戚", person=town.persons["孙丽"])
    matter = town.run(town.speaker(town.matter_in(Status.IN_HANDLING)), given, Matter.objects.get())
    assert who_may(town, Action.RULE_CONFLICT, matter) == {"刘敏", "马镇长"}


@pytest.mark.django_db
def test_with_nothing_above_a_subordinate_rules_on_the_leader_and_the_event_says_why():
    village = village_of_five()
    matter = village.raise_matter()
    given = terms.DeclareConflict(text="书记是他哥", person=village.persons["张书记"])
    matter = village.run(village.speaker(matter), given, matter)
    assert who_may(village, Action.RULE_CONFLICT, matter) == {"王强"}
    assert ("beneath_those_it_is_about", "nobody_above") in fell_back(matter)


@pytest.mark.django_db
def test_with_nothing_above_no_head_of_the_unit_rules_on_the_recusal_of_all_of_it():
    village = village_of_five()
    matter = asked_about_unit(village, "柳湾村", village.raise_matter())
    assert who_may(village, Action.RULE_CONFLICT, matter) == {"王强"}
    assert ("beneath_those_it_is_about", "nobody_above") in fell_back(matter)


@pytest.mark.django_db
def test_who_rules_a_second_time_because_nobody_else_is_left_is_in_the_event():
    office = company_of_four()
    office.unit("仓库", UnitKind.DEPARTMENT, "青禾纸业")
    office.person("仓主任", ("仓库", Role.DEPARTMENT_HEAD))
    Post.objects.filter(person=office.persons["孟总"], role=Role.LEADER).update(until=clock.now())
    matter = office.raise_matter()
    matter = office.run("白文", terms.Accept(kind=Kind.INTEREST_CLAIM, title="灯不亮"), matter)
    given = terms.Classify(kind=Kind.INTEREST_CLAIM, category="B604", complexity=Complexity.SIMPLE)
    matter = office.run("白文", given, matter)
    code = default_profile().return_reasons[0].code
    back = terms.RequestReturn(reason=code, text="不归", proper_unit=office.units["青禾纸业"].pk)
    for unit, head in (("车间", "车主任"), ("仓库", "仓主任")):
        assert ("decider_again", "nobody_uninvolved") not in fell_back(matter)
        matter = office.run("白文", terms.Assign(unit=office.units[unit].pk, reason="归"), matter)
        matter = office.run(head, back, matter)
        matter = office.run("白文", terms.RuleReturn(granted=True, text="好"), matter)
    assert ("decider_again", "nobody_uninvolved") in fell_back(matter)
