"""4.2.2: a matter is given to a unit, to a person of it, or to oneself; one person on both sides is told."""

from __future__ import annotations

from typing import Any

import pytest

from shuoshi.kernel.events import Event
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import actions, terms
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Action, Complexity, Kind, Status
from shuoshi.organization.roles import Role
from tests.support.looking import fresh, told
from tests.support.village import Place


def to(town: Place, person: str, **more: Any) -> terms.Assign:
    return terms.Assign(unit=town.units["城建办"].pk, person=town.persons[person], reason="他熟悉", **more)


def classified(town: Place, complexity: Complexity = Complexity.STANDARD) -> Matter:
    return town.classify(town.matter_in(Status.ACCEPTED), complexity=complexity)


def test_the_person_it_was_given_to_is_told_and_proposed(town: Place):
    matter = town.run("刘敏", to(town, "孙丽"), classified(town))
    assert (matter.status, matter.handler_id, matter.assignment.handler_id) == (
        Status.ASSIGNED, None, town.persons["孙丽"],
    )  # fmt: skip
    assert told(town, matter, "proposed") == {("孙丽", "")}


def test_the_unit_may_still_name_somebody_else(town: Place):
    matter = town.run("刘敏", to(town, "孙丽"), classified(town))
    matter = town.sign_for(matter, "周建国")
    assert matter.handler_id == matter.assignment.handler_id == town.persons["周建国"]


def test_a_person_of_another_unit_is_refused(town: Place):
    with pytest.raises(Refused) as refused:
        town.run("刘敏", to(town, "李国强"), classified(town))
    assert refused.value.code == "not_of_unit"


def test_who_would_have_to_sign_what_is_complex_is_not_proposed_for_it(town: Place):
    from django.utils import timezone

    from shuoshi.organization.models import Post

    Post.objects.filter(person=town.persons["马镇长"]).update(until=timezone.now())
    with pytest.raises(Refused) as refused:
        town.run("刘敏", to(town, "周建国"), classified(town, Complexity.COMPLEX))
    assert refused.value.code == "nobody_else_to_sign"


def test_who_must_stay_away_afterwards_is_proposed_no_more(town: Place):
    matter = town.run("刘敏", to(town, "孙丽"), classified(town))
    matter = town.run("孙丽", terms.DeclareConflict(text="是亲戚"), matter)
    assert matter.assignment.handler_id is None


# ── one person on both sides (一人多岗) ────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def all_in_one(town: Place) -> Place:
    town.person("王强", ("受理中心", Role.REGISTRAR), ("受理中心", Role.DISPATCHER), ("城建办", Role.HANDLER))
    return town


def taken_on(town: Place, matter: Matter) -> Matter:
    steps: list[terms.Terms] = [
        terms.Accept(kind=Kind.INTEREST_CLAIM, title="路灯不亮"),
        terms.Classify(kind=Kind.INTEREST_CLAIM, category="B604", complexity=Complexity.SIMPLE),
        terms.Assign(unit=town.units["城建办"].pk, myself=True, reason="我来办"),
    ]
    actions.run_all(matter.pk, steps, actor=town.actor("王强"))
    return fresh(matter)


def overlaps(matter: Matter) -> list[str]:
    told = Event.objects.filter(stream_id=str(matter.pk)).order_by("sequence")
    return [event.action for event in told if event.facts().get("duty_overlap")]


def test_five_steps_in_one_hand_are_five_events_and_say_so(all_in_one: Place):
    matter = taken_on(all_in_one, all_in_one.raise_matter(by="王强"))
    events = Event.objects.filter(stream_id=str(matter.pk)).order_by("sequence").values_list("action", flat=True)
    assert list(events) == ["register", "accept", "classify", "assign", "sign_for"]
    assert (matter.status, matter.handler_id) == (Status.IN_HANDLING, all_in_one.persons["王强"])
    assert overlaps(matter) == ["sign_for"]
    assert matter.entries.get(action=Action.SIGN_FOR).facts["duty_overlap"] is True


def test_who_takes_what_they_registered_although_another_assigned_it_is_told_too(all_in_one: Place):
    matter = all_in_one.assign(all_in_one.classify(all_in_one.accept(all_in_one.raise_matter(by="王强"))))
    assert overlaps(all_in_one.sign_for(matter, "王强")) == ["sign_for"]


def test_a_colleague_who_signs_for_it_is_no_overlap(all_in_one: Place):
    matter = all_in_one.assign(all_in_one.classify(all_in_one.accept(all_in_one.raise_matter(by="王强"))))
    assert overlaps(all_in_one.sign_for(matter, "孙丽")) == []
