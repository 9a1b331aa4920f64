"""Drill 5: a second account or an acting post lends nobody a second person: every separation holds."""

from __future__ import annotations

import pytest

from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import terms
from shuoshi.matters.vocabulary import Action, FollowUpBy, Status
from shuoshi.organization import actions as organization
from shuoshi.organization import actors
from shuoshi.organization.roles import Role
from shuoshi.people import actions as people
from shuoshi.people.models import Account
from tests.support.attempts import sample
from tests.support.village import Place

pytestmark = [pytest.mark.django_db, pytest.mark.drill(5)]


def appointed(town: Place, name: str, unit: str, role: Role) -> None:
    organization.appoint(town.persons[name], town.units[unit].pk, role, actor=SYSTEM)


def second_account(town: Place, name: str):  # type: ignore[no-untyped-def]
    """The same natural person under another user name."""
    people.create_account(town.persons[name], f"second.{len(name)}", actor=SYSTEM, password="lantern orchard 48 river")
    return actors.of(Account.objects.filter(person=town.persons[name]).order_by("-pk")[0])


@pytest.mark.parametrize("second", [False, True])
def test_who_handled_cannot_ask_how_it_was(town: Place, second: bool):
    appointed(town, "孙丽", "受理中心", Role.FOLLOW_UP_AGENT)
    matter = town.matter_in(Status.IN_FOLLOW_UP)
    actor = second_account(town, "孙丽") if second else town.actor("孙丽")
    with pytest.raises(Refused) as refused:
        town.run(actor, sample(town, Action.RECORD_FOLLOW_UP, matter), matter)
    assert refused.value.code == "policy"


@pytest.mark.parametrize("second", [False, True])
def test_who_asked_for_a_ruling_cannot_give_it(town: Place, second: bool):
    appointed(town, "周建国", "受理中心", Role.DISPATCHER)
    matter = town.matter_in(Status.ASSIGNED)
    matter = town.run("周建国", sample(town, Action.REQUEST_RETURN, matter), matter)
    actor = second_account(town, "周建国") if second else town.actor("周建国")
    with pytest.raises(Refused):
        town.run(actor, terms.RuleReturn(granted=True, text="同意"), matter)
    assert town.run("刘敏", terms.RuleReturn(granted=True, text="同意"), matter).status == Status.ACCEPTED


def test_who_signed_cannot_rule_on_an_exit_under_another_post(town: Place):
    appointed(town, "周建国", "青禾镇", Role.LEADER)
    matter = town.matter_in(Status.IN_FOLLOW_UP)
    matter = town.run("周建国", sample(town, Action.REQUEST_EXIT, matter), matter)
    with pytest.raises(Refused):
        town.run(second_account(town, "周建国"), terms.RuleExit(granted=True, text="同意"), matter)


def test_whom_it_concerns_does_not_see_it_under_a_second_account(town: Place):
    matter = town.raise_matter(concerns_people=(town.persons["王芳"],))
    with pytest.raises(type(matter).DoesNotExist):
        town.run(second_account(town, "王芳"), sample(town, Action.ACCEPT, matter), matter)


def test_an_agent_with_a_post_beneath_the_handler_is_passed_over(town: Place):
    """The head handled; the only agent also works in that head's unit."""
    appointed(town, "赵红", "城建办", Role.GRID_WORKER)
    matter = town.sign_for(town.matter_in(Status.ASSIGNED), handler="周建国")
    matter = town.run("马镇长", sample(town, Action.SIGN_RESULT, matter), town.prepare(matter, by="周建国"))
    assert matter.follow_up_by == FollowUpBy.OVERSIGHT
    with pytest.raises((Refused, type(matter).DoesNotExist)):
        town.run("赵红", sample(town, Action.RECORD_FOLLOW_UP, matter), matter)
    assert town.run("钱监督", sample(town, Action.RECORD_FOLLOW_UP, matter), matter).status == Status.CLOSED
