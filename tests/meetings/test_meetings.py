"""Meetings (3.1.2): called in time, with their agenda, counted honestly, and closed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from shuoshi.kernel import clock, verify
from shuoshi.kernel.refusal import KeyReused, Refused
from shuoshi.matters.vocabulary import Status
from shuoshi.meetings import calling, holding, queries
from shuoshi.meetings.calling import Because, Dropped, Matters
from shuoshi.meetings.holding import All, Closed, Due, Entry, Opened, Present, VoteGiven
from shuoshi.meetings.models import Attendance, Meeting, Vote
from shuoshi.meetings.vocabulary import Kind, Part, State
from tests.support.meetings import (
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
    short = called(town, days=2, hurry="台风要来")
    same = {"begins_at": short.begins_at, "ends_at": short.ends_at}
    with refused("notice_short"):  # the reason stays while the notice is short
        calling.change(short.pk, given(town, **same), actor=town.actor("陈书记"))
    calling.change(short.pk, given(town, hurry="台风明天到", **same), actor=town.actor("陈书记"))
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


def test_what_is_written_down_later_keeps_both_times(town: Place):
    row = opened(town, ago=6)
    about, actor = item(town, row), town.actor("陈书记")
    assert row.opened_at is not None
    began = row.opened_at
    with refused("nobody_came"):
        holding.close(row.pk, Closed(), actor=actor)
    for name in ("甲", "乙"):
        holding.enter(row.pk, Present(name, at=began), actor=actor)
    there(town, row, "丙")  # came only now
    [first, *_] = row.attendance.order_by("came_at", "id")
    for wrong in (began - timedelta(minutes=1), clock.now() + timedelta(hours=1)):
        with refused("time_outside"):
            holding.leave(row.pk, Entry(first.pk, at=wrong), actor=actor)
    holding.leave(row.pk, Entry(first.pk, at=began + timedelta(hours=2)), actor=actor)
    first.refresh_from_db()
    assert first.left_later
    early = began + timedelta(hours=1)
    key = holding.vote(row.pk, VoteGiven(about.pk, "修不修", 2, 0, 0, early), actor=actor)
    taken = Vote.objects.get(pk=key)
    assert (taken.at, taken.present, taken.entered_later) == (early, 2, True)
    with refused("ended_before"):
        holding.close(row.pk, Closed(early), actor=actor)
    row = closed(town, row)
    assert row.close_recorded_at == row.closed_at and not list(verify.verify())


def test_the_recorder_says_as_whom_somebody_is_there(town: Place):
    row = opened(town, kind=Kind.MATTER_MEETING, due=1)
    one = scanned(row)
    holding.confirm(row.pk, Entry(one.pk, part=Part.OBSERVER), actor=town.actor("陈书记"))
    assert not holding.members(row).exists()
    there(town, row, "甲", "乙")  # whoever wants to comes to a 说事会
    assert holding.members(row).count() == 2


def test_a_meeting_that_came_to_nothing_is_not_held(town: Place):
    row = opened(town)
    [one] = there(town, row, "甲")
    with refused("somebody_came"):
        calling.not_held(row.pk, Because("没有人来"), actor=town.actor("陈书记"))
    holding.strike(row.pk, Entry(one.pk, "写错了"), actor=town.actor("陈书记"))
    calling.not_held(row.pk, Because("没有人来"), actor=town.actor("陈书记"))
    row = again(row)
    assert (row.state, row.opened_at) == (State.CANCELLED, None) and not list(verify.verify())


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
