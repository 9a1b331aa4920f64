"""Messages leave once: what certainly did not leave is tried again, what may have left is told by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shuoshi.kernel import clock, steady
from shuoshi.matters import terms
from shuoshi.matters.models import Deadline
from shuoshi.matters.vocabulary import Status, TellBy
from shuoshi.notices import actions, delivering, limits
from shuoshi.notices.models import Attempt, Message, State, Way, Why
from shuoshi.notices.ways import Answer, Came
from shuoshi.people import actions as people
from tests.notices.told import NIGHT, Kept, address, carried, gateway, of_speaker, round_
from tests.support.village import Place

pytestmark = pytest.mark.usefixtures("morning")


@pytest.fixture
def texted(town: Place, sms: Kept) -> Message:
    """One text message that waits."""
    gateway(Way.SMS)
    town.raise_matter(by="王芳", tell_by=TellBy.SMS)
    return of_speaker(carried())[0]


def state(message: Message) -> tuple[str, str]:
    message.refresh_from_db()
    return message.state, message.why


def calls() -> list[Message]:
    return list(Message.objects.filter(way=Way.CALL, state=State.WAITING))


def test_a_message_goes_to_the_number_of_the_matter_and_holds_number_and_link_only(texted: Message, sms: Kept):
    assert round_() == 1 and round_(1) == 0
    [(to, out)] = sms.sent
    assert to == "13800000017" and texted.number in out.text and texted.token in out.text
    assert "路灯" not in out.text and "陈" not in out.text and "1380000" not in out.text
    assert state(texted) == (State.SENT, "")
    assert Attempt.objects.get().reached and Attempt.objects.get().code == "ok"


def test_what_did_not_leave_is_tried_again_after_growing_pauses_and_then_left_to_people(texted: Message, sms: Kept):
    sms.answers = [Answer(Came.LATER, "connect")] * delivering.TRIES
    pauses = []
    at = clock.now()
    for _ in range(delivering.TRIES):
        with clock.simulated(at):
            delivering.deliver(at)
        texted.refresh_from_db()
        pauses.append(texted.not_before - at)
        at = max(at, texted.not_before)
    assert pauses[:4] == [timedelta(minutes=n) for n in (1, 2, 4, 8)]
    assert state(texted) == (State.DEAD, Why.OUT_OF_ORDER) and not calls()
    assert steady.Kind.MESSAGES_DEAD in {one.kind for one in steady.alarms()}


def test_an_administrator_sends_the_dead_again_or_has_them_told_by_hand(texted: Message, sms: Kept, town: Place):
    admin = town.actor("管理员")
    for deed in (actions.send_again, actions.by_hand_instead):
        sms.answers = [Answer(Came.LATER, "connect")] * delivering.TRIES
        Message.objects.filter(pk=texted.pk).update(tries=delivering.TRIES - 1, not_before=clock.now())
        round_()
        assert state(texted)[0] == State.DEAD
        deed(texted.pk, actor=admin)
    assert state(texted) == (State.FAILED, Why.BY_HAND) and [one.why for one in calls()] == [Why.BY_HAND]
    assert steady.Kind.MESSAGES_DEAD not in {one.kind for one in steady.alarms()}


@pytest.mark.parametrize(("came", "why"), [(Came.UNCERTAIN, Why.UNCERTAIN), (Came.REFUSED, Why.REFUSED)])
def test_what_may_have_left_or_never_will_is_told_by_hand_and_not_sent_again(
    texted: Message, sms: Kept, came: Came, why: Why
):
    sms.answers = [Answer(came, "x")]
    round_()
    assert state(texted) == (State.FAILED, why)
    assert [(one.kind, one.why) for one in calls()] == [(texted.kind, why)]
    round_(24)
    assert len(sms.sent) == 1


def test_a_worker_that_died_while_sending_leaves_a_call(texted: Message, sms: Kept):
    Message.objects.filter(pk=texted.pk).update(
        state=State.SENDING, leased_until=clock.now() + delivering.LEASE, tries=1
    )
    Attempt.objects.create(message=texted, at=clock.now())
    assert delivering.give_back(clock.now()) == 0, "it may still be sending"
    later = clock.now() + delivering.LEASE + timedelta(seconds=1)
    with clock.simulated(later):
        assert delivering.give_back(later) == 1
        assert delivering.deliver(later) == 0
    assert state(texted) == (State.FAILED, Why.UNCERTAIN) and len(calls()) == 1 and not sms.sent


def test_a_worker_that_was_thought_dead_does_not_overwrite_what_was_told_by_hand(texted: Message, sms: Kept):
    slow = Kept()

    class Slow(Kept):
        def send(self, to: str, out: object) -> Answer:
            later = clock.now() + delivering.LEASE * 2
            with clock.simulated(later):
                delivering.give_back(later)
            return super().send(to, out)  # type: ignore[arg-type]

    slow = Slow()
    delivering.send_one(texted.pk, {Way.SMS: slow}, clock.now())
    assert len(slow.sent) == 1 and state(texted) == (State.FAILED, Why.UNCERTAIN)


def test_nothing_leaves_at_night(town: Place, sms: Kept):
    gateway(Way.SMS)
    with clock.simulated(NIGHT):
        town.raise_matter(by="王芳", tell_by=TellBy.SMS)
        carried()
        assert delivering.deliver(NIGHT) == 0
    assert not sms.sent
    with clock.simulated(NIGHT + timedelta(hours=9, minutes=1)):
        assert delivering.deliver(clock.now()) == 1


def test_no_more_than_so_many_a_day_go_to_one_person(town: Place, sms: Kept):
    gateway(Way.SMS)
    matter = town.matter_in(Status.IN_HANDLING, tell_by=TellBy.SMS)
    for n in range(limits.PER_DAY + 3):
        matter = town.run("孙丽", terms.WriteToSpeaker(text=f"第{n}句话"), matter)
    carried()
    round_()
    round_()
    assert len(sms.sent) == limits.PER_DAY
    waiting = Message.objects.filter(state=State.WAITING, way=Way.SMS)
    assert waiting.count() == 5 and {clock.local(one.not_before).day for one in waiting} == {25}


def test_staff_get_number_and_link_and_nothing_of_what_is_done(town: Place, sms: Kept):
    gateway(Way.EMAIL)
    address(town, "刘敏", "liu@example.com")
    address(town, "王芳", "wang@example.com")
    matter = town.raise_matter()
    with clock.simulated(clock.now() + timedelta(minutes=5)):
        town.accept(matter)  # what the registrar was told of is done
        carried()
        round_()
    [(to, out)] = sms.sent
    assert to == "liu@example.com" and "/desk/matters/" in out.text and "路灯" not in out.text + out.subject
    assert set(Message.objects.filter(recipient=town.persons["王芳"]).values_list("state", "why")) == {
        (State.STOPPED, Why.OVER)
    }


def test_whoever_may_not_see_the_matter_any_more_is_told_nothing(town: Place, sms: Kept):
    gateway(Way.EMAIL)
    address(town, "刘敏", "liu@example.com")
    address(town, "赵红", "zhao@example.com")
    matter = town.matter_in(Status.IN_FOLLOW_UP)
    carried()
    Message.objects.filter(recipient=town.persons["刘敏"]).delete()
    town.run("赵红", terms.DeclareConflict(text="是我舅舅"), matter)
    people.disable(people_account(town, "赵红"), actor=town.actor("管理员"))
    round_()
    assert [to for to, _out in sms.sent] == []


def people_account(town: Place, name: str) -> object:
    from shuoshi.people.models import Account

    return Account.objects.get(person=town.persons[name]).pk


def test_a_delivery_report_settles_it_either_way(texted: Message, sms: Kept):
    round_()
    later = clock.now() + timedelta(hours=1)
    for arrived, wanted in ((None, State.SENT), (True, State.DELIVERED)):
        sms.arrived = arrived
        with clock.simulated(later):
            assert delivering.look_for_reports(later) == 1
        assert state(texted)[0] == wanted
        later += timedelta(hours=1)
    Message.objects.filter(pk=texted.pk).update(state=State.SENT, not_before=clock.now())
    sms.arrived = False
    with clock.simulated(later):
        delivering.look_for_reports(later)
    assert state(texted) == (State.FAILED, Why.UNDELIVERED) and [one.why for one in calls()] == [Why.UNDELIVERED]


def test_after_as_many_vain_calls_as_the_rules_say_a_letter_is_written(town: Place):
    matter = town.accept(town.raise_matter(by="王芳", tell_by=TellBy.CALL))
    clocks = list(Deadline.objects.filter(round__matter=matter).values_list("pk", "due_at", "outcome"))
    [call] = of_speaker(carried())
    for hours in (0, 5, 24):
        with clock.simulated(clock.now() + timedelta(hours=hours)):
            call.refresh_from_db()
            with clock.simulated(max(clock.now(), call.not_before)):
                actions.tick(call.pk, reached=False, actor=town.actor("王芳"))
    assert state(call) == (State.FAILED, Why.UNREACHED) and call.attempts.count() == 3
    letter = Message.objects.get(way=Way.LETTER)
    with clock.simulated(letter.created_at + timedelta(hours=1)):
        actions.tick(letter.pk, reached=True, actor=town.actor("王芳"))
    assert state(letter)[0] == State.TICKED and letter.settled_by == town.persons["王芳"]
    assert clocks == list(Deadline.objects.filter(round__matter=matter).values_list("pk", "due_at", "outcome"))


def test_one_call_tells_everything_that_waits_of_a_matter_and_only_the_registry_ticks_it_off(town: Place):
    from shuoshi.kernel.events import Event
    from shuoshi.kernel.refusal import Refused
    from shuoshi.matters.models import Matter

    matter = town.matter_in(Status.IN_HANDLING, tell_by=TellBy.CALL)
    first = of_speaker(carried())[0]
    with pytest.raises(Refused, match="受理中心"):
        actions.tick(first.pk, reached=True, actor=town.actor("孙丽"))
    with pytest.raises(Matter.DoesNotExist):
        actions.tick(first.pk, reached=True, actor=town.actor("李国强"))
    assert actions.tick(first.pk, reached=True, actor=town.actor("王芳")) == len(of_speaker(carried()))
    with pytest.raises(Refused):
        actions.tick(first.pk, reached=True, actor=town.actor("王芳"))
    event = Event.objects.filter(stream_kind="matter", stream_id=str(matter.pk)).latest("sequence")
    assert event.action == "tell_by_hand"


def test_old_messages_go_after_half_a_year(texted: Message, sms: Kept):
    round_()
    assert delivering.prune(clock.now() + timedelta(days=179)) == 0
    assert delivering.prune(clock.now() + timedelta(days=181)) == 1 and not Attempt.objects.exists()


def test_what_was_due_by_day_and_not_sent_does_not_leave_at_night(texted: Message, sms: Kept):
    with clock.simulated(NIGHT):
        assert delivering.deliver(NIGHT) == 0
    assert not sms.sent and state(texted)[0] == State.WAITING
    assert clock.local(texted.not_before).hour == 8


def test_a_copy_that_was_brought_back_sends_nothing_it_may_have_sent(texted: Message, sms: Kept):
    assert delivering.after_a_restore(clock.now()) == 1
    assert round_() == 0 and not sms.sent
    assert state(texted) == (State.FAILED, Why.UNCERTAIN) and len(calls()) == 1


def test_one_call_ticks_off_what_stood_on_the_list_and_nothing_that_came_later(town: Place):
    matter = town.accept(town.raise_matter(by="王芳", tell_by=TellBy.CALL))
    first = of_speaker(carried())[0]
    seen = first.created_at
    with clock.simulated(clock.now() + timedelta(minutes=4)):
        town.run("王芳", terms.WriteToSpeaker(text="要晚两天"), matter)
        later = [one for one in of_speaker(carried()) if one.created_at > seen]
        assert later
        actions.tick(first.pk, reached=True, actor=town.actor("王芳"), until=seen)
    assert state(first)[0] == State.TICKED and all(state(one)[0] == State.WAITING for one in later)


def test_a_sender_that_breaks_is_an_answer_and_holds_nobody_up(
    texted: Message, sms: Kept, monkeypatch: pytest.MonkeyPatch
):
    def breaks(to: str, out: object) -> Answer:
        raise UnicodeEncodeError("ascii", "ｋ", 0, 1, "ordinal not in range")

    monkeypatch.setattr(sms, "send", breaks)
    round_()
    assert state(texted) == (State.FAILED, Why.UNCERTAIN) and len(calls()) == 1
