"""How many text messages leave: to one number and from the whole site; danger reaches the staff whatever was sent."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shuoshi.kernel import clock, steady
from shuoshi.kernel.actors import SYSTEM
from shuoshi.matters.intake import PersonSaid
from shuoshi.matters.vocabulary import TellBy, Urgency
from shuoshi.notices import delivering, limits
from shuoshi.notices.models import Message, State, To, Way, Why
from shuoshi.notices.ways import Answer, Came
from shuoshi.organization import actions as organization
from shuoshi.organization import profile
from tests.notices.told import NIGHT, Kept, carried, gateway, phone, round_
from tests.support.village import Place

pytestmark = pytest.mark.usefixtures("morning")
NUMBER = "13800000017"


def raised(town: Place, count: int, **said: object) -> None:
    """So many matters, each of somebody else, each to be told by text message."""
    for _ in range(count):
        town.raise_matter(by="王芳", **{"tell_by": TellBy.SMS, **said})
    carried()


def allow(hour: int, day: int) -> None:
    telling = profile.current().telling.model_copy(update={"sms_hour": hour, "sms_day": day})
    changed = profile.current().model_copy(update={"telling": telling})
    organization.publish_profile(changed, actor=SYSTEM)


def states(**columns: object) -> list[str]:
    return sorted(Message.objects.filter(way=Way.SMS, **columns).values_list("state", flat=True))


def full() -> bool:
    steady.forget()
    return steady.Kind.MESSAGES_FULL in {one.kind for one in steady.alarms()}


@pytest.mark.drill(11)
def test_one_number_gets_no_more_a_day_whoever_gave_it(town: Place, sms: Kept):
    gateway(Way.SMS)
    raised(town, limits.PER_DAY + 2)
    raised(town, 1, speaker=PersonSaid(name="李四", phone="13800000018"))
    round_()
    assert [to for to, _out in sms.sent].count(NUMBER) == limits.PER_DAY
    assert [to for to, _out in sms.sent].count("13800000018") == 1, "another number is another matter"
    late = Message.objects.filter(way=Way.SMS, state=State.WAITING)
    assert late.count() == 2 and {clock.local(one.not_before).strftime("%d %H:%M") for one in late} == {"25 08:00"}
    round_(24)
    assert states() == [State.SENT] * (limits.PER_DAY + 3)


def test_of_danger_a_person_calls_where_the_number_had_enough(town: Place, sms: Kept):
    gateway(Way.SMS)
    raised(town, limits.PER_DAY)
    round_()
    raised(town, 1, urgency=Urgency.U2)
    round_()
    assert [to for to, _out in sms.sent].count(NUMBER) == limits.PER_DAY
    [call, *_more] = Message.objects.filter(way=Way.CALL, urgent=True)
    assert call.why == Why.ENOUGH and call.not_before <= clock.now()


def test_what_certainly_did_not_leave_does_not_count(town: Place, sms: Kept):
    gateway(Way.SMS)
    raised(town, 1)
    sms.answers = [Answer(Came.LATER, "isv.DAY_LIMIT_CONTROL")]
    round_()
    assert limits.sent(clock.now()) == (0, 0)
    round_(0.1)
    assert limits.sent(clock.now() + timedelta(minutes=7)) == (1, 1)


def test_what_may_have_left_counts(town: Place, sms: Kept):
    gateway(Way.SMS)
    raised(town, 1)
    sms.answers = [Answer(Came.UNCERTAIN, "broken")]
    round_()
    assert limits.sent(clock.now() + timedelta(seconds=1)) == (1, 1)


def test_the_site_sends_so_many_an_hour_and_people_tell_the_rest(town: Place, sms: Kept):
    gateway(Way.SMS)
    allow(hour=3, day=5)
    raised(town, 4)
    round_()
    assert states() == [State.FAILED, *[State.SENT] * 3]
    assert [one.why for one in Message.objects.filter(way=Way.CALL)] == [Why.FULL]
    assert full()
    later = clock.now() + timedelta(hours=1, minutes=1)
    with clock.simulated(later):
        delivering.leave_to_people(later)
        assert not full(), "the hour is over"
        raised(town, 3)
        delivering.deliver(later)
        assert states() == [State.FAILED, State.FAILED, *[State.SENT] * 5], "five a day"
        assert full()
    tomorrow = clock.now() + timedelta(days=1)
    with clock.simulated(tomorrow):
        delivering.leave_to_people(tomorrow)
        assert not full()


def test_danger_reaches_the_duty_officer_although_the_site_sent_enough(town: Place, sms: Kept):
    gateway(Way.SMS)
    phone(town, "何勇", "13800000031")
    allow(hour=1, day=1)
    raised(town, 1)
    round_()
    raised(town, 1, urgency=Urgency.U1)
    round_()
    to_staff = states(to=To.STAFF)
    assert to_staff and set(to_staff) == {State.SENT}
    assert "13800000031" in [to for to, _out in sms.sent]
    assert State.FAILED in states(to=To.SPEAKER, urgent=True), "a person tells the one who spoke"


def test_at_night_the_limit_calls_nobody_out_of_bed(town: Place, sms: Kept):
    gateway(Way.SMS)
    allow(hour=1, day=1)
    with clock.simulated(NIGHT.replace(hour=20, minute=29)):
        raised(town, 2)
        delivering.deliver(clock.now())
    assert states() == [State.FAILED, State.SENT]
    with clock.simulated(NIGHT):
        assert full(), "of the day"
