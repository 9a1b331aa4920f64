"""4.1–4.4: a matter is raised, registered, accepted, assigned, handled, answered, followed up, handled again, closed."""

from __future__ import annotations

import pytest

from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.refusal import Refused, Stale
from shuoshi.kernel.verify import verify
from shuoshi.matters import terms
from shuoshi.matters.models import Deadline
from shuoshi.matters.vocabulary import DeadlineKind, Exit, Kind, Status, Urgency
from shuoshi.organization import actions as organization
from shuoshi.organization.roles import Role
from tests.support.village import Place


def open_clocks(matter) -> set[str]:
    return set(Deadline.objects.filter(matter=matter, outcome="OPEN").values_list("kind", flat=True))


def test_a_matter_goes_the_straight_way_to_satisfied(town: Place):
    matter = town.raise_matter()
    assert matter.status == Status.REGISTERED
    assert open_clocks(matter) == {DeadlineKind.ACCEPT}

    matter = town.accept(matter)
    matter = town.assign(town.classify(matter))
    assert matter.status == Status.ASSIGNED
    assert {DeadlineKind.SIGN_FOR, DeadlineKind.COMPLETION, DeadlineKind.PROMISE} <= open_clocks(matter)

    matter = town.sign_for(matter)
    matter = town.sign(town.prepare(matter))
    assert matter.status == Status.IN_FOLLOW_UP

    matter = town.follow_up(matter, 5)
    assert matter.status == Status.CLOSED
    assert matter.exit == Exit.SATISFIED
    assert open_clocks(matter) == set()
    assert list(verify()) == []


def test_a_dissatisfied_resident_gets_a_new_round_and_then_the_tier_above(town: Place):
    matter = town.matter_in(Status.IN_FOLLOW_UP)

    matter = town.follow_up(matter, 2)
    assert (matter.status, matter.round.ordinal) == (Status.ASSIGNED, 2)

    matter = town.sign(town.prepare(town.sign_for(matter)))
    matter = town.follow_up(matter, 1)
    assert matter.status == Status.ACCEPTED
    assert matter.tier_path == town.units["青禾县"].path
    assert matter.round.ordinal == 3
    assert list(verify()) == []


def test_who_handled_cannot_follow_up(town: Place):
    matter = town.matter_in(Status.IN_FOLLOW_UP)
    with pytest.raises(Refused):
        town.follow_up(matter, 5, by="周建国")


def test_a_form_opened_before_somebody_else_acted_is_stale(town: Place):
    matter = town.matter_in(Status.ASSIGNED)
    turn = matter.turn
    town.sign_for(matter)
    with pytest.raises(Stale):
        given = terms.SignFor(handler=town.persons["孙丽"])
        town.run("孙丽", given, matter, turn=turn)


def test_an_emergency_starts_its_clocks_in_the_same_transaction(town: Place):
    matter = town.raise_matter(by="王芳", urgency=Urgency.U1)
    assert {DeadlineKind.EMERGENCY, DeadlineKind.FIRST_CONTACT} <= open_clocks(matter)


def test_an_enquiry_that_is_clear_is_over_on_the_spot(town: Place):
    matter = town.raise_matter(by="王芳")
    given = terms.AnswerOnTheSpot(
        kind=Kind.POLICY_ENQUIRY, title="医保缴费怎么在手机上交", answer="在手机上登录医保页面缴。", clear=True
    )
    matter = town.run("王芳", given, matter)
    assert (matter.status, matter.exit) == (Status.CLOSED, Exit.ANSWERED)


def test_who_typed_it_in_never_asks_how_it_went(town: Place):
    organization.appoint(town.persons["王芳"], town.units["受理中心"].pk, Role.FOLLOW_UP_AGENT, actor=SYSTEM)
    matter = town.matter_in(Status.IN_FOLLOW_UP, by="王芳")
    with pytest.raises(Refused):
        town.follow_up(matter, 5, by="王芳")
    assert town.follow_up(matter, 5).exit == Exit.SATISFIED
