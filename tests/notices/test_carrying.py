"""Who is told beyond the desk, by which way, and never twice of one event."""

from __future__ import annotations

import pytest

from shuoshi.kernel import clock, outbox
from shuoshi.kernel.outbox import Notice
from shuoshi.matters.vocabulary import Naming, Status, TellBy, Urgency
from shuoshi.notices import carrying, hours
from shuoshi.notices.models import Message, State, Way, Why
from shuoshi.organization.roles import Role
from tests.notices.told import MORNING, NIGHT, address, carried, gateway, of_speaker, phone, speaker_address
from tests.support.village import Place

pytestmark = pytest.mark.usefixtures("morning")


@pytest.mark.parametrize(
    ("wish", "way"),
    [(TellBy.CALL, Way.CALL), (TellBy.VISIT, Way.VISIT), (TellBy.REPRESENTATIVE, Way.RELAY), (TellBy.SMS, Way.CALL)],
)
def test_whoever_wished_to_be_told_by_hand_stands_on_the_list_of_the_registry(town: Place, wish: TellBy, way: Way):
    matter = town.accept(town.raise_matter(by="王芳", tell_by=wish))
    found = of_speaker(carried())
    assert [(one.kind, one.way) for one in found] == [("accepted", way)], (
        "who was on the line knows that it is registered"
    )
    assert {one.unit_id for one in found} == {town.units["受理中心"].pk}
    assert {one.why for one in found} == ({Why.NO_GATEWAY} if wish == TellBy.SMS else {""})
    assert all(one.state == State.WAITING and one.about_id == matter.pk for one in found)


def test_whoever_looks_at_the_page_is_not_told_elsewhere(town: Place):
    town.accept(town.raise_matter(tell_by=TellBy.PAGE))
    town.accept(town.raise_matter(naming=Naming.ANONYMOUS))
    assert of_speaker(carried()) == []


def test_what_the_speaker_does_is_no_news_to_the_speaker(town: Place):
    town.raise_matter(tell_by=TellBy.CALL)
    assert of_speaker(carried()) == []


def test_a_text_message_goes_where_a_gateway_is_and_a_letter_where_no_number_is(town: Place):
    from shuoshi.matters.intake import PersonSaid

    gateway(Way.SMS)
    town.raise_matter(by="王芳", tell_by=TellBy.SMS)
    town.accept(town.raise_matter(by="王芳", tell_by=TellBy.SMS, speaker=PersonSaid(name="李奶奶")))
    assert [(one.way, one.why) for one in of_speaker(carried())] == [(Way.SMS, ""), (Way.LETTER, Why.NO_ADDRESS)]


def test_whoever_wants_no_messages_gets_none_and_staff_see_why(town: Place):
    gateway(Way.SMS)
    town.raise_matter(by="王芳", tell_by=TellBy.SMS, no_messages=True)
    assert [(one.state, one.why) for one in of_speaker(carried())] == [(State.STOPPED, Why.ASKED_NOT_TO)]


def test_an_address_of_the_speaker_is_used_when_that_was_wished(town: Place):
    gateway(Way.EMAIL)
    matter = town.raise_matter(tell_by=TellBy.EMAIL)
    speaker_address(matter, "chen@example.com")
    town.accept(matter)
    assert [one.way for one in of_speaker(carried())] == [Way.EMAIL]


def test_at_night_nobody_is_told_but_of_danger(town: Place):
    with clock.simulated(NIGHT):
        town.accept(town.raise_matter(by="王芳", tell_by=TellBy.CALL))
        town.raise_matter(by="王芳", tell_by=TellBy.CALL, urgency=Urgency.U2)
        quiet, *loud = of_speaker(carried())
    assert clock.local(quiet.not_before).strftime("%d %H:%M") == "25 08:00"
    assert {one.not_before for one in loud} == {NIGHT}
    assert hours.allowed_from(MORNING, urgent=False) == MORNING
    assert clock.local(hours.allowed_from(MORNING.replace(hour=6), urgent=False)).strftime("%d %H:%M") == "24 08:00"


def test_one_person_in_two_posts_is_told_once_of_one_event(town: Place):
    gateway(Way.EMAIL)
    person = town.person("何兼", ("受理中心", Role.REGISTRAR), ("受理中心", Role.DISPATCHER))
    address(town, "何兼", "he@example.com")
    town.accept(town.raise_matter())
    found = [one for one in carried() if one.recipient == person]
    assert len({one.occasion for one in found}) == len(found) == 2


def test_danger_is_told_the_duty_officer_by_text_message_too(town: Place):
    gateway(Way.SMS)
    gateway(Way.EMAIL)
    phone(town, "何勇", "13800000031")
    address(town, "何勇", "he@example.com")
    town.raise_matter(by="王芳", urgency=Urgency.U1, tell_by=TellBy.CALL)
    mine = [one for one in carried() if one.recipient == town.persons["何勇"]]
    assert {one.way for one in mine} == {Way.SMS, Way.EMAIL} and all(one.urgent for one in mine)


def test_a_worker_that_carries_again_makes_no_second_message(town: Place):
    town.matter_in(Status.IN_HANDLING, tell_by=TellBy.CALL)
    first = {one.pk for one in carried()}
    Notice.objects.update(to_carry=True)  # as after a kill between writing and taking off, were they two transactions
    assert {one.pk for one in carried()} == first and first
    assert not Notice.objects.filter(to_carry=True).exists()


def test_a_worker_that_dies_while_carrying_has_done_nothing(town: Place, monkeypatch: pytest.MonkeyPatch):
    town.accept(town.raise_matter(by="王芳", tell_by=TellBy.CALL))

    def die(*args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(outbox, "carried", die)
        with pytest.raises(KeyboardInterrupt):
            carrying.carry(clock.now())
    assert not Message.objects.exists()
    assert len(of_speaker(carried())) == 1


def test_a_batch_costs_the_same_number_of_statements_however_long_it_is(town: Place):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost(count: int) -> int:
        for _ in range(count):
            town.accept(town.raise_matter(by="王芳", tell_by=TellBy.CALL))
        with CaptureQueriesContext(connection) as caught:
            carrying.carry(clock.now())
        return len(caught)

    carried()
    assert cost(1) == cost(8)
