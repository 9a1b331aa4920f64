"""Meetings (3.1.2): called in time, counted honestly, written down, approved next time, and followed up."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from shuoshi.kernel import clock, outbox, verify
from shuoshi.kernel.refusal import KeyReused, Refused
from shuoshi.matters.intake import PersonSaid
from shuoshi.matters.models import Entry as Line
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Channel, Naming, Status
from shuoshi.meetings import calling, holding, minutes, queries, resolving, topics
from shuoshi.meetings.calling import Because, Dropped, Matters
from shuoshi.meetings.deeds import Nothing
from shuoshi.meetings.holding import All, Due, Entry, Opened, Present
from shuoshi.meetings.minutes import Approval, Release, Text
from shuoshi.meetings.models import Attendance, FromMeeting, Meeting, Published, Resolution, Topic, Vote
from shuoshi.meetings.resolving import OfMatter, Resolved, Said, Told
from shuoshi.meetings.topics import Admitted, TopicGiven
from shuoshi.meetings.vocabulary import Kind, Outcome, Part, State, TopicState
from tests.support.meetings import (
    SOMEBODY,
    again,
    called,
    closed,
    confirm,
    given,
    item,
    opened,
    scanned,
    there,
    voted,
    words,
)
from tests.support.village import Place

pytestmark = pytest.mark.django_db


def refused(code: str) -> Any:
    return pytest.raises(Refused, match=code)


# ── called ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_one_intention_is_one_meeting(town: Place):
    told, key = given(town), uuid4().hex
    first = calling.call(told, actor=town.actor("陈书记"), key=key)
    assert calling.call(told, actor=town.actor("陈书记"), key=key).pk == first.pk
    with pytest.raises(KeyReused):
        calling.call(given(town, title="另一个会"), actor=town.actor("陈书记"), key=key)
    assert Meeting.objects.count() == 1 and not list(verify.verify())


def test_only_its_own_people_those_above_and_the_registry_hold_it(town: Place):
    for who in ("陈书记", "王芳", "刘敏", "马镇长"):
        row = called(town, by=who)
        assert queries.meeting(row.pk, town.actor(who)) is not None
    for who in ("孙丽", "周建国", "钱监督", "管理员"):
        with refused("not_your_meeting"):
            called(town, by=who)
        with refused("not_your_meeting"):
            calling.cancel(row.pk, Because("不开了"), actor=town.actor(who))
    assert queries.meeting(row.pk, town.actor("孙丽")) is None
    watching = queries.meeting(row.pk, town.actor("钱监督"))
    assert watching is not None and watching.sees_people and not watching.holds


def test_whoever_reads_one_finds_it_in_the_lists(town: Place):
    """The rule for one and the rule for lists say the same."""
    village, whole = called(town), called(town, by="马镇长", unit="青禾镇")
    for who in town.persons:
        actor = town.actor(who)
        listed = {one.pk for one in queries.coming(actor)}
        assert listed == {one.pk for one in (village, whole) if queries.meeting(one.pk, actor)}, who


def test_a_shorter_notice_needs_its_reason_and_shows_it(town: Place):
    with refused("notice_short"):
        called(town, days=2)
    row = called(town, days=2, hurry="台风要来，堤坝等不得")
    assert (row.notice_days, row.hurry) == (3, "台风要来，堤坝等不得")
    with refused("notice_short"):
        called(town, days=9, kind=Kind.VILLAGERS_MEETING, due=300)
    with refused("due_missing"):
        called(town, kind=Kind.VILLAGERS_MEETING)


def test_another_time_counts_its_notice_anew(town: Place):
    row = called(town)
    told = row.told_at
    with clock.simulated(clock.now() + timedelta(days=9)):
        with refused("notice_short"):
            calling.change(row.pk, given(town, days=1), actor=town.actor("陈书记"))
        calling.change(row.pk, given(town, days=4), actor=town.actor("陈书记"))
    row = again(row)
    assert row.told_at - told > timedelta(days=8) and row.revision == 1
    with refused("meeting_is_another"):
        calling.change(row.pk, given(town, kind=Kind.OTHER), actor=town.actor("陈书记"))


def test_what_everybody_reads_holds_no_number(town: Place):
    with refused("number_in_public"):
        called(town, title="说说 13800000017 的事")
    row = called(town)
    with refused("number_in_public"):
        item(town, row, "回 13800000017 的话", public=True)
    with refused("number_in_public"):
        calling.cancel(row.pk, Because("打 13800000017 问"), actor=town.actor("陈书记"))


def test_a_cancelled_meeting_says_why_and_is_over(town: Place):
    row = called(town)
    with refused("reason_missing"):
        calling.cancel(row.pk, Because(" "), actor=town.actor("陈书记"))
    calling.cancel(row.pk, Because("礼堂漏水"), actor=town.actor("陈书记"))
    with refused("meeting_state"):
        holding.open_(row.pk, Opened(), actor=town.actor("陈书记"))
    assert again(row).state == State.CANCELLED and not list(verify.verify())


# ── the agenda ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_waiting_matters_of_the_unit_become_the_agenda_once(town: Place):
    row = called(town)
    matter = town.assign(town.classify(town.matter_in(Status.ACCEPTED)), unit="柳湾村")
    elsewhere = town.raise_matter(area=None)
    actor = town.actor("王芳")
    found = list(queries.waiting_matters(row, actor))
    assert found == [matter] and elsewhere not in found
    wanted = Matters(((matter.pk, "路灯"),))
    for _ in range(2):
        calling.add_matters(row.pk, wanted, actor=actor)
    assert [one.matter_id for one in row.items.all()] == [matter.pk]
    assert not list(queries.waiting_matters(row, actor))


def test_a_matter_that_is_kept_from_a_reader_is_not_told_by_the_agenda(town: Place):
    row = called(town)
    matter = town.raise_matter(concerns_people=(town.persons["陈书记"],))
    item(town, row, "说说书记的事", by="刘敏", matter=matter.pk)
    with refused("matter_unknown"):
        item(town, row, "说说书记的事", matter=matter.pk)
    village, registry = (queries.meeting(row.pk, town.actor(who)) for who in ("陈书记", "刘敏"))
    assert village is not None and registry is not None
    assert (village.items[0].hidden, village.items[0].title, village.items[0].matter) == (True, "", None)
    assert registry.items[0].title == "说说书记的事"


def test_what_was_spoken_of_is_not_dropped(town: Place):
    row = opened(town)
    first, second = item(town, row), item(town, row, "路灯")
    there(town, row, "张三")
    voted(town, row, first, 1)
    with refused("item_used"):
        calling.drop_item(row.pk, Dropped(first.pk, "不说了"), actor=town.actor("陈书记"))
    calling.drop_item(row.pk, Dropped(second.pk, "下次说"), actor=town.actor("陈书记"))
    with refused("no_such_item"):
        voted(town, row, second, 1)


# ── who is there ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_it_is_opened_at_its_time_and_what_is_written_later_says_so(town: Place):
    row = called(town, days=4)
    with refused("opened_early"):
        holding.open_(row.pk, Opened(), actor=town.actor("陈书记"))
    with clock.simulated(row.begins_at + timedelta(days=2)):
        with refused("opened_later"):
            holding.open_(row.pk, Opened(clock.now() + timedelta(hours=1)), actor=town.actor("陈书记"))
        holding.open_(row.pk, Opened(row.begins_at), actor=town.actor("陈书记"))
    row = again(row)
    assert row.opened_at == row.begins_at and row.recorded_at == row.begins_at + timedelta(days=2)


def test_an_entry_by_code_counts_when_the_recorder_confirms_it(town: Place):
    row = opened(town)
    one = scanned(row)
    whole = queries.meeting(row.pk, town.actor("陈书记"))
    assert whole is not None and (whole.counts.came, whole.counts.waiting) == (0, 1)
    with refused("presence_waits"):
        closed(town, row)
    with refused("not_your_meeting"):
        confirm(town, row, one.pk, by="钱监督")
    confirm(town, row, one.pk)
    with refused("presence_settled"):
        confirm(town, row, one.pk)
    whole = queries.meeting(row.pk, town.actor("陈书记"))
    assert whole is not None and (whole.counts.came, whole.counts.by_code, whole.counts.waiting) == (1, 1, 0)


def test_staff_do_not_check_in_for_others_by_the_code(town: Place):
    row = opened(town)
    with refused("check_in_yourself"):
        holding.check_in(row.pk, Present("张三"), actor=town.actor("陈书记"))


def test_the_same_press_is_one_entry_and_the_same_name_counts_once(town: Place):
    row, key = opened(town), uuid4().hex
    first = scanned(row, "张三", key)
    assert scanned(row, "张三", key).pk == first.pk
    other = scanned(row, "张三")  # whoever types a name is not told whether it is there
    confirm(town, row, first.pk)
    with refused("name_there"):
        confirm(town, row, other.pk)
    with refused("name_there"):
        there(town, row, "张三")
    holding.enter(row.pk, Present("张三", same_name=True), actor=town.actor("陈书记"))
    assert holding.members(row).count() == 2


def test_a_flood_by_the_code_is_struck_at_once(town: Place):
    row = opened(town)
    there(town, row, "甲")
    for n in range(3):
        scanned(row, f"路人{n}")
    with refused("reason_missing"):
        holding.strike_waiting(row.pk, All(""), actor=town.actor("陈书记"))
    holding.strike_waiting(row.pk, All("不在会场"), actor=town.actor("陈书记"))
    assert (row.attendance.filter(state="struck").count(), holding.members(row).count()) == (3, 1)
    assert closed(town, row).state == State.CLOSED and not list(verify.verify())


def test_no_more_people_come_than_are_due(town: Place):
    row = opened(town, kind=Kind.DELEGATE_MEETING, due=2)
    there(town, row, "甲", "乙")
    waits = scanned(row, "丙")
    for enter in (lambda: there(town, row, "丁"), lambda: confirm(town, row, waits.pk)):
        with refused("more_than_due"):
            enter()
    there(town, row, "镇干部", part=Part.ATTENDING)
    with refused("due_too_few"):
        holding.correct_due(row.pk, Due(1, "数错了"), actor=town.actor("陈书记"))
    with refused("reason_missing"):
        holding.correct_due(row.pk, Due(3, ""), actor=town.actor("陈书记"))
    holding.correct_due(row.pk, Due(3, "漏了一位代表"), actor=town.actor("陈书记"))
    confirm(town, row, waits.pk)
    [one] = queries.meeting(row.pk, town.actor("钱监督")).corrections
    assert (one.before, one.after, str(one.because)) == (2, 3, "漏了一位代表") and not list(verify.verify())


def test_a_struck_entry_stays_with_its_reason(town: Place):
    row = opened(town)
    [one] = there(town, row, "张三")
    with refused("reason_missing"):
        holding.strike(row.pk, Entry(one.pk, " "), actor=town.actor("陈书记"))
    holding.strike(row.pk, Entry(one.pk, "人没有来"), actor=town.actor("陈书记"))
    one.refresh_from_db()
    assert (one.state, str(one.because)) == ("struck", "人没有来")
    there(town, row, "张三")
    assert Attendance.objects.count() == 2 and not list(verify.verify())


# ── votes ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_vote_keeps_who_was_there(town: Place):
    row = opened(town, kind=Kind.DELEGATE_MEETING, due=3)
    about = item(town, row)
    first, _second = there(town, row, "甲", "乙")
    there(town, row, "镇干部", part=Part.ATTENDING)
    with refused("too_many_votes"):
        voted(town, row, about, 2, 1)
    taken = voted(town, row, about, 2)
    assert (taken.present, taken.quorate, taken.passed, taken.there.count()) == (2, True, True, 2)
    holding.leave(row.pk, Entry(first.pk), actor=town.actor("陈书记"))
    later = voted(town, row, about, 1)
    assert (later.present, later.quorate, later.passed) == (1, False, False)
    holding.strike(row.pk, Entry(first.pk, "冒名"), actor=town.actor("陈书记"))
    whole = queries.meeting(row.pk, town.actor("陈书记"))
    assert whole is not None
    assert [(one.row.present, one.struck_since) for one in whole.votes] == [(2, 1), (1, 0)]
    assert not list(verify.verify())


def test_the_database_counts_no_more_votes_than_people(town: Place):
    row = opened(town)
    about = item(town, row)
    there(town, row, "甲")
    one = voted(town, row, about, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Vote.objects.filter(pk=one.pk).update(against=1)


def test_without_anybody_there_is_no_vote(town: Place):
    row = opened(town)
    with refused("nobody_there"):
        voted(town, row, item(town, row), 0)


def test_a_closed_meeting_is_changed_by_corrections_only(town: Place):
    row = opened(town)
    about = item(town, row)
    [one] = there(town, row, "甲")
    taken = voted(town, row, about, 1)
    row = closed(town, row)
    for late in (lambda: voted(town, row, about, 1), lambda: scanned(row), lambda: item(town, row)):
        with refused("meeting_state"):
            late()
    with refused("reason_missing"):
        there(town, row, "乙")
    key = holding.enter(row.pk, Present("乙", because="签到表上有"), actor=town.actor("陈书记"))
    added = Attendance.objects.get(pk=key)
    assert added.late and taken.there.count() == 1
    holding.strike(row.pk, Entry(one.pk, "没有来"), actor=town.actor("陈书记"))
    holding.strike_vote(row.pk, Entry(taken.pk, "记错了"), actor=town.actor("陈书记"))
    with refused("vote_settled"):
        holding.strike_vote(row.pk, Entry(taken.pk, "记错了"), actor=town.actor("陈书记"))
    one.refresh_from_db()
    assert one.late and not list(verify.verify())


# ── minutes ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def approved(town: Place) -> Meeting:
    row = opened(town, ago=50)
    minutes.write(row.pk, Text("说了水渠的事，下周清。"), actor=town.actor("陈书记"))
    row = closed(town, row)
    later = opened(town)
    minutes.approve(row.pk, Approval(later.pk, 1), actor=town.actor("陈书记"))
    return again(row)


def test_minutes_are_versions_and_a_later_meeting_approves_them(town: Place):
    before = opened(town, ago=90)
    row = opened(town, ago=50)
    actor = town.actor("陈书记")
    minutes.write(row.pk, Text("说了水渠的事。"), actor=actor)
    with refused("minutes_moved"):
        minutes.write(row.pk, Text("另一个人写的。"), actor=town.actor("王芳"))
    row = closed(town, row)
    with refused("reason_missing"):
        minutes.write(row.pk, Text("说了水渠和路灯的事。", of=1), actor=actor)
    minutes.write(row.pk, Text("说了水渠和路灯的事。", "漏了路灯", of=1), actor=actor)
    later, elsewhere = opened(town), opened(town, by="马镇长", unit="青禾镇")
    for wrong in (row, before, elsewhere):
        with refused("not_a_later_one"):
            minutes.approve(row.pk, Approval(wrong.pk, 2), actor=actor)
    with refused("minutes_moved"):
        minutes.approve(row.pk, Approval(later.pk, 1), actor=actor)
    minutes.approve(row.pk, Approval(later.pk, 2), actor=actor)
    with refused("meeting_state"):
        minutes.write(row.pk, Text("改一改。", "想改", of=2), actor=actor)
    assert [str(one.text) for one in row.minutes.order_by("version")] == ["说了水渠的事。", "说了水渠和路灯的事。"]
    assert not list(verify.verify())


def test_what_everybody_reads_is_released_by_another_and_kept_apart(town: Place):
    row = approved(town)
    with refused("same_hand"):
        minutes.release(row.pk, Release("说了水渠的事。"), actor=town.actor("陈书记"))
    with refused("number_in_public"):
        minutes.release(row.pk, Release("问 13800000017。"), actor=town.actor("王芳"))
    minutes.release(row.pk, Release("说了水渠的事。"), actor=town.actor("王芳"))
    with refused("published_before"):
        minutes.release(row.pk, Release("说了水渠的事。"), actor=town.actor("王芳"))
    shown = queries.public_minutes(row.pk)
    assert shown is not None and shown.released_by_id == town.persons["王芳"]
    minutes.withdraw(row.pk, Because("名字没有去掉"), actor=town.actor("王芳"))
    assert queries.public_minutes(row.pk) is None and Published.objects.count() == 1
    minutes.release(row.pk, Release("说了水渠。"), actor=town.actor("王芳"))
    assert not list(verify.verify())


def test_minutes_not_approved_are_not_released(town: Place):
    row = opened(town)
    minutes.write(row.pk, Text("说了水渠的事。"), actor=town.actor("陈书记"))
    closed(town, row)
    with refused("meeting_state"):
        minutes.release(row.pk, Release("说了水渠的事。"), actor=town.actor("王芳"))


# ── resolutions, and what is said ────────────────────────────────────────────────────────────────────────────────────


def resolved(town: Place, row: Meeting, by: str = "陈书记", **more: Any) -> Resolution:
    about = more.pop("about", None) or item(town, row)
    whole: dict[str, Any] = {"item": about.pk, "text": "下周清三组水渠", "unit": town.units["水利站"].pk}
    key = resolving.resolve(row.pk, Resolved(**whole | more), actor=town.actor(by))
    return Resolution.objects.get(pk=key)


def test_what_is_said_at_a_meeting_is_a_matter_of_it_with_a_receipt(town: Place):
    row = opened(town)
    about = item(town, row)
    said = words("k", naming=Naming.NAMED, speaker=PersonSaid(name="陈大明"), channel=Channel.HOTLINE)
    where = Said(row.pk, about.pk)
    numbers = {resolving.register(where, said, actor=town.actor("王芳")).number for _ in range(2)}
    matter = Matter.objects.get()
    assert numbers == {matter.number}
    assert (matter.channel, str(matter.said_place), matter.happened_at) == (Channel.MEETING, row.place, row.opened_at)
    link = FromMeeting.objects.get()
    assert (link.meeting_id, link.item_id, link.matter_id) == (row.pk, about.pk, matter.pk)
    assert [slip.about_id for slip in outbox.waiting_for(town.actor("王芳"), outbox.Channel.SLIP)] == [matter.pk]
    with refused("meeting_registered"):
        resolving.register(where, words(), actor=town.actor("刘敏"))
    resolving.register(Said(row.pk, about.pk, raised=1), words(), actor=town.actor("王芳"))
    with refused("not_your_meeting"):
        resolving.register(Said(row.pk, raised=2), words(), actor=town.actor("孙丽"))
    assert not list(verify.verify())


def test_nothing_is_said_at_a_meeting_that_was_not_held(town: Place):
    with refused("meeting_state"):
        resolving.register(Said(called(town).pk), words(), actor=town.actor("王芳"))


def test_a_resolution_becomes_a_matter_once(town: Place):
    row = opened(town)
    one = resolved(town, row)
    receipt = resolving.register(Said(row.pk, one.item_id, one.pk), words(), actor=town.actor("王芳"))
    one.refresh_from_db()
    assert (one.matter_id, one.became) == (receipt.matter_id, True)
    with refused("resolution_elsewhere"):
        resolving.register(Said(row.pk, one.item_id, one.pk, raised=1), words(), actor=town.actor("王芳"))


def test_a_resolution_is_written_into_the_history_of_its_matter(town: Place):
    row = opened(town)
    one, matter = resolved(town, row), town.raise_matter()
    with refused("matter_unknown"):
        resolving.note_on(row.pk, OfMatter(one.pk, "SS-QH-20200101-0001"), actor=town.actor("王芳"))
    resolving.note_on(row.pk, OfMatter(one.pk, matter.number), actor=town.actor("王芳"))
    assert any("下周清三组水渠" in str(line.text) for line in Line.objects.filter(matter=matter))
    one.refresh_from_db()
    assert (one.matter_id, one.became) == (matter.pk, False) and not list(verify.verify())


def test_a_resolution_rests_on_a_vote_that_carried_it(town: Place):
    row = opened(town)
    about = item(town, row)
    there(town, row, "甲", "乙", "丙")
    lost, won = voted(town, row, about, 1, 2), voted(town, row, about, 2, 1)
    with refused("vote_not_passed"):
        resolved(town, row, about=about, vote=lost.pk)
    assert resolved(town, row, about=about, vote=won.pk).vote_id == won.pk
    with refused("deadline_past"):
        resolved(town, row, about=about, deadline=clock.local(row.begins_at).date() - timedelta(days=1))


def test_the_next_meeting_looks_back_at_what_is_open(town: Place):
    row = opened(town, ago=50)
    one = resolved(town, row, deadline=clock.local(clock.now()).date())
    closed(town, row)
    later = opened(town)
    calling.carry_over(later.pk, Nothing(), actor=town.actor("陈书记"))
    with refused("nothing_open"):
        calling.carry_over(later.pk, Nothing(), actor=town.actor("陈书记"))
    assert [line.resolution_id for line in later.items.all()] == [one.pk]
    actor = town.actor("陈书记")
    resolving.follow_up(row.pk, Told(one.pk, "清了一半", Outcome.OPEN, later.pk), actor=actor)
    resolving.follow_up(row.pk, Told(one.pk, "清完了", Outcome.DONE, later.pk), actor=actor)
    with refused("resolution_settled"):
        resolving.follow_up(row.pk, Told(one.pk, "没有清", Outcome.DROPPED), actor=actor)
    assert [str(line.words) for line in one.told.order_by("at", "id")] == ["清了一半", "清完了"]
    assert not queries.open_resolutions(actor) and not list(verify.verify())


# ── topics ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def proposed(town: Place, **more: Any) -> Topic:
    whole: dict[str, Any] = {"unit_id": town.units["柳湾村"].pk, "words": "垃圾桶太少", "name": "李桂兰"}
    return topics.propose(TopicGiven(**whole | more), actor=SOMEBODY, key=uuid4().hex)


def test_a_topic_is_admitted_in_words_for_everybody_or_declined_with_some(town: Place):
    first, second, row = proposed(town), proposed(town), called(town)
    assert len(queries.topics(town.actor("陈书记"))) == 2 and not queries.topics(town.actor("孙丽"))
    actor = town.actor("陈书记")
    with refused("number_in_public"):
        topics.admit(row.pk, Admitted(first.pk, "打 13800000017"), actor=actor)
    topics.admit(row.pk, Admitted(first.pk, "添几个垃圾桶", "列上了"), actor=actor)
    with refused("topic_settled"):
        topics.decline(first.pk, "不列", actor=actor)
    with refused("answer_missing"):
        topics.decline(second.pk, "", actor=actor)
    with refused("not_your_meeting"):
        topics.decline(second.pk, "不列", actor=town.actor("孙丽"))
    topics.decline(second.pk, "上次会上定了，下月就添", actor=actor)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (TopicState.ADMITTED, TopicState.DECLINED)
    [told] = queries.public_coming(clock.now())
    assert [str(one.title) for one in told.agenda] == ["添几个垃圾桶"]  # type: ignore[attr-defined]
    assert not list(verify.verify())


def test_a_topic_goes_to_a_meeting_of_its_own_unit(town: Place):
    topic = proposed(town)
    with refused("topic_elsewhere"):
        topics.admit(
            called(town, by="马镇长", unit="青禾镇").pk, Admitted(topic.pk, "垃圾桶"), actor=town.actor("马镇长")
        )


# ── what is wrong ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_somebody_has_to_see_to_is_told(town: Place):
    row = opened(town)
    resolved(town, row, deadline=clock.local(clock.now()).date() + timedelta(days=3))
    closed(town, row)
    [one] = queries.standings(clock.now())
    assert (one.unit, one.wrong, one.last) == ("柳湾村", False, row.begins_at)
    [one] = queries.standings(clock.now() + timedelta(days=50))
    assert (one.long, one.unapproved, one.overdue) == (True, 1, 1)
