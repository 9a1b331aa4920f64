"""A gateway that is down is probed by one message at growing distances; the others wait, lose no try and go when it is back."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

from shuoshi.kernel import clock, steady
from shuoshi.matters.vocabulary import TellBy, Urgency
from shuoshi.notices import actions, circuits, delivering
from shuoshi.notices.models import Attempt, Circuit, Message, Provider, Robot, State, To, Vendor, Way, Why
from shuoshi.notices.ways import Answer, Came
from tests.notices.post_office import post_office
from tests.notices.told import Kept, carried, gateway, of_speaker, phone, round_, speaker_address
from tests.support.elsewhere import free_port
from tests.support.village import Place

pytestmark = pytest.mark.usefixtures("morning")
DOWN = Answer(Came.LATER, "connect", whole_way=True)
MINUTE = timedelta(minutes=1)


def texts(town: Place, count: int) -> list[Message]:
    """So many text messages to as many people; the list is in the order in which they go."""
    gateway(Way.SMS)
    for n in range(count):
        town.raise_matter(by="王芳", tell_by=TellBy.SMS, key=f"k{n}")
    return sorted(of_speaker(carried()), key=lambda one: (one.not_before, one.pk))


def after(minutes: float) -> int:
    return round_(minutes / 60)


def test_one_message_probes_at_growing_distances_and_nobody_loses_a_try(town: Place, sms: Kept):
    found = texts(town, 4)
    sms.answers = [DOWN] * 100
    probes = []
    for minute in range(100):
        before = len(sms.sent)
        after(minute)
        if len(sms.sent) > before:
            probes.append(minute)
            assert len(sms.sent) == before + 1, "one message, not all of them"
    assert [later - earlier for earlier, later in pairwise(probes)][:6] == [1, 2, 4, 8, 15, 15]
    waiting = Message.objects.filter(pk__in=[one.pk for one in found])
    assert set(waiting.values_list("state", "tries", "handed_at")) == {(State.WAITING, 0, None)}
    assert len({out.key for _to, out in sms.sent}) > 1, "another one probes next: one alone may be what breaks the line"
    assert Attempt.objects.count() == len(probes)


def test_when_it_is_back_everything_goes_in_the_same_round(town: Place, sms: Kept):
    texts(town, 4)
    sms.answers = [DOWN, DOWN]
    for minutes in (0, 1):
        after(minutes)
    assert after(2) == 0 and Circuit.objects.get().failures == 2
    assert after(3) >= 3 and not Circuit.objects.exists()
    assert Message.objects.filter(way=Way.SMS, state=State.SENT).count() >= 3
    after(60)
    assert len({out.key for _to, out in sms.sent}) == 4 and not Message.objects.filter(state=State.WAITING, way=Way.SMS)


def test_what_a_gateway_says_of_one_message_holds_up_no_other(town: Place, sms: Kept):
    texts(town, 4)
    sms.answers = [Answer(Came.REFUSED, "isv.MOBILE_NUMBER_ILLEGAL"), Answer(Came.LATER, "isv.BUSINESS_LIMIT_CONTROL")]
    assert round_() == 4 and not Circuit.objects.exists()
    assert sorted(Message.objects.filter(way=Way.SMS).values_list("state", flat=True)) == [
        State.FAILED, State.SENT, State.SENT, State.WAITING,
    ]  # fmt: skip
    assert Message.objects.get(way=Way.SMS, state=State.WAITING).tries == 1


def test_two_workers_do_not_both_probe(town: Place, sms: Kept):
    texts(town, 2)
    sms.answers = [DOWN]
    round_()
    at = clock.now() + 2 * MINUTE
    with clock.simulated(at):
        assert circuits.take_probe("sms", at) and not circuits.take_probe("sms", at)
        assert not circuits.take_probe("sms", at + MINUTE)
        assert circuits.take_probe("sms", at + circuits.PROBING), "unless the other one died with it"


def test_what_waits_too_long_is_told_by_hand_danger_soon(town: Place, sms: Kept):
    texts(town, 1)
    phone(town, "何勇", "13800000031")
    town.raise_matter(by="王芳", tell_by=TellBy.SMS, urgency=Urgency.U1, key="u1")
    carried()
    sms.answers = [DOWN] * 200
    round_()

    def left(minutes: float) -> int:
        at = clock.now() + timedelta(minutes=minutes)
        with clock.simulated(at):
            delivering.deliver(at)
            return delivering.leave_to_people(at)

    assert left(29) == 0
    danger = Message.objects.filter(urgent=True, way=Way.SMS)
    to_staff = danger.filter(to=To.STAFF).count()
    assert to_staff and left(31) == danger.count()
    assert set(danger.values_list("state", "why")) == {(State.FAILED, Why.GATEWAY_DOWN)}
    assert left(23 * 60) == 0 and left(24 * 60 + 1) == 1
    calls = Message.objects.filter(way=Way.CALL, state=State.WAITING)
    assert calls.count() == 1 + danger.exclude(to=To.STAFF).count()
    assert {one.why for one in calls} == {Why.GATEWAY_DOWN}, "and the staff find it on the desk"
    assert not Message.objects.filter(state=State.DEAD).exists()


def test_while_the_gateway_works_nothing_is_too_old_for_it(town: Place, sms: Kept):
    texts(town, 1)
    late = clock.now() + timedelta(days=3)
    assert delivering.leave_to_people(late) == 0


def test_the_alarm_comes_with_the_third_failure_and_goes_when_it_works(town: Place, sms: Kept):
    texts(town, 2)
    sms.answers = [DOWN] * 3

    def alarmed() -> bool:
        steady.forget()
        return steady.Kind.GATEWAY_DOWN in {one.kind for one in steady.alarms()}

    after(0)
    after(1)
    assert not alarmed(), "a line that breaks once is no alarm"
    after(3)
    assert alarmed()
    after(7)
    assert not alarmed()


def test_new_settings_and_a_test_that_left_open_the_channel_at_once(
    town: Place, sms: Kept, monkeypatch: pytest.MonkeyPatch
):
    texts(town, 1)
    monkeypatch.setattr("shuoshi.notices.leaving.opened", lambda row: sms)
    admin = town.actor("管理员")
    sms.answers = [DOWN, Answer(Came.LATER, "connect", whole_way=True)]
    round_()
    actions.try_gateway(Way.SMS, "13800000009", actor=admin)
    assert Circuit.objects.exists(), "the test did not leave either"
    actions.try_gateway(Way.SMS, "13800000009", actor=admin)
    assert not Circuit.objects.exists()
    circuits.fails("sms", "535", clock.now())
    actions.set_gateway(Way.SMS, Provider.ALIYUN, {"key_id": "a"}, active=True, actor=admin)
    assert not Circuit.objects.exists()


def test_one_vendor_that_is_down_keeps_no_other_waiting(town: Place, monkeypatch: pytest.MonkeyPatch):
    doors = {Vendor.WECOM: Kept(answers=[DOWN] * 9), Vendor.FEISHU: Kept()}
    monkeypatch.setattr("shuoshi.notices.leaving.robot", lambda row: doors[Vendor(row.vendor)])
    for name, vendor in (("受理中心", Vendor.WECOM), ("城建办", Vendor.FEISHU)):
        Robot.objects.create(unit=town.units[name], vendor=vendor, address="x")
    town.assign(town.classify(town.accept(town.raise_matter())))
    carried()
    Message.objects.filter(way=Way.ROBOT).update(notice_id=None)  # what was done since is asked no more
    round_()
    assert len(doors[Vendor.WECOM].sent) == 1 and len(doors[Vendor.FEISHU].sent) == 1
    assert [one.channel for one in Circuit.objects.all()] == ["robot:wecom"]
    Robot.objects.filter(vendor=Vendor.WECOM).delete()
    round_(0.1)
    assert not Message.objects.filter(way=Way.ROBOT, state=State.WAITING).exists(), (
        "a robot that is no more sends nothing"
    )


def test_a_mail_server_goes_down_and_comes_back(town: Place):
    """At a real server: refused by the port, then there again."""
    port = free_port()
    gateway(Way.EMAIL, host="127.0.0.1", port=str(port), security="none", sender="shuo@qinghe.example")
    for n in range(3):
        matter = town.raise_matter(tell_by=TellBy.EMAIL, key=f"k{n}")
        speaker_address(matter, f"chen{n}@example.com")
        town.accept(matter)
    carried()
    from django.test import override_settings

    with override_settings(MAIL_HOSTS=[f"127.0.0.1:{port}"]):
        assert after(0) == 1 and Circuit.objects.get().code == "connect"
        assert after(0.5) == 0, "nobody else tries"
    with post_office(port) as office:
        after(2)
        after(3)
    assert {to for to, _letter in office.letters} == {f"chen{n}@example.com" for n in range(3)}
    assert len(office.letters) == Message.objects.filter(way=Way.EMAIL, state=State.SENT).count()


def test_while_the_gateway_is_down_nobody_asks_it_what_became_of_messages(town: Place, sms: Kept):
    texts(town, 1)
    round_()
    circuits.fails("sms", "connect", clock.now())
    sms.arrived = True
    later = clock.now() + timedelta(hours=1)
    assert delivering.look_for_reports(later) == 0
    circuits.works("sms")
    assert delivering.look_for_reports(later) == 1
