"""4.1.1, 4.1.2: a lower urgency takes nothing up again that is done; a correction loses nothing that was assigned."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shuoshi.kernel import clock
from shuoshi.kernel.clocks import Outcome
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import terms
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import DeadlineKind, Naming, Urgency, Way
from tests.support.village import Place

CALM = terms.LowerUrgency(level=Urgency.U4, reason="没有危险")


def running_first_contacts(matter: Matter) -> int:
    return matter.deadlines.filter(kind=DeadlineKind.FIRST_CONTACT, outcome=Outcome.OPEN).count()


def urgent_and_assigned(town: Place) -> Matter:
    return town.assign(town.classify(town.accept(town.raise_matter(by="王芳", urgency=Urgency.U2))))


def test_a_first_contact_that_was_made_is_not_owed_again(town: Place):
    matter = town.sign_for(urgent_and_assigned(town))
    contact = terms.RecordFirstContact(way=Way.CALL, reached=True, text="电话里说好明天上门")
    matter = town.run("何勇", CALM, town.run("孙丽", contact, matter))
    assert running_first_contacts(matter) == 0


def test_a_first_contact_still_owed_is_owed_by_the_ordinary_limit(town: Place):
    matter = urgent_and_assigned(town)
    minutes = matter.deadlines.get(kind=DeadlineKind.FIRST_CONTACT, outcome=Outcome.OPEN).due_at
    matter = town.run("何勇", CALM, matter)
    assert matter.deadlines.get(kind=DeadlineKind.FIRST_CONTACT, outcome=Outcome.OPEN).due_at > minutes


def given_back(town: Place) -> Matter:
    matter = town.raise_matter(demands=("修好路灯", "写清楚归谁管"))
    matter = town.assign(town.classify(town.accept(matter)))
    given = terms.RequestReturn(reason="NOT_OUR_DUTY", text="归水利站管", proper_unit=town.units["水利站"].pk)
    matter = town.run("周建国", given, matter)
    return town.run("刘敏", terms.RuleReturn(granted=True, text="归水利站"), matter)


def test_what_was_assigned_may_be_worded_anew_and_added_to_but_not_left_out(town: Place):
    matter = given_back(town)
    with pytest.raises(Refused) as refused:
        town.run("王芳", terms.CorrectRegistration(reason="合在一起", demands=("修好路灯",)), matter)
    assert refused.value.code == "demands_vanish"
    given = terms.CorrectRegistration(reason="写得更准", demands=("修好三盏路灯", "写清楚归谁管", "以后怎么报修"))
    matter = town.run("王芳", given, matter)
    assert [one.text for one in town.demands(matter)] == ["修好三盏路灯", "写清楚归谁管", "以后怎么报修"]


def test_before_anybody_was_given_it_a_demand_may_still_be_taken_out(town: Place):
    matter = town.accept(town.raise_matter(demands=("修好路灯", "把灯修好")))
    matter = town.run("王芳", terms.CorrectRegistration(reason="写了两遍", demands=("修好路灯",)), matter)
    assert [one.text for one in town.demands(matter)] == ["修好路灯"]


def test_nobody_owes_a_call_to_somebody_who_left_no_name(town: Place):
    matter = town.raise_matter(by="王芳", urgency=Urgency.U1, naming=Naming.ANONYMOUS)
    assert running_first_contacts(matter) == 0
    assert matter.deadlines.filter(kind=DeadlineKind.EMERGENCY, outcome=Outcome.OPEN).exists()


@pytest.mark.parametrize(("first", "then", "minutes"), [(Urgency.U2, Urgency.U1, 30), (Urgency.U1, Urgency.U2, 120)])
def test_another_degree_of_urgency_counts_its_minutes_from_then(
    town: Place, first: Urgency, then: Urgency, minutes: int
):
    matter = town.raise_matter(by="王芳", urgency=first)
    changed = clock.now() + timedelta(minutes=20)
    with clock.simulated(changed):
        matter = town.run("何勇", terms.ConfirmUrgency(level=then, reason="有人被困"), matter)
    open_ = {row.kind: row for row in matter.deadlines.filter(outcome=Outcome.OPEN)}
    assert open_[DeadlineKind.FIRST_CONTACT].due_at == changed + timedelta(minutes=minutes)
    assert open_[DeadlineKind.EMERGENCY].started_at == changed
    assert matter.deadlines.filter(kind=DeadlineKind.EMERGENCY, outcome=Outcome.VOID).count() == 1


def test_the_same_degree_is_no_change(town: Place):
    matter = town.raise_matter(by="王芳", urgency=Urgency.U2)
    with pytest.raises(Refused) as refused:
        town.run("何勇", terms.ConfirmUrgency(level=Urgency.U2, reason="还是紧急"), matter)
    assert refused.value.code == "same_level"
