"""Suggestion boxes on the desk: entered in the settings, opened, confirmed, each letter photographed and written down."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from shuoshi.channels.boxes import actions, keeping
from shuoshi.channels.boxes.models import Aside
from shuoshi.channels.models import Box, Letter, Opening
from shuoshi.kernel import clock
from shuoshi.kernel.actors import SYSTEM
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Channel, Naming
from tests.portal.resident import photo
from tests.support.boxes import hung, opened, page_of, written
from tests.support.statements import Statements
from tests.support.village import Place

Desk = Callable[[str], Client]
PAGE, SET = "/desk/boxes/", "/desk/settings/boxes/"


def opening_form(town: Place, found: str = "1", **changed: str) -> dict[str, str]:
    at = clock.local(clock.now() - timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M")
    second = str(town.persons["钱监督"])
    return {"at": at, "second": second, "found": found, "note": "", "key": uuid4().hex} | changed


def letter_form(letter: Letter, **changed: str) -> dict[str, str]:
    return {
        "letter": str(letter.pk),
        "raised": str(letter.raised.count()),
        "content": "村口路灯坏了三天。",
        "naming": Naming.ANONYMOUS,
        "channel": Channel.BOX,
        "urgency": "U4",
        "tell_by": "page",
        "key": uuid4().hex,
    } | changed


def test_a_box_is_entered_changed_and_taken_down(town: Place, at_desk: Desk):
    admin = at_desk("管理员")
    given = {
        "name": "柳湾村意见箱",
        "place": "大门右边",
        "unit": str(town.units["柳湾村"].pk),
        "point": "",
        "every": "7",
    }
    assert admin.post(f"{SET}new/", given).status_code == 302
    assert "已经有一个" in admin.post(f"{SET}new/", given).content.decode()
    box = Box.objects.get()
    assert admin.post(f"{SET}{box.pk}/", given | {"every": "14", "do": "save"}).status_code == 302
    box.refresh_from_db()
    assert box.every == 14 and "修改意见箱" in admin.get(f"{SET}{box.pk}/").content.decode()
    assert admin.post(f"{SET}{box.pk}/", {"do": "down"}).status_code == 302
    assert "已经撤了" in admin.get(f"{SET}{box.pk}/").content.decode()


def test_an_opening_goes_from_the_form_to_the_second_ones_word(town: Place, at_desk: Desk):
    box, desk = hung(town), at_desk("王芳")
    form = opening_form(town, "2")
    answer = desk.post(f"{PAGE}{box.pk}/open/", form)
    assert answer.status_code == 302 and desk.post(f"{PAGE}{box.pk}/open/", form)["Location"] == answer["Location"]
    page = answer["Location"]
    assert desk.get(page).content.decode().count("等登记") == 2
    second = at_desk("钱监督")
    assert "等您确认的开箱" in second.get(PAGE).content.decode()
    body = second.get(page).content.decode()
    assert "信的内容由开箱的单位登记" in body and "照片，最多" not in body
    assert second.post(page, {"do": "dispute", "objection": ""}).status_code == 422
    assert second.post(page, {"do": "dispute", "objection": "我数的是三封"}).status_code == 302
    assert "我数的是三封" in desk.get(page).content.decode()
    assert "等您确认的开箱" not in second.get(PAGE).content.decode()


@pytest.mark.parametrize("changed", [{"found": "-1"}, {"found": "61"}, {"second": ""}, {"at": "2999-01-01T00:00"}])
def test_what_cannot_be_is_said_at_the_field(town: Place, at_desk: Desk, changed: dict[str, str]):
    box = hung(town)
    answer = at_desk("王芳").post(f"{PAGE}{box.pk}/open/", opening_form(town, note="锁坏了", **changed))
    assert answer.status_code == 422 and "锁坏了" in answer.content.decode() and not Opening.objects.exists()


def test_nobody_else_sees_a_box_its_letters_or_their_pictures(town: Place, at_desk: Desk):
    box = hung(town)
    row = opened(town, box, 1)
    letter = row.letters.get()
    [kept] = actions.add_photos(letter.pk, [page_of(letter)], actor=town.actor("王芳"))
    for who, expected in (("孙丽", 404), ("管理员", 403), ("钱监督", 404)):
        desk = at_desk(who)
        for address in (f"{PAGE}{box.pk}/open/", f"{PAGE}photos/{kept.pk}/"):
            assert desk.get(address).status_code == expected, (who, address)
    assert at_desk("孙丽").get(f"{PAGE}openings/{row.pk}/").status_code == 404
    assert at_desk("孙丽").get(f"/desk/register/?letter={letter.pk}").status_code == 404
    assert at_desk("王芳").get(f"{PAGE}photos/{kept.pk}/?small").content == b"\xff\xd8\xff small"


def test_a_letter_is_photographed_and_written_down_beside_its_picture(town: Place, at_desk: Desk):
    row, desk = opened(town, hung(town), 1), at_desk("王芳")
    letter, page = row.letters.get(), f"{PAGE}openings/{row.pk}/"
    sent = {"do": "photos", "row": str(letter.pk), "photos": [photo("一.jpg"), photo("二.jpg", size=(40, 40))]}
    assert desk.post(page, sent).status_code == 302
    kept = letter.photos.first()
    assert kept is not None and letter.photos.count() == 2
    body = desk.get(f"/desk/register/?letter={letter.pk}").content.decode()
    assert f"/desk/boxes/photos/{kept.pk}/" in body and "本次通话会录音" not in body
    assert re.search(r'<option value="box" selected', body) and "柳湾村委会门口意见箱" in body
    answer = desk.post("/desk/register/", letter_form(letter, next="1"))
    assert answer["Location"] == page
    matter = Matter.objects.get()
    assert (matter.channel, matter.attachments.count(), matter.happened_at) == (Channel.BOX, 2, row.at)
    assert matter.number in desk.get(page).content.decode()
    desk.post("/desk/register/", letter_form(letter, content="垃圾桶也满了。"))
    assert Matter.objects.count() == 2


def test_what_is_no_picture_costs_the_others_nothing(town: Place, at_desk: Desk):
    row, desk = opened(town, hung(town), 1), at_desk("王芳")
    letter = row.letters.get()
    broken = photo("坏.jpg")
    broken.seek(0)
    broken.truncate(20)
    broken.size = 20
    sent = {"do": "photos", "row": str(letter.pk), "photos": [broken, photo("好.jpg")]}
    body = desk.post(f"{PAGE}openings/{row.pk}/", sent, follow=True).content.decode()
    assert "没有收下" in body and letter.photos.count() == 1


def test_a_letter_is_set_aside_only_with_a_reason(town: Place, at_desk: Desk):
    row, desk = opened(town, hung(town), 1), at_desk("王芳")
    page, letter = f"{PAGE}openings/{row.pk}/", row.letters.get()
    actions.add_photos(letter.pk, [page_of(letter)], actor=town.actor("王芳"))
    assert desk.post(page, {"do": "aside", "row": str(letter.pk), "words": "看不清"}).status_code == 422
    assert desk.post(page, {"do": "aside", "row": str(letter.pk), "because": "empty"}).status_code == 302
    assert "空白" in desk.get(page).content.decode()
    assert desk.post(page, {"do": "aside", "row": str(uuid4()), "because": "empty"}).status_code == 404


def test_every_letter_has_names_of_its_own_for_its_controls(town: Place, at_desk: Desk):
    row = opened(town, hung(town), 3)
    body = at_desk("王芳").get(f"{PAGE}openings/{row.pk}/").content.decode()
    found = re.findall(r' id="([^"]+)"', body)
    assert len(found) == len(set(found))


def test_a_letter_waits_with_the_draft_and_is_refused_when_it_was_settled(town: Place, at_desk: Desk):
    row, desk = opened(town, hung(town), 2), at_desk("王芳")
    first, second = row.letters.order_by("ordinal")
    for one in (first, second):
        actions.add_photos(one.pk, [page_of(one)], actor=town.actor("王芳"))
    desk.post("/desk/register/draft/", letter_form(first, content="写到一半"))
    body = desk.get("/desk/register/?kept=1").content.decode()
    assert "写到一半" in body and "第 1 封信" in body and "本次通话会录音" not in body
    actions.register(first.pk, written(), raised=0, actor=town.actor("刘敏"))
    assert desk.post("/desk/register/", letter_form(first, raised="0")).status_code == 409
    assert "这封信已经登记过" in desk.get(f"/desk/register/?letter={first.pk}").content.decode()
    actions.set_aside(second.pk, Aside.ADVERT, actor=town.actor("王芳"))
    assert desk.get(f"/desk/register/?letter={second.pk}").status_code == 409


def test_openings_of_a_box_that_hangs_no_more_are_looked_up(town: Place, at_desk: Desk):
    box = hung(town)
    row = opened(town, box, 0)
    keeping.take_down(box.pk, actor=SYSTEM)
    desk = at_desk("王芳")
    assert f"{PAGE}{box.pk}/open/" in desk.get(PAGE).content.decode()
    body = desk.get(f"{PAGE}{box.pk}/open/").content.decode()
    assert f"{PAGE}openings/{row.pk}/" in body and 'name="second"' not in body


def test_an_opening_written_down_on_another_day_says_so(town: Place, at_desk: Desk):
    with clock.simulated(clock.now() - timedelta(days=5)):
        box = hung(town)
    row = opened(town, box, 0, at=clock.now() - timedelta(days=2))
    assert "什么时候记的" in at_desk("王芳").get(f"{PAGE}openings/{row.pk}/").content.decode()


def test_late_boxes_and_waiting_letters_stand_where_somebody_looks(town: Place, at_desk: Desk):
    box = hung(town, every=3)
    opened(town, box, 2)
    everybody = Client().get("/points/").content.decode()
    assert "上次开箱" in everybody and box.place in everybody
    with clock.simulated(clock.now() + timedelta(days=9)):
        for who in ("王芳", "马镇长"):
            assert "，过了" in at_desk(who).get(PAGE).content.decode()
        body = at_desk("马镇长").get("/desk/ways/").content.decode()
    assert box.name in body and "，过了" in body


def test_the_pages_cost_the_same_for_one_and_for_many(
    town: Place, at_desk: Desk, statements: Callable[[], AbstractContextManager[Statements]]
):
    desk = at_desk("王芳")

    def cost(address: str) -> int:
        desk.get(address)
        with statements() as seen:
            assert desk.get(address).status_code == 200
        return seen.count

    row = opened(town, hung(town), 1)
    one = row.letters.get()
    actions.add_photos(one.pk, [page_of(one)], actor=town.actor("王芳"))
    actions.register(one.pk, written(), raised=0, actor=town.actor("王芳"))
    few = cost(PAGE), cost(f"{PAGE}openings/{row.pk}/")
    more = opened(town, hung(town, name="水利站意见箱"), 5)
    for letter in more.letters.all():
        actions.add_photos(letter.pk, [page_of(letter), page_of(letter, b"two")], actor=town.actor("王芳"))
        actions.register(letter.pk, written(), raised=0, actor=town.actor("王芳"))
    assert (cost(PAGE), cost(f"{PAGE}openings/{more.pk}/")) == few
