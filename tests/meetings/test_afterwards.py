"""What stays of a meeting (3.1.2): minutes in versions, resolutions until they are carried out, matters, topics of residents."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from shuoshi.kernel import clock, outbox, verify
from shuoshi.kernel.refusal import Refused
from shuoshi.matters.intake import PersonSaid
from shuoshi.matters.models import Entry as Line
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Channel, Naming
from shuoshi.meetings import calling, minutes, queries, resolving, topics
from shuoshi.meetings.calling import Because, Dropped
from shuoshi.meetings.deeds import Nothing
from shuoshi.meetings.minutes import Approval, Release, Text
from shuoshi.meetings.models import FromMeeting, Meeting, Published, Resolution, Topic
from shuoshi.meetings.resolving import OfMatter, Resolved, Said, Told
from shuoshi.meetings.topics import Admitted, TopicGiven
from shuoshi.meetings.vocabulary import Kind, Outcome, State, TopicState
from tests.support.meetings import (
    SOMEBODY,
    again,
    called,
    closed,
    item,
    opened,
    there,
    voted,
    words,
)
from tests.support.village import Place

pytestmark = pytest.mark.django_db


def refused(code: str) -> Any:
    return pytest.raises(Refused, match=code)


# ── minutes ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def approved(town: Place) -> Meeting:
    row = opened(town, ago=50)
    minutes.write(row.pk, Text("说了水渠的事，下周清。"), actor=town.actor("陈书记"))
    row = closed(town, row)
    later = opened(town)
    there(town, later, "甲")
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
    there(town, elsewhere, "甲", by="马镇长")
    other = opened(town, kind=Kind.OTHER)
    there(town, other, "甲")
    for wrong in (row, before, elsewhere, other, later):  # nobody is at the later one yet
        with refused("not_a_later_one"):
            minutes.approve(row.pk, Approval(wrong.pk, 2), actor=actor)
    there(town, later, "甲")
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


def test_what_counts_who_is_due_or_was_voted_on_is_not_resolved_without_a_vote_that_carried_it(town: Place):
    row = opened(town, kind=Kind.DELEGATE_MEETING, due=3)
    about = item(town, row)
    there(town, row, "甲")
    with refused("vote_missing"):
        resolved(town, row, about=about)
    few = voted(town, row, about, 1)  # no quorum
    with refused("vote_not_passed"):
        resolved(town, row, about=about, vote=few.pk)
    said_only = opened(town)
    about = item(town, said_only)
    there(town, said_only, "甲", "乙")
    voted(town, said_only, about, 0, 2)
    with refused("vote_missing"):
        resolved(town, said_only, about=about)


def test_a_resolution_written_down_later_says_so_and_why(town: Place):
    row = opened(town)
    about = item(town, row)
    there(town, row, "甲")
    row = closed(town, row)
    with refused("reason_missing"):
        resolved(town, row, about=about)
    one = resolved(town, row, about=about, because="记漏了")
    assert (str(one.because), one.made_by_id) == ("记漏了", town.persons["陈书记"]) and one.made_at is not None
    assert not list(verify.verify())


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
    [told] = queries.public_coming(clock.now()).rows
    assert [str(one.title) for one in told.agenda] == ["添几个垃圾桶"]  # type: ignore[attr-defined]
    assert not list(verify.verify())


def test_a_topic_waits_again_when_its_item_is_dropped_or_its_meeting_is_not_held(town: Place):
    topic, actor = proposed(town), town.actor("陈书记")
    endings: list[Callable[[Meeting, UUID], object]] = [
        lambda row, about: calling.drop_item(row.pk, Dropped(about, "下次说"), actor=actor),
        lambda row, _about: calling.cancel(row.pk, Because("礼堂漏水"), actor=actor),
    ]
    for end in endings:
        row = called(town)
        end(row, topics.admit(row.pk, Admitted(topic.pk, "垃圾桶", "列上了"), actor=actor))
        topic.refresh_from_db()
        assert (topic.state, topic.settled_at) == (TopicState.WAITING, None) and "列上了" not in str(topic.answer)
    row = opened(town)
    topics.admit(row.pk, Admitted(topic.pk, "垃圾桶"), actor=actor)
    calling.not_held(row.pk, Because("没有人来"), actor=actor)
    topic.refresh_from_db()
    assert topic.state == TopicState.WAITING and again(row).state == State.CANCELLED and not list(verify.verify())


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


def test_a_meeting_at_which_nobody_was_and_one_nobody_opened_are_told_of(town: Place):
    opened(town)
    row = called(town)
    [one] = queries.standings(clock.now())
    assert (one.last, one.long, one.unopened) == (None, True, 0)
    late = row.ends_at + timedelta(days=4)
    [one] = queries.standings(late)
    assert one.unopened == 1
    shown = {one.pk for one in queries.public_coming(row.begins_at).rows}
    assert row.pk in shown and not queries.public_coming(late).rows


def test_looking_back_fills_the_agenda_and_no_more(town: Place, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(calling, "MOST_ITEMS", 3)
    row = opened(town, ago=50)
    about = item(town, row)
    for _ in range(4):
        resolved(town, row, about=about)
    dated = resolved(town, row, about=about, deadline=clock.local(clock.now()).date())
    assert queries.open_resolutions(town.actor("陈书记"))[0].pk == dated.pk
    closed(town, row)
    later = opened(town)
    item(town, later)
    calling.carry_over(later.pk, Nothing(), actor=town.actor("陈书记"))
    assert later.items.count() == 3 and later.items.filter(resolution=dated).exists()
