"""ux.md 5.12: a photo is sent once, and is still there after an error; large ones cost no word that was written."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shuoshi.kernel import throttle
from shuoshi.kernel.drafts import Draft, DraftFile
from shuoshi.kernel.web.upload_handlers import FILES_READ
from shuoshi.matters.vocabulary import Action, Status
from tests.portal.resident import SAID, Resident, large_photo, photo
from tests.support.village import Place

MIB = 1024 * 1024


def album_of(page: str) -> str:
    found = re.search(r'name="album" value="([^"]+)"', page)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("part", ["add", "not-solved"])
def test_what_was_fit_is_kept_through_an_error_and_goes_with_the_words(town: Place, resident: Resident, part: str):
    matter = town.matter_in(Status.IN_HANDLING if part == "add" else Status.CLOSED)
    resident.opens(matter)
    address = f"/track/{matter.number}/{part}/"
    album = album_of(resident.page(address))
    before = matter.attachments.count()
    broken = photo("坏.jpg")
    broken.file.seek(200)
    broken.file.truncate()
    answer = resident.browser.post(address, {"text": SAID, "album": album, "photo": [photo("一.jpg"), broken]})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count("第 2 张没有收下") == 2, "on top, and beside the photos"
    assert SAID in page and album_of(page) == album
    assert "请重新选好照片" not in page
    shown = re.search(rf"/track/{matter.number}/photo/[^\"]*", page)
    assert shown is not None and resident.browser.get(shown[0]).headers["Content-Type"] == "image/jpeg"
    assert matter.attachments.count() == before
    assert resident.browser.post(address, {"text": SAID, "album": album}).status_code == 302
    assert matter.attachments.count() == before + 1


def test_photos_can_be_sent_before_the_words_and_taken_away_again(town: Place, resident: Resident):
    matter = town.matter_in(Status.IN_HANDLING)
    resident.opens(matter)
    address = f"/track/{matter.number}/add/"
    album = album_of(resident.page(address))
    sent = {"text": "写到一半", "album": album, "upload": "1", "photo": [photo("一.jpg"), photo("二.jpg")]}
    page = resident.browser.post(address, sent).content.decode()
    assert "照片 2" in page and "写到一半" in page and "处要改" not in page
    page = resident.browser.post(address, {"text": "", "album": album, "remove": "0"}).content.decode()
    assert "照片 1" in page and "照片 2" not in page and "处要改" not in page
    assert not matter.entries.filter(action=Action.ADD_INFORMATION).exists()


def test_an_impatient_second_press_with_photos_says_it_once(town: Place, resident: Resident):
    matter = town.matter_in(Status.IN_HANDLING)
    resident.opens(matter)
    before = matter.attachments.count()
    for _ in range(2):
        sent = {"text": SAID, "album": "a" * 22, "key": "one intention", "photo": [photo("一.jpg")]}
        assert resident.browser.post(f"/track/{matter.number}/add/", sent).status_code == 302
    assert matter.entries.filter(action=Action.ADD_INFORMATION).count() == 1
    assert matter.attachments.count() == before + 1


def test_no_other_matter_shows_the_photos_of_a_form(town: Place, resident: Resident):
    matter, other = town.matter_in(Status.IN_HANDLING), town.raise_matter()
    resident.opens(matter)
    sent = {"text": SAID, "album": "a" * 22, "upload": "1", "photo": [photo("一.jpg")]}
    page = resident.browser.post(f"/track/{matter.number}/add/", sent).content.decode()
    file = page.split("/photo/")[1].split('"')[0]
    stranger = Resident(Client())
    stranger.opens(other)
    assert stranger.browser.get(f"/track/{other.number}/photo/{file}").status_code == 404
    shown = stranger.browser.post(f"/track/{other.number}/add/", sent | {"photo": []}).content.decode()
    assert "已收下的照片" not in shown


def test_one_network_cannot_fill_the_disk_with_albums(town: Place, resident: Resident):
    matter = town.matter_in(Status.IN_HANDLING)
    resident.opens(matter)
    for _ in range(throttle.SUBMIT_BY_NETWORK.free):
        throttle.hit(throttle.SUBMIT_BY_NETWORK.scope, "127.0.0.1")
    answer = resident.browser.post(f"/track/{matter.number}/add/", {"text": SAID, "photo": [photo()]})
    assert answer.status_code == 429 and SAID in answer.content.decode()
    assert not Draft.objects.exists()


# ── large ones ─────────────────────────────────────────────────────────────────────────────────────────────────────


def of_ten_megabytes(name: str, picture: bytes) -> SimpleUploadedFile:
    """Just as large as the page allows; decoders do not look behind the end of a picture."""
    return SimpleUploadedFile(name, picture + bytes(10 * MIB - len(picture)), "image/jpeg")


def test_nine_of_them_in_one_press_are_too_much_and_cost_no_word(resident: Resident):
    picture = large_photo()
    uploads = [of_ten_megabytes(f"{n}.jpg", picture) for n in range(9)]
    answer = resident.says(photo=uploads, concerns_words="一个姓周的")
    page = answer.content.decode()
    assert answer.status_code == 413
    assert SAID in page and "您写的内容还在" in page
    assert 'name="concerns_words" value="一个姓周的"' in page
    back = resident.says(again="1", concerns_words="一个姓周的")
    assert back.status_code == 200 and SAID in back.content.decode()


@pytest.mark.slow
def test_five_of_them_fit_in_one_press(resident: Resident):
    answer = resident.says(photo=[of_ten_megabytes(f"{n}.jpg", large_photo()) for n in range(5)])
    assert answer.status_code == 302, answer.content.decode()
    assert SAID in resident.page("/submit/what/")
    assert DraftFile.objects.count() == 5


def test_a_hundred_small_files_cost_neither_the_words_nor_the_first(resident: Resident):
    answer = resident.says(photo=[photo(f"{n}.jpg") for n in range(FILES_READ + 40)], danger="1")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert SAID in page and re.search(r'name="danger"[^>]* checked', page)
    assert DraftFile.objects.count() == 5
