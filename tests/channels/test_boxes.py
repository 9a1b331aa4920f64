"""Suggestion boxes (3.2.2): opened by two, every letter comes to something, and nothing is written twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from shuoshi.channels.boxes import actions, keeping, queries
from shuoshi.channels.boxes.models import Aside, FromLetter, Letter, LetterPhoto, LetterState, Opening
from shuoshi.kernel import clock, files, outbox, verify
from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.refusal import KeyReused, Refused
from shuoshi.matters import actions as matters
from shuoshi.matters.models import Matter
from shuoshi.matters.terms import AnswerOnTheSpot
from shuoshi.matters.vocabulary import Channel, Kind
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
        (said(town, second="管理员"), "nobody_there"),
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


def test_two_who_write_the_same_opening_down_are_told(town: Place):
    box = hung(town)
    opened(town, box)
    with refused("opened_already"):
        opened(town, box, by="陈书记")
    assert Opening.objects.count() == 1


def test_whoever_is_of_the_unit_or_the_registry_opens(town: Place):
    village, elsewhere = hung(town), hung(town, "水利站", name="水利站意见箱")
    for n, (who, box) in enumerate(
        [("陈书记", village), ("王芳", village), ("李国强", elsewhere), ("王芳", elsewhere), ("马镇长", village)]
    ):
        with clock.simulated(clock.now() + timedelta(hours=n)):
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
    receipt = actions.register(letter.pk, written(), raised=0, actor=town.actor("王芳"))
    matter = Matter.objects.get(pk=receipt.matter_id)
    assert (matter.channel, str(matter.said_place)) == (Channel.BOX, box.name)
    assert matter.happened_at == letter.opening.at
    assert sorted(files.read(one.stored, matter.data_key())[4:] for one in matter.attachments.all()) == [
        b"page one",
        b"two",
    ]
    letter.refresh_from_db()
    assert (letter.state, letter.settled_by_id) == (LetterState.REGISTERED, town.persons["王芳"])
    with refused("letter_registered"):
        actions.register(letter.pk, written(content="同事也在写。"), raised=0, actor=town.actor("刘敏"))
    actions.register(letter.pk, written(content="还有一件事：垃圾桶满了。"), raised=1, actor=town.actor("王芳"))
    assert FromLetter.objects.filter(letter=letter).count() == Matter.objects.count() == 2
    assert not list(verify.verify())


def seen(town: Place, found: int = 1, **given: Any) -> Letter:
    """A letter with a picture, of a box of the village."""
    letter = opened(town, hung(town, **given), found).letters.order_by("ordinal")[0]
    actions.add_photos(letter.pk, [page_of(letter)], actor=town.actor("王芳"))
    return letter


def test_registered_again_with_the_same_key_it_is_the_same_matter(town: Place):
    letter = seen(town)
    given = written("k")
    receipts = {actions.register(letter.pk, given, raised=0, actor=town.actor("王芳")).number for _ in range(2)}
    assert len(receipts) == Matter.objects.count() == FromLetter.objects.count() == 1


def test_a_key_of_another_registration_settles_no_letter(town: Place):
    matters.register(written("k"), actor=town.actor("王芳"))
    with pytest.raises(KeyReused):
        actions.register(seen(town).pk, written("k"), raised=0, actor=town.actor("王芳"))
    assert Letter.objects.get().state == LetterState.WAITING


def test_a_letter_cannot_be_lost_by_registering_it(town: Place):
    letter = seen(town)
    spot = AnswerOnTheSpot(kind=Kind.POLICY_ENQUIRY, title="路灯", answer="说过了", clear=True)
    for given in (written(drill=True), written(settle=spot)):
        with refused("letter_is_real"):
            actions.register(letter.pk, given, raised=0, actor=town.actor("王芳"))
    actions.register(letter.pk, written(channel=Channel.HOTLINE), raised=0, actor=town.actor("王芳"))
    assert Matter.objects.get().channel == Channel.BOX


def test_a_letter_is_photographed_before_it_is_copied_and_not_after(town: Place):
    letter = opened(town, hung(town), 1).letters.get()
    with refused("letter_unseen"):
        actions.register(letter.pk, written(), raised=0, actor=town.actor("王芳"))
    actions.add_photos(letter.pk, [page_of(letter)], actor=town.actor("王芳"))
    actions.register(letter.pk, written(), raised=0, actor=town.actor("王芳"))
    with refused("letter_settled"):
        actions.add_photos(letter.pk, [page_of(letter, b"later")], actor=town.actor("王芳"))


def test_what_was_not_counted_is_added_and_what_was_not_there_struck_only_in_dispute(town: Place):
    row = opened(town, hung(town), 1)
    [added] = actions.add_letters(row.pk, 1, actor=town.actor("王芳"))
    assert added.ordinal == 2
    with refused("not_disputed"):
        actions.set_aside(added.pk, Aside.MISCOUNTED, actor=town.actor("王芳"))
    actions.answer(row.pk, agrees=False, objection="只有一封", actor=town.actor("钱监督"))
    actions.set_aside(added.pk, Aside.MISCOUNTED, actor=town.actor("王芳"))
    with refused("so_many_letters"):
        actions.add_letters(row.pk, 59, actor=town.actor("王芳"))
    assert not list(verify.verify())


def test_whom_its_matter_is_kept_from_reads_the_letter_no_more(town: Place):
    letter = seen(town)
    [photo] = letter.photos.all()
    village, registry = town.actor("陈书记"), town.actor("王芳")
    assert queries.photo(photo.pk, village) == queries.photo(photo.pk, registry) == photo
    actions.register(letter.pk, written(concerns_people=(town.persons["王芳"],)), raised=0, actor=town.actor("刘敏"))
    for actor in (village, registry):
        assert queries.photo(photo.pk, actor) is None
    [read] = queries.letters(letter.opening, registry)
    assert (read.kept, list(read.photos), list(read.matters)) == (True, [], [])
    assert queries.letter(letter.pk, registry) is None and queries.photo(photo.pk, town.actor("刘敏")) == photo


def test_who_leaves_no_name_in_a_letter_is_owed_no_receipt(town: Place):
    actions.register(seen(town).pk, written(), raised=0, actor=town.actor("王芳"))
    assert not outbox.waiting_for(town.actor("王芳"), outbox.Channel.SLIP)


def test_an_opening_nobody_confirms_counts_for_days_only(town: Place):
    box = hung(town, every=7)
    with clock.simulated(clock.now() + timedelta(days=6)):
        row = opened(town, box, 0)
        assert queries.hanging(clock.now())[0].last == row.at
    with clock.simulated(clock.now() + timedelta(days=10)):
        [one] = queries.hanging(clock.now())
        assert (one.last, one.unsure, one.late) == (None, 1, True)
        actions.answer(row.pk, agrees=True, actor=town.actor("钱监督"))
        [one] = queries.hanging(clock.now())
        assert (one.last, one.unsure, one.late) == (row.at, 0, False)


def test_a_disputed_opening_does_not_count(town: Place):
    box = hung(town)
    row = opened(town, box, 0)
    actions.answer(row.pk, agrees=False, objection="没有开", actor=town.actor("钱监督"))
    [one] = queries.hanging(clock.now())
    assert (one.last, one.unsure) == (None, 1)


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
    for because in set(Aside) - {Aside.MISCOUNTED}:
        with refused("letter_unseen"):
            actions.set_aside(first.pk, because, actor=town.actor("王芳"))
    for one in (first, second):
        actions.add_photos(one.pk, [page_of(one)], actor=town.actor("王芳"))
    actions.set_aside(first.pk, Aside.ADVERT, "卖保健品的", actor=town.actor("王芳"))
    actions.set_aside(second.pk, Aside.EMPTY, actor=town.actor("王芳"))
    for again in (first, second):
        with refused("letter_settled"):
            actions.set_aside(again.pk, Aside.EMPTY, actor=town.actor("王芳"))
        with refused("letter_aside"):
            actions.register(again.pk, written(), raised=0, actor=town.actor("王芳"))
    assert not Matter.objects.exists() and not list(verify.verify())


def test_letters_are_for_those_who_open_the_box(town: Place):
    letter = opened(town, hung(town), 1).letters.get()
    for who in ("钱监督", "孙丽"):
        for do in (
            lambda actor: actions.add_photos(letter.pk, [page_of(letter)], actor=actor),
            lambda actor: actions.register(letter.pk, written(), raised=0, actor=actor),
            lambda actor: actions.set_aside(letter.pk, Aside.EMPTY, actor=actor),
        ):
            with refused("not_of_this_box"):
                do(town.actor(who))


def test_a_box_that_is_not_opened_in_time_is_late(town: Place):
    box = hung(town, every=7)
    with clock.simulated(clock.now() + timedelta(days=7)):
        assert not queries.hanging(clock.now())[0].late
        actions.answer(opened(town, box, 1).pk, agrees=True, actor=town.actor("钱监督"))
    with clock.simulated(clock.now() + timedelta(days=15)):
        [one] = queries.hanging(clock.now())
        assert (one.late, one.waiting) == (True, 1)


def test_a_box_whose_letters_wait_is_not_taken_down(town: Place):
    box = hung(town)
    letter = opened(town, box, 1).letters.get()
    with refused("letters_wait"):
        keeping.take_down(box.pk, actor=SYSTEM)
    actions.add_photos(letter.pk, [page_of(letter)], actor=town.actor("王芳"))
    actions.set_aside(letter.pk, Aside.EMPTY, actor=town.actor("王芳"))
    keeping.take_down(box.pk, actor=SYSTEM)
    with refused("box_down"):
        opened(town, box, 0)
    assert queries.hanging(clock.now()) == []
    hung(town)  # the name is free again


def test_a_letter_hangs_at_the_point_of_its_box(town: Place):
    point = point_opened(town)
    letter = seen(town, point_id=point.pk)
    receipt = actions.register(letter.pk, written(), raised=0, actor=town.actor("王芳"))
    assert Matter.objects.get(pk=receipt.matter_id).said_point == point
