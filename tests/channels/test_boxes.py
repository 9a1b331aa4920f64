"""Suggestion boxes (3.2.2): opened by two, every letter comes to something, and nothing is written twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from shuoshi.channels.boxes import actions, keeping, queries
from shuoshi.channels.boxes.models import Aside, FromLetter, Letter, LetterPhoto, LetterState, Opening
from shuoshi.kernel import clock, files, verify
from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.refusal import KeyReused, Refused
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Channel
from tests.support.boxes import hung, opened, page_of, said, written
from tests.support.points import opened as point_opened
from tests.support.village import Place

pytestmark = pytest.mark.django_db


def refused(code: str) -> Any:
    return pytest.raises(Refused, match=code)


def test_an_opening_leaves_a_letter_for_each_that_was_found(town: Place):
    box = hung(town)
    row = opened(town, box, 3, note="锁有点松")
    assert [one.ordinal for one in row.letters.order_by("ordinal")] == [1, 2, 3]
    assert (row.by_id, row.second_id, str(row.note)) == (town.persons["王芳"], town.persons["钱监督"], "锁有点松")
    assert not list(verify.verify())


def test_an_opening_that_found_nothing_is_an_opening(town: Place):
    box = hung(town)
    opened(town, box, 0)
    [one] = queries.hanging(clock.now())
    assert one.last is not None and (one.waiting, one.late) == (0, False)


def test_one_intention_is_one_opening(town: Place):
    box, given = hung(town), said(town)
    first = actions.open_(box.pk, given, actor=town.actor("王芳"))
    assert actions.open_(box.pk, given, actor=town.actor("王芳")).pk == first.pk
    with pytest.raises(KeyReused):
        actions.open_(box.pk, said(town, 5, key=given.key), actor=town.actor("王芳"))
    assert (Opening.objects.count(), Letter.objects.count()) == (1, 2)


def test_it_takes_two_who_are_there_and_a_time_that_was(town: Place):
    box, now = hung(town), clock.now()
    for given, code in (
        (said(town, second="王芳"), "opened_alone"),
        (said(town, at=now + timedelta(hours=1)), "opened_later"),
        (said(town, at=now - timedelta(days=9)), "opened_before"),
        (said(town, 61), "so_many_letters"),
    ):
        with refused(code):
            actions.open_(box.pk, given, actor=town.actor("王芳"))
    for who in ("孙丽", "钱监督", "管理员"):
        with refused("not_of_this_box"):
            actions.open_(box.pk, said(town, second="赵红"), actor=town.actor(who))
    with pytest.raises(IntegrityError), transaction.atomic():
        Opening.objects.update_or_create(
            box=box, at=now, recorded_at=now, by_id=town.persons["王芳"], second_id=town.persons["王芳"], found=0
        )
    assert not Opening.objects.exists()


def test_whoever_is_of_the_unit_or_the_registry_opens(town: Place):
    village, elsewhere = hung(town), hung(town, "水利站", name="水利站意见箱")
    for who, box in (
        ("陈书记", village),
        ("王芳", village),
        ("李国强", elsewhere),
        ("王芳", elsewhere),
        ("马镇长", village),
    ):
        opened(town, box, 0, by=who)
    with refused("not_of_this_box"):
        opened(town, elsewhere, 0, by="陈书记")


def test_only_the_second_one_says_whether_it_was_so_and_once(town: Place):
    row = opened(town, hung(town))
    with refused("not_the_second"):
        actions.answer(row.pk, agrees=True, actor=town.actor("王芳"))
    with refused("objection_missing"):
        actions.answer(row.pk, agrees=False, objection="  ", actor=town.actor("钱监督"))
    assert queries.to_answer(town.actor("钱监督")) == [row]
    actions.answer(row.pk, agrees=False, objection="我数的是三封", actor=town.actor("钱监督"))
    row.refresh_from_db()
    assert (row.agrees, str(row.objection)) == (False, "我数的是三封")
    assert queries.to_answer(town.actor("钱监督")) == []
    with refused("opening_answered"):
        actions.answer(row.pk, agrees=True, actor=town.actor("钱监督"))
    assert not list(verify.verify())


def test_a_letter_becomes_a_matter_with_its_pictures_and_may_become_more(town: Place):
    box = hung(town)
    letter = opened(town, box, 1).letters.get()
    assert len(actions.add_photos(letter.pk, [page_of(letter), page_of(letter, b"two")], actor=town.actor("王芳"))) == 2
    receipt = actions.register(letter.pk, written(), actor=town.actor("王芳"))
    matter = Matter.objects.get(pk=receipt.matter_id)
    assert (matter.channel, str(matter.said_place)) == (Channel.BOX, box.name)
    assert matter.happened_at == letter.opening.at
    assert sorted(files.read(one.stored, matter.data_key())[4:] for one in matter.attachments.all()) == [
        b"page one",
        b"two",
    ]
    letter.refresh_from_db()
    assert (letter.state, letter.settled_by_id) == (LetterState.REGISTERED, town.persons["王芳"])
    actions.register(letter.pk, written(content="还有一件事：垃圾桶满了。"), actor=town.actor("王芳"))
    assert FromLetter.objects.filter(letter=letter).count() == Matter.objects.count() == 2
    assert not list(verify.verify())


def test_registered_again_with_the_same_key_it_is_the_same_matter(town: Place):
    letter = opened(town, hung(town), 1).letters.get()
    receipts = {actions.register(letter.pk, written("k"), actor=town.actor("王芳")).number for _ in range(2)}
    assert len(receipts) == Matter.objects.count() == FromLetter.objects.count() == 1


def test_a_picture_sent_again_is_not_kept_twice_and_nine_are_enough(town: Place):
    letter = opened(town, hung(town), 1).letters.get()
    for _ in range(2):
        actions.add_photos(letter.pk, [page_of(letter), page_of(letter)], actor=town.actor("王芳"))
    assert LetterPhoto.objects.count() == 1
    with refused("too_many_photos"):
        actions.add_photos(letter.pk, [page_of(letter, b"%d" % n) for n in range(9)], actor=town.actor("王芳"))
    assert files.named([LetterPhoto.objects.get().stored]), "what clears files away knows them"


def test_a_letter_is_set_aside_with_a_reason_and_seen_before(town: Place):
    first, second = opened(town, hung(town), 2).letters.order_by("ordinal")
    with refused("letter_unseen"):
        actions.set_aside(first.pk, Aside.ADVERT, actor=town.actor("王芳"))
    actions.add_photos(first.pk, [page_of(first)], actor=town.actor("王芳"))
    actions.set_aside(first.pk, Aside.ADVERT, "卖保健品的", actor=town.actor("王芳"))
    actions.set_aside(second.pk, Aside.EMPTY, actor=town.actor("王芳"))
    for again in (first, second):
        with refused("letter_settled"):
            actions.set_aside(again.pk, Aside.EMPTY, actor=town.actor("王芳"))
        with refused("letter_aside"):
            actions.register(again.pk, written(), actor=town.actor("王芳"))
    assert not Matter.objects.exists() and not list(verify.verify())


def test_letters_are_for_those_who_open_the_box(town: Place):
    letter = opened(town, hung(town), 1).letters.get()
    for who in ("钱监督", "孙丽"):
        for do in (
            lambda actor: actions.add_photos(letter.pk, [page_of(letter)], actor=actor),
            lambda actor: actions.register(letter.pk, written(), actor=actor),
            lambda actor: actions.set_aside(letter.pk, Aside.EMPTY, actor=actor),
        ):
            with refused("not_of_this_box"):
                do(town.actor(who))


def test_a_box_that_is_not_opened_in_time_is_late(town: Place):
    box = hung(town, every=7)
    with clock.simulated(clock.now() + timedelta(days=7)):
        assert not queries.hanging(clock.now())[0].late
        opened(town, box, 1)
    with clock.simulated(clock.now() + timedelta(days=15)):
        [one] = queries.hanging(clock.now())
        assert (one.late, one.waiting) == (True, 1)


def test_a_box_whose_letters_wait_is_not_taken_down(town: Place):
    box = hung(town)
    letter = opened(town, box, 1).letters.get()
    with refused("letters_wait"):
        keeping.take_down(box.pk, actor=SYSTEM)
    actions.set_aside(letter.pk, Aside.EMPTY, actor=town.actor("王芳"))
    keeping.take_down(box.pk, actor=SYSTEM)
    with refused("box_down"):
        opened(town, box, 0)
    assert queries.hanging(clock.now()) == []
    hung(town)  # the name is free again


def test_a_letter_hangs_at_the_point_of_its_box(town: Place):
    point = point_opened(town)
    letter = opened(town, hung(town, point_id=point.pk), 1).letters.get()
    receipt = actions.register(letter.pk, written(), actor=town.actor("王芳"))
    assert Matter.objects.get(pk=receipt.matter_id).said_point == point
