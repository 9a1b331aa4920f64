"""4.3.3: who heads a unit and who signs for it — a village with a leader only, and never the registry for others."""

from __future__ import annotations

import pytest

from shuoshi.kernel.refusal import Refused
from shuoshi.matters import terms
from shuoshi.matters.models import Matter
from shuoshi.matters.scope import visible_to
from shuoshi.matters.vocabulary import Action, Status
from shuoshi.organization.models import UnitKind
from shuoshi.organization.roles import Role
from tests.support.attempts import sample
from tests.support.looking import offered, queues_with, told, who_may
from tests.support.village import Place


@pytest.fixture
def led(town: Place) -> Place:
    """A village beneath the town that has a leader and two who handle, but no head."""
    town.unit("北村", UnitKind.VILLAGE, "青禾镇")
    town.person("北村主任", ("北村", Role.LEADER))
    town.person("北村干部", ("北村", Role.HANDLER))
    town.person("北村会计", ("北村", Role.HANDLER))
    return town


def given_to_the_village(town: Place) -> Matter:
    return town.assign(town.classify(town.matter_in(Status.ACCEPTED)), "北村")


def test_the_leader_of_a_village_without_a_head_is_its_head(led: Place):
    matter = given_to_the_village(led)
    assert "sign_for" in queues_with(led, "北村主任", matter)
    assert {Action.SIGN_FOR, Action.REQUEST_RETURN} <= offered(led, "北村主任", matter)
    matter = led.sign_for(matter, handler="北村干部", by="北村主任")
    assert "mine" in queues_with(led, "北村主任", matter)
    assert {Action.CHANGE_HANDLER, Action.REQUEST_EXIT} <= offered(led, "北村主任", matter)
    change = terms.ChangeHandler(handler=led.persons["北村会计"], reason="换人")
    assert led.run("北村主任", change, matter).handler_id == led.persons["北村会计"]


def test_what_the_village_answers_waits_for_its_leaders_signature(led: Place):
    matter = led.prepare(led.sign_for(given_to_the_village(led), handler="北村干部"), by="北村干部")
    assert "to_sign" in queues_with(led, "北村主任", matter)
    assert ("北村", Role.LEADER) in told(led, matter, "to_sign")
    assert led.sign(matter, by="北村主任").status == Status.IN_FOLLOW_UP


def test_the_leader_of_another_village_has_nothing_to_do_with_it(led: Place):
    led.person("柳湾主任", ("柳湾村", Role.LEADER))
    matter = led.prepare(led.sign_for(given_to_the_village(led), handler="北村干部"), by="北村干部")
    assert not visible_to(led.actor("柳湾主任")).filter(pk=matter.pk).exists()


def test_the_head_of_the_registry_signs_for_no_department(town: Place):
    town.person("受理主任", ("受理中心", Role.DEPARTMENT_HEAD))
    matter = town.prepare(town.matter_in(Status.IN_HANDLING))
    assert Action.SIGN_RESULT not in offered(town, "受理主任", matter)
    assert "to_sign" not in queues_with(town, "受理主任", matter)
    assert who_may(town, Action.SIGN_RESULT, matter) == {"周建国", "马镇长"}


def test_whoever_may_sign_finds_it_in_the_list_of_what_to_sign(town: Place):
    town.person("镇主任", ("青禾镇", Role.DEPARTMENT_HEAD))
    matter = town.prepare(town.matter_in(Status.IN_HANDLING))
    signers = who_may(town, Action.SIGN_RESULT, matter)
    assert signers == {"周建国", "马镇长", "镇主任"}
    assert signers == {name for name in town.persons if "to_sign" in queues_with(town, name, matter)}


def test_a_unit_that_only_the_registrys_head_could_sign_for_is_given_nothing(town: Place):
    """What the stages ask of posts is what the policy lets people do."""
    town.unit("青山镇", UnitKind.TOWN, "青禾县")
    town.unit("青山受理", UnitKind.REGISTRY, "青山镇")
    town.unit("青山站", UnitKind.DEPARTMENT, "青山镇")
    town.person("青山登记", ("青山受理", Role.DISPATCHER), ("青山受理", Role.REGISTRAR))
    town.person("青山主任", ("青山受理", Role.DEPARTMENT_HEAD))
    town.person("青山站员", ("青山站", Role.HANDLER))
    matter = town.raise_matter(by="青山登记")
    for action in (Action.ACCEPT, Action.CLASSIFY):
        matter = town.run("青山登记", sample(town, action, matter), matter)
    with pytest.raises(Refused) as refused:
        town.run("青山登记", terms.Assign(unit=town.units["青山站"].pk, reason="归站里"), matter)
    assert refused.value.code == "nobody_to_sign"
