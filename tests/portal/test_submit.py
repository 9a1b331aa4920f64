"""3, 4.1.1: a resident says something without an account and without script, and nothing typed is lost."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from shuoshi.kernel import clock
from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.drafts import DraftFile
from shuoshi.kernel.templatetags.shuoshi import day
from shuoshi.matters import query_code
from shuoshi.matters.models import Attachment, Exclusion, Matter, Party
from shuoshi.matters.scope import visible_to
from shuoshi.matters.vocabulary import Channel, DeadlineKind, Naming, Status
from shuoshi.organization import actions as organization
from tests.portal.resident import SAID, Resident, photo


def test_four_pages_lead_to_a_receipt_with_number_code_and_drawing(resident: Resident):
    resident.goes_through(who={"naming": "named", "name": "陈大明", "phone": "138 0000 0017", "tell_by": "call"})
    assert SAID in resident.page("/submit/check/")

    matter = resident.sends()
    receipt = resident.page("/submit/done/")

    assert matter.channel == Channel.ONLINE
    assert matter.number in receipt
    assert "<svg" in receipt
    assert "最晚" in receipt
    assert matter.content == SAID
    assert Party.objects.get(matter=matter).person.name == "陈大明"
    assert resident.page("/submit/done/").count(matter.number) == receipt.count(matter.number)


def test_pressing_twice_gives_the_same_receipt(resident: Resident):
    resident.goes_through()
    first = resident.sends()
    assert resident.browser.post("/submit/check/").headers["Location"].endswith("/submit/done/")
    assert Matter.objects.count() == 1
    assert first.number in resident.page("/submit/done/")


def test_a_press_whose_answer_was_lost_finds_the_receipt_when_pressed_again(resident: Resident):
    resident.goes_through()
    matter = resident.sends()
    code = query_code.in_fours(query_code.code_of(matter))
    del resident.browser.cookies["opened"]
    assert code not in resident.browser.get("/submit/done/", follow=True).content.decode()
    assert resident.browser.post("/submit/check/").headers["Location"].endswith("/submit/done/")
    assert code in resident.page("/submit/done/")
    assert Matter.objects.count() == 1


def test_after_leaving_a_press_opens_nothing_again(resident: Resident):
    resident.goes_through()
    resident.sends()
    resident.browser.post("/track/leave/")
    assert resident.browser.post("/submit/check/").headers["Location"].endswith("/submit/what/")
    assert resident.browser.get("/submit/done/").headers["Location"] == "/track/"


def test_a_second_matter_after_the_first_is_another_one(resident: Resident):
    resident.goes_through()
    resident.sends()
    resident.goes_through("村口路灯坏了")
    resident.sends()
    assert Matter.objects.count() == 2


def test_nothing_said_is_told_beside_the_field_and_keeps_the_rest(resident: Resident):
    answer = resident.says("", danger="1")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "请写下您要说的事，一句话也行。" in page
    assert 'aria-invalid="true"' in page
    assert "checked" in page


def test_long_texts_and_rare_characters_survive(resident: Resident):
    said = "䶮𠮷村的𰻝面馆😀漏水" + "长" * 19_980
    assert len(said) <= 20_000
    resident.goes_through(said)
    assert resident.sends().content == said


def test_a_text_that_is_too_long_is_kept_in_the_form(resident: Resident):
    said = "长" * 20_500
    answer = resident.says(said)
    assert answer.status_code == 422
    assert "最多 20,000 字，现在是 20,500 字。" in answer.content.decode()
    assert said in answer.content.decode()


def test_photos_are_kept_shown_and_sent(resident: Resident):
    resident.goes_through(photo=[photo(), photo("二.png", form="PNG")])
    assert "照片 2 张" in resident.page("/submit/check/")
    assert resident.browser.get("/submit/photo/1/").status_code == 200
    matter = resident.sends()
    assert Attachment.objects.filter(matter=matter).count() == 2


def test_each_refused_photo_is_named_and_the_others_stay(resident: Resident):
    broken = SimpleUploadedFile("坏.jpg", b"\xff\xd8\xff" + b"0" * 500, "image/jpeg")
    pages = SimpleUploadedFile("表.pdf", b"%PDF-1.7 nothing", "application/pdf")
    large = SimpleUploadedFile("大.jpg", b"\xff\xd8\xff" + b"0" * (14 * 1024 * 1024), "image/jpeg")
    answer = resident.says(photo=[photo(), broken, pages, large])
    page = answer.content.decode()
    assert answer.status_code == 422
    for sentence in ("第 2 张没有收下", "第 3 张没有收下", "第 4 张没有收下：14 MB，最多 10 MB", "其余 1 张已收下。"):
        assert sentence in page
    assert SAID in page
    assert DraftFile.objects.count() == 1
    assert resident.browser.get("/submit/where/").status_code == 200


def test_of_twenty_photos_five_are_kept_at_a_time_and_nine_in_all(resident: Resident):
    answer = resident.says(photo=[photo(f"{n}.jpg") for n in range(20)])
    assert answer.status_code == 422
    assert "一次最多收 5 张，后面 15 张没有收下，请再选一次。其余 5 张已收下。" in answer.content.decode()
    assert DraftFile.objects.count() == 5
    answer = resident.says(photo=[photo(f"{n}.jpg") for n in range(5, 20)])
    assert "最多 9 张，后面 11 张没有收下。" in answer.content.decode()
    assert DraftFile.objects.count() == 9
    assert 'name="photo"' not in resident.page("/submit/what/")


def test_a_photo_can_be_taken_away_again(resident: Resident):
    resident.says(photo=[photo("一.jpg"), photo("二.jpg")])
    resident.says(remove="0")
    page = resident.page("/submit/what/")
    assert "照片 1" in page and "照片 2" not in page
    assert [file.name for file in DraftFile.objects.all()] == ["二.jpg"]


def test_the_same_photo_sent_twice_is_there_once(resident: Resident):
    for _ in range(2):
        resident.says(photo=[photo("一.jpg")])
    assert DraftFile.objects.count() == 1


@pytest.mark.parametrize("button", ["upload", "remove"])
def test_a_button_of_the_photos_takes_nothing_away_that_was_typed(resident: Resident, town, button: str):
    unit = str(town.units["城建办"].pk)
    resident.says(photo=[photo()])
    typed = {"concerns_unit": unit, "concerns_words": "一个姓周的", "danger": "1", button: "0"}
    page = resident.says("水管又爆了", **typed).content.decode()
    for kept in ("水管又爆了", f'value="{unit}" selected', 'value="一个姓周的"'):
        assert kept in page
    assert re.search(r'name="danger"[^>]* checked', page)
    page = resident.page("/submit/what/")
    assert f'value="{unit}" selected' in page and 'value="一个姓周的"' in page


def test_photos_sent_before_the_first_word_bring_no_reproach(resident: Resident):
    answer = resident.says("", upload="1", photo=[photo()])
    assert answer.status_code == 200
    assert "处要改" not in answer.content.decode() and "已收下" in answer.content.decode()
    assert resident.browser.get("/submit/where/").status_code == 302, "the words are still to come"


@pytest.mark.parametrize("address", ["/submit/what/", "/track/{}/add/", "/track/{}/not-solved/"])
def test_enter_presses_no_button_of_the_photos(resident: Resident, town, address: str):
    """The first button of a form is what Enter in one of its lines presses."""
    matter = town.matter_in(Status.CLOSED)
    resident.opens(matter)
    here = address.format(matter.number)
    resident.browser.post(here, {"upload": "1", "photo": [photo()], "album": "a" * 22})
    page = resident.browser.post(here, {"upload": "1", "album": "a" * 22}).content.decode()
    form = page.split("<main")[1].split("<form")[1]
    assert 'name="remove"' in form
    first = re.search(r"<button[^>]*>", form)
    assert first is not None and "name=" not in first[0]
    assert 'tabindex="-1"' in first[0] and 'aria-hidden="true"' in first[0]


def test_somebody_without_a_name_leaves_no_person(resident: Resident):
    resident.goes_through(who={"naming": "anonymous", "name": "陈大明", "phone": "13800000017"})
    matter = resident.sends()
    assert matter.naming == Naming.ANONYMOUS
    assert not Party.objects.filter(matter=matter).exists()


def test_a_name_may_be_hidden_from_the_handling_unit(resident: Resident):
    resident.goes_through(who={"naming": "confidential", "name": "陈大明", "phone": "13800000017"})
    assert resident.sends().naming == Naming.CONFIDENTIAL


def test_somebody_speaks_for_another(resident: Resident):
    who = {"naming": "named", "name": "李强", "phone": "13800000018", "for_other": "1", "other_name": "王秀兰"}
    resident.goes_through(who=who)
    matter = resident.sends()
    assert {party.role: party.person.name for party in matter.parties.all()} == {
        "speaker": "李强",
        "on_behalf_of": "王秀兰",
    }


def test_a_wrong_telephone_number_says_how_one_looks(resident: Resident):
    resident.says()
    resident.browser.post("/submit/where/", {})
    answer = resident.browser.post("/submit/who/", {"naming": "named", "name": "陈大明", "phone": "1380000"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "手机号应是 11 位数字，例如 138 0000 0000。" in page
    assert "1380000" in page


def test_the_unit_complained_about_is_kept_from_the_matter(resident: Resident, town):
    unit = town.units["城建办"]
    resident.goes_through(concerns_unit=str(unit.pk), concerns_words="一个姓周的")
    assert "看不到" in resident.page("/submit/check/")
    matter = resident.sends()
    assert Exclusion.objects.filter(matter=matter, unit=unit).exists()
    assert matter.concerns_words == "一个姓周的"


def test_somebody_named_in_words_never_sees_it_and_the_page_promises_no_more(resident: Resident, town):
    resident.goes_through(concerns_words="登记员王芳，还有一个姓周的")
    page = resident.page("/submit/check/")
    assert "您说到的王芳：看不到，也不经手。" in page
    assert "您写的“登记员王芳，还有一个姓周的”：受理中心先核对说的是谁，再交办。" in page
    matter = resident.sends()
    assert not visible_to(town.actor("王芳")).filter(pk=matter.pk).exists()
    assert visible_to(town.actor("刘敏")).filter(pk=matter.pk).exists()


def test_where_nobody_is_found_nothing_is_promised(resident: Resident, town):
    resident.goes_through(concerns_words="一个姓周的")
    page = resident.page("/submit/check/")
    assert "看不到，也不经手" not in page and "受理中心先核对说的是谁，再交办" in page
    assert resident.sends().concerns_to_check


def test_pages_cannot_be_skipped(resident: Resident):
    for address in ("/submit/where/", "/submit/who/", "/submit/check/"):
        assert resident.browser.get(address).headers["Location"].endswith("/submit/what/"), address
    assert resident.browser.get("/submit/done/").headers["Location"] == "/track/"


@pytest.mark.parametrize("minutes", [16, 31])
def test_a_receipt_that_was_put_away_is_never_taken_for_a_matter_that_was_not_sent(resident: Resident, minutes: int):
    """Past the draft's quarter of an hour, and past the half hour that the receipt stays open."""
    resident.goes_through()
    matter = resident.sends()
    with time_machine.travel(clock.now() + timedelta(minutes=minutes), tick=True):
        for address in ("/submit/done/", "/submit/check/", "/submit/who/"):
            page = resident.browser.get(address, follow=True).content.decode()
            assert matter.number in page, address
            assert ("不用再交一次" in page) == (minutes == 31), address
        pressed = resident.browser.post("/submit/check/", follow=True).content.decode()
        assert matter.number in pressed
        assert Matter.objects.count() == 1
        assert SAID not in resident.page("/submit/what/"), "another matter can be said all the same"


def test_a_long_name_is_not_cut_without_a_word(resident: Resident):
    resident.says()
    resident.browser.post("/submit/where/", {})
    assert "maxlength" not in resident.page("/submit/who/")
    answer = resident.browser.post("/submit/who/", {"naming": "named", "name": "长" * 41})
    assert answer.status_code == 422
    assert "最多 40 字，现在是 41 字。" in answer.content.decode()
    assert "长" * 41 in answer.content.decode()


def test_a_village_is_chosen_first_and_then_one_of_its_groups(resident: Resident, town):
    group, other = (
        organization.create_area(name, parent.pk, actor=SYSTEM, unit_id=None)
        for name, parent in (("三组", town.area), ("河东", organization.create_area("柳林村", None, actor=SYSTEM)))
    )
    resident.says()
    assert "三组" not in resident.page("/submit/where/")
    asked = resident.browser.post("/submit/where/", {"area": str(town.area.pk), "place": "村口"})
    page = asked.content.decode()
    assert asked.status_code == 200 and "三组" in page and "河东" not in page and "村口" in page
    wrong = resident.browser.post("/submit/where/", {"area": str(other.parent_id), "group": str(group.pk)})
    assert wrong.status_code == 200 and "河东" in wrong.content.decode(), "the group was of another village"
    assert resident.browser.get("/submit/who/").status_code == 302, "still to be answered"
    sent = {"area": str(town.area.pk), "group": str(group.pk), "place": "村口"}
    assert resident.browser.post("/submit/where/", sent).status_code == 302
    page = resident.page("/submit/where/")
    assert f'value="{group.pk}" selected' in page and f'value="{town.area.pk}" selected' in page
    resident.browser.post("/submit/who/", {"naming": "anonymous"})
    assert "三组" in resident.page("/submit/check/")
    assert resident.sends().area_id == group.pk
    resident.says()
    assert resident.browser.post("/submit/where/", {"area": str(town.area.pk), "group": ""}).status_code == 302


def test_another_browser_finds_nothing_of_a_draft(resident: Resident, client):
    resident.says(photo=[photo()])
    assert SAID not in client.get("/submit/what/").content.decode()
    assert client.get("/submit/photo/0/").status_code == 404


def test_a_ticked_danger_reaches_the_duty_desk(resident: Resident):
    resident.goes_through(danger="1")
    assert resident.sends().urgency_suspected


def test_one_network_cannot_fill_the_disk_with_drafts(resident: Resident, client):
    from shuoshi.kernel.throttle import SUBMIT_BY_NETWORK

    for _ in range(SUBMIT_BY_NETWORK.free):
        client.cookies.clear()
        assert client.post("/submit/what/", {"what": "测试一下"}).status_code == 302
    client.cookies.clear()
    answer = client.post("/submit/what/", {"what": "再说一件事，请记下"})
    assert answer.status_code == 429
    assert "再说一件事，请记下" in answer.content.decode()


def test_the_date_promised_before_the_press_is_the_date_of_the_receipt(resident: Resident):
    resident.goes_through()
    page = resident.page("/submit/check/")
    matter = resident.sends()
    due = matter.deadlines.get(kind=DeadlineKind.ACCEPT).due_at
    assert f"最晚 {day(due)}，告诉您受理不受理" in page


def test_without_script_the_receipt_has_no_button_that_does_nothing(resident: Resident):
    resident.goes_through()
    resident.sends()
    page = resident.page("/submit/done/")
    button = re.search(r"<button[^>]*data-print[^>]*>", page)
    assert button is not None and " hidden" in button[0] and 'href="#print"' not in page
    assert re.search(r'<a class="btn main" href="/track/[^"]*"', page)


def test_two_presses_at_the_same_moment_make_one_matter(resident: Resident):
    """Drill 19: the second press loaded the draft before the first one finished."""
    from django.test import RequestFactory

    from shuoshi.kernel.actors import Actor, ActorKind
    from shuoshi.matters import actions
    from shuoshi.portal.submission import Submission
    from shuoshi.portal.views.submit import _intake

    resident.goes_through(photo=[photo()])
    request = RequestFactory().get("/")
    request.COOKIES = {name: cookie.value for name, cookie in resident.browser.cookies.items()}
    late = Submission.of(request)
    first = resident.sends()
    receipt = actions.register(_intake(late), actor=Actor(ActorKind.SPEAKER))
    assert receipt.number == first.number
    assert Matter.objects.count() == 1
