"""4.4.1: what comes up beside a matter is a matter of its own; neither answers for the other."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shuoshi.kernel import clock
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.verify import verify
from shuoshi.matters import queries, terms
from shuoshi.matters.models import Matter, Relation
from shuoshi.matters.queries import promises
from shuoshi.matters.queries.together import related
from shuoshi.matters.vocabulary import Action, Channel, DeadlineKind, Naming, RelationKind, Status, Urgency
from tests.support.looking import fresh, running, told, who_may
from tests.support.village import Place

DITCH = "门口的水沟也堵了，一下雨就漫到院子里。"


def linked(town: Place, matter: Matter, by: str = "赵红", **more: object) -> Matter:
    given = terms.RegisterLinked(content=DITCH, channel=Channel.HOTLINE, **more)  # type: ignore[arg-type]
    town.run(by, given, matter)
    return Relation.objects.get(earlier=matter).matter


def page_of(town: Place, matter: Matter) -> promises.Told:
    return promises.told(queries.tracking(town.speaker(matter), clock.now()))


def test_a_new_demand_has_number_receipt_and_promise_of_its_own(town: Place):
    matter = town.matter_in(Status.IN_FOLLOW_UP)
    before = running(matter)
    new = linked(town, matter, demands=("疏通水沟",), urgency=Urgency.U3)
    assert (new.status, new.content, new.urgency) == (Status.REGISTERED, DITCH, Urgency.U3)
    assert new.number != matter.number and new.registered_at >= matter.registered_at
    assert [one.text for one in town.demands(new)] == ["疏通水沟"]
    assert running(new) == {DeadlineKind.ACCEPT} and running(matter) == before
    assert new.staff_entered and told(town, new, "registered")
    was, now = matter.parties.get(), new.parties.get()
    assert (now.person_id, now.contact_id, now.naming) == (was.person_id, was.contact_id, was.naming)
    assert Relation.objects.get().kind == RelationKind.LINKED
    assert list(verify()) == []


def test_both_pages_show_it_to_those_who_may_see_both(town: Place):
    matter = town.matter_in(Status.IN_FOLLOW_UP)
    new = linked(town, matter)
    assert any(new.number in said.text for said in page_of(town, matter).words)
    assert matter.number in page_of(town, new).lines[0].more
    entries = list(matter.entries.all())
    assert [one.number for one in related(town.actor("赵红"), entries)] == [new.number]
    assert related(town.actor("周建国"), entries) == []
    assert [one.number for one in related(town.actor("赵红"), list(new.entries.all()))] == [matter.number]


def test_nobody_on_the_side_of_the_work_moves_a_demand_elsewhere(town: Place):
    matter = town.matter_in(Status.IN_HANDLING)
    assert who_may(town, Action.REGISTER_LINKED, matter) == {"王芳", "刘敏", "赵红"}
    asked = terms.RegisterLinked(content="修好路灯", channel=Channel.HOTLINE)
    with pytest.raises(Refused) as refused:
        town.run("赵红", asked, matter)
    assert refused.value.code == "demand_known"


def test_what_can_be_raised_again_is_raised_again_and_afterwards_repeated(town: Place):
    matter = town.matter_in(Status.IN_FOLLOW_UP)
    with pytest.raises(Refused) as refused:
        linked(town, matter, repeats=True)
    assert refused.value.code == "repeats_what_is_open"
    matter = town.follow_up(matter, 5)
    with pytest.raises(Refused) as refused:
        linked(town, matter, repeats=True)
    assert refused.value.code == "raised_again_instead"
    with clock.simulated(clock.now() + timedelta(days=120)):
        new = linked(town, matter, repeats=True)
    assert new.raised_from.kind == RelationKind.REPEAT and fresh(matter).status == Status.CLOSED


def test_who_is_not_known_is_not_spoken_for(town: Place):
    matter = town.matter_in(Status.IN_HANDLING, naming=Naming.ANONYMOUS)
    with pytest.raises(Refused) as refused:
        linked(town, matter)
    assert refused.value.code == "speaker_known"


def test_confidence_goes_along(town: Place):
    matter = town.matter_in(Status.IN_HANDLING, naming=Naming.CONFIDENTIAL)
    new = linked(town, matter)
    assert new.naming == Naming.CONFIDENTIAL and new.parties.get().naming == Naming.CONFIDENTIAL
