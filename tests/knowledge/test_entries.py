"""2.2.1: an entry is written by one person and published by another, changes by versions, and can be put back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from shuoshi.kernel import clock
from shuoshi.kernel.events import Event
from shuoshi.kernel.refusal import Stale
from shuoshi.kernel.verify import verify
from shuoshi.knowledge import actions, queries
from shuoshi.knowledge.models import Audience, Entry, EntryVersion, Source, State
from tests.knowledge.written import ANSWER, given, propose, published, refused, today
from tests.support.village import Place


def test_what_residents_read_is_published_by_somebody_else(town: Place):
    entry = propose(town, "周建国")
    assert not queries.for_everybody().exists()
    with refused("own_words"):
        actions.publish(entry.pk, 1, actor=town.actor("周建国"))
    with refused("not_manager"):
        actions.publish(entry.pk, 1, actor=town.actor("孙丽"))
    actions.publish(entry.pk, 1, actor=town.actor("马镇长"))
    assert [one.current.answer for one in queries.public_list()] == [ANSWER]


def test_a_head_publishes_what_only_staff_read_alone(town: Place):
    entry = propose(town, "周建国", audience=Audience.STAFF)
    actions.publish(entry.pk, 1, actor=town.actor("周建国"))
    assert queries.in_force().exists() and not queries.for_everybody().exists()


def test_it_waits_at_the_owner_or_above_where_its_only_head_wrote_it(town: Place):
    by_handler, by_head = propose(town, "孙丽"), propose(town, "周建国", question="另一个问题")
    assert by_handler.waits_at == town.units["城建办"].path
    assert by_head.waits_at == town.units["青禾镇"].path
    assert [one.pk for one in queries.to_publish(town.actor("周建国"))] == [by_handler.pk]
    assert [one.pk for one in queries.to_publish(town.actor("马镇长"))] == [by_head.pk]


def test_the_registry_writes_for_every_unit_it_serves_and_publishes_nothing(town: Place):
    entry = propose(town, "王芳", "水利站")
    with refused("not_manager"):
        actions.publish(entry.pk, 1, actor=town.actor("王芳"))
    with refused("not_writer"):
        propose(town, "李国强", "城建办")
    with refused("not_writer"):
        propose(town, "王芳", "县水务局")


def test_a_new_version_leaves_the_old_one_in_force_until_it_is_published(town: Place):
    entry = published(town)
    actions.revise(entry.pk, given(answer="改了的答案。"), seen=1, actor=town.actor("孙丽"))
    assert queries.public_entry(entry.number).current.answer == ANSWER
    actions.publish(entry.pk, 2, actor=town.actor("周建国"))
    assert queries.public_entry(entry.number).current.answer == "改了的答案。"


def test_an_earlier_version_is_put_in_force_again_and_nothing_is_lost(town: Place):
    entry = published(town)
    actions.revise(entry.pk, given(answer="写错了的答案。"), seen=1, actor=town.actor("孙丽"))
    actions.publish(entry.pk, 2, actor=town.actor("周建国"))
    actions.publish(entry.pk, 1, actor=town.actor("周建国"))
    found = queries.public_entry(entry.number)
    assert (found.current.number, found.current.answer) == (1, ANSWER)
    deeds = [event.action for event in Event.objects.filter(stream_kind="knowledge").order_by("sequence")]
    assert deeds == ["propose_entry", "publish_entry", "revise_entry", "publish_entry", "publish_entry_again"]
    assert [(one.number, stood) for one, stood in queries.versions(found)] == [(2, True), (1, True)]


def test_undo_brings_back_only_what_was_published_once(town: Place):
    entry = published(town)
    actions.revise(entry.pk, given(answer="没有发布过。"), seen=1, actor=town.actor("孙丽"))
    actions.decline(entry.pk, 2, "先核对一下文件", actor=town.actor("周建国"))
    with refused("never_published"):
        actions.publish(entry.pk, 2, actor=town.actor("马镇长"))


def test_two_who_write_at_once_are_told_of_each_other(town: Place):
    entry = published(town)
    actions.revise(entry.pk, given(answer="第一个人的。"), seen=1, actor=town.actor("孙丽"))
    with pytest.raises(Stale) as told:
        actions.revise(entry.pk, given(answer="第二个人的。"), seen=1, actor=town.actor("周建国"))
    assert told.value.by == "孙丽"


def test_who_declines_a_version_that_was_overtaken_is_told_by_what(town: Place):
    entry = published(town)
    actions.revise(entry.pk, given(answer="第二版。"), seen=1, actor=town.actor("孙丽"))
    actions.revise(entry.pk, given(answer="第三版。"), seen=2, actor=town.actor("孙丽"))
    with pytest.raises(Stale) as told:
        actions.decline(entry.pk, 2, "不对", actor=town.actor("周建国"))
    assert (told.value.what_happened, told.value.by) == ("写了新的一版", "孙丽")
    actions.publish(entry.pk, 3, actor=town.actor("周建国"))
    with pytest.raises(Stale) as told:
        actions.decline(entry.pk, 3, "不对", actor=town.actor("马镇长"))
    assert (told.value.what_happened, told.value.by) == ("发布了这一版", "周建国")


def test_a_version_that_never_was_is_refused_and_only_to_who_may(town: Place):
    entry = propose(town)
    for who, why in (("孙丽", "not_manager"), ("周建国", "no_such_version")):
        with refused(why):
            actions.publish(entry.pk, 9, actor=town.actor(who))
        with refused(why):
            actions.decline(entry.pk, 9, "不对", actor=town.actor(who))


def test_the_same_words_make_no_version_and_the_same_key_no_second_entry(town: Place):
    entry = published(town)
    actions.revise(entry.pk, given(), seen=1, actor=town.actor("孙丽"))
    assert EntryVersion.objects.count() == 1
    for _time in range(2):  # sent twice by a slow hand
        actions.revise(entry.pk, given(answer="改过的。"), seen=1, actor=town.actor("孙丽"))
    assert EntryVersion.objects.count() == 2
    said = given(question="新问题")
    one, two = (actions.propose(said, town.units["城建办"].pk, actor=town.actor("孙丽"), key="k") for _time in range(2))
    assert one == two and Entry.objects.count() == 2


def test_a_refusal_says_why_and_the_writer_may_try_again(town: Place):
    entry = propose(town)
    actions.decline(entry.pk, 1, "先说结论", actor=town.actor("周建国"))
    assert queries.history(entry)[0].why == "先说结论"
    entry = actions.revise(entry.pk, given(answer="结论在前。"), seen=1, actor=town.actor("孙丽"))
    assert entry.waiting.number == 2


def test_out_of_force_nobody_finds_it_and_it_can_be_put_back(town: Place):
    entry = published(town)
    with refused("not_manager"):
        actions.retire(entry.pk, "政策停了", actor=town.actor("孙丽"))
    actions.retire(entry.pk, "政策停了", actor=town.actor("周建国"))
    assert not queries.in_force().exists()
    actions.publish(entry.pk, 1, actor=town.actor("周建国"))
    assert queries.public_entry(entry.number).state == State.PUBLISHED


def test_somebody_of_the_unit_says_that_it_still_holds(town: Place):
    entry = published(town, review_on=today() + timedelta(days=3))
    with clock.simulated(clock.now() + timedelta(days=3)):
        assert queries.to_review(town.actor("孙丽"), today()).exists()
        with refused("not_keeper"):
            actions.confirm_reviewed(entry.pk, today() + timedelta(days=90), actor=town.actor("王芳"))
        with refused("review_odd"):
            actions.confirm_reviewed(entry.pk, today(), actor=town.actor("孙丽"))
        entry = actions.confirm_reviewed(entry.pk, today() + timedelta(days=90), actor=town.actor("孙丽"))
        assert entry.reviewed_on == today()
        assert not queries.to_review(town.actor("孙丽"), today()).exists()


def test_only_who_manages_both_hands_an_entry_over(town: Place):
    entry = propose(town)
    with refused("not_manager"):
        actions.hand_over(entry.pk, town.units["水利站"].pk, actor=town.actor("周建国"))
    entry = actions.hand_over(entry.pk, town.units["水利站"].pk, actor=town.actor("管理员"))
    assert entry.waits_at == town.units["水利站"].path


def test_what_is_odd_is_refused_in_words(town: Place):
    odd: dict[str, dict[str, object]] = {
        "question_missing": {"question": " "},
        "question_too_long": {"question": "问" * 81},
        "answer_missing": {"answer": ""},
        "answer_too_long": {"answer": "答" * 4_001},
        "categories_missing": {"categories": ()},
        "category_unknown": {"categories": ("A777",)},
        "ways_too_many": {"ways": ("说法",) * 31},
        "sources_odd": {"sources": (Source(" "),)},
        "link_odd": {"sources": (Source("文件", link="javascript:alert(1)"),)},
        "review_odd": {"review_on": today()},
    }
    for code, changed in odd.items():
        with refused(code):
            propose(town, **changed)
    with refused("review_odd"):
        propose(town, review_on=today() + timedelta(days=2_000))
    assert not Entry.objects.exists()


def test_verify_finds_a_changed_byte_in_an_entry(town: Place):
    entry = published(town)
    actions.revise(entry.pk, given(answer="第二版。"), seen=1, actor=town.actor("孙丽"))
    assert list(verify()) == []
    with connection.cursor() as cursor:
        cursor.execute("UPDATE knowledge_entryversion SET answer = 'x' WHERE number = 1")
    broken = list(verify())
    assert [(one.where.partition(":")[0], one.column) for one in broken] == [("knowledge.entryversion", "answer")]


def test_verify_finds_an_entry_put_in_force_past_the_verbs(town: Place):
    entry = propose(town)
    version = entry.waiting_id
    Entry.objects.filter(pk=entry.pk).update(state=State.PUBLISHED, current=version, review_on=today())
    assert [one.column for one in verify()] == ["state"]
