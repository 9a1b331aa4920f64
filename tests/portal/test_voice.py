"""3.1.1: whoever does not write says it into a microphone; the recording is the matter until somebody has typed it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from shuoshi.kernel import sounds
from shuoshi.kernel.drafts import Draft, DraftFile
from shuoshi.kernel.files import read
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Channel, Spoken
from tests.portal.resident import SAID, Resident, photo
from tests.support import sounds as made
from tests.support.points import opened
from tests.support.village import Place

NAMED = {"naming": "named", "name": "李大明", "phone": "13800000000"}


def test_a_recording_without_a_word_becomes_a_matter(resident: Resident):
    resident.goes_through("", voice=made.sent(), who=NAMED)
    page = resident.page("/submit/check/")
    assert "您的录音" in page and "2 秒" in page and "录音：受理中心听了记成文字，承办单位也能听。" in page
    matter = resident.sends()
    assert matter.spoken == Spoken.WAITING and matter.untyped and matter.channel == Channel.ONLINE
    assert matter.content == "要说的话在录音里，还没有记成文字。"
    file = matter.attachments.get()
    assert (file.media_type, file.seconds) == ("audio/wav", 2)
    assert read(file.stored, file.matter.data_key()) == sounds.clean(made.wav()).data
    assert [str(one.text) for one in matter.demands.all()] == [matter.content]
    assert matter.deadlines.filter(kind="accept").exists(), "the clock runs from when it came"


def test_pressed_twice_it_is_one_matter_and_in_another_language_too(resident: Resident):
    resident.goes_through("", voice=made.sent(), who=NAMED)
    draft = Draft.objects.get(form="submit")
    first = resident.sends()
    again = Resident(Client(headers={"accept-language": "en"}))
    again.browser.cookies = resident.browser.cookies
    assert again.sends() == first and Matter.objects.count() == 1
    assert Draft.objects.filter(pk=draft.pk).exists()


def test_what_stands_for_the_recording_is_in_the_language_of_the_institution(town: Place):
    with translation.override("en"):
        resident = Resident(Client(headers={"accept-language": "en"}))
        resident.goes_through("", voice=made.sent())
        matter = resident.sends()
    with translation.override(settings.LANGUAGE_CODE):
        assert matter.content == "要说的话在录音里，还没有记成文字。"


def test_words_and_a_recording_both_stay(resident: Resident):
    resident.goes_through(SAID, voice=made.sent(), photo=[photo()])
    matter = resident.sends()
    assert matter.content == SAID and not matter.spoken and matter.untyped
    kinds = sorted(matter.attachments.values_list("media_type", flat=True))
    assert kinds == ["audio/wav", "image/jpeg"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<html>" * 40, "这个文件不是能收的录音"),
        (made.amr(200), "录音超过 3 分钟"),
        (b"#!AMR\n", "录音打不开"),
        (bytes(sounds.LARGEST + 1), "录音超过 6 MB"),
    ],
)
def test_what_is_no_recording_is_refused_beside_the_recorder_and_costs_no_word(
    resident: Resident, data: bytes, said: str
):
    answer = resident.says(voice=made.sent(data))
    page = answer.content.decode()
    assert answer.status_code == 422 and page.count(said) == 2, "on top, and beside the recorder"
    assert SAID in page and not DraftFile.objects.exists()


def test_neither_a_word_nor_a_recording_is_not_enough(resident: Resident):
    assert "请写下您要说的事" in resident.says("").content.decode()
    answer = resident.says("", voice=made.sent(b"<html>" * 40))
    assert answer.status_code == 422 and "请写下您要说的事" in answer.content.decode()
    assert resident.browser.get("/submit/check/").status_code == 302, "page 1 is still open"


def test_it_is_taken_back_and_recorded_anew(resident: Resident):
    assert resident.says("", voice=made.sent(made.wav(2))).status_code == 302
    page = resident.page("/submit/what/")
    assert "您的录音，已收下" in page and 'name="unsay"' in page and 'name="voice"' not in page
    answer = resident.says("", unsay="1")
    page = answer.content.decode()
    assert answer.status_code == 200 and 'name="voice"' in page and "处要改" not in page
    assert not DraftFile.objects.exists()
    assert resident.browser.get("/submit/where/").headers["Location"] == "/submit/what/", "nothing is said any more"
    assert resident.says("", voice=made.sent(made.wav(3))).status_code == 302
    assert resident.says("", voice=made.sent(made.wav(4))).status_code == 302, "another one takes its place"
    assert DraftFile.objects.count() == 1 and "4 秒" in resident.page("/submit/what/")


def test_what_its_page_let_go_of_is_not_in_the_draft_it_was_sent_into_before(resident: Resident):
    assert resident.says("", voice=made.sent()).status_code == 302
    answer = resident.says("", forgotten="1")
    assert answer.status_code == 422 and "请写下您要说的事" in answer.content.decode()
    assert not DraftFile.objects.exists()
    assert resident.says("", voice=made.sent()).status_code == 302
    assert resident.says(SAID, forgotten="1").status_code == 302, "the form goes on"
    assert not DraftFile.objects.exists()
    assert resident.says("", voice=made.sent(), forgotten="1").status_code == 302, "recorded anew"
    assert DraftFile.objects.count() == 1


def test_a_photo_takes_no_recording_along():
    script = (Path(settings.PACKAGE) / "portal/static/portal/photos.js").read_text()
    assert 'body.delete("voice")' in script


def test_the_own_draft_plays_it_from_any_place_and_nobody_else_hears_it(resident: Resident):
    resident.says("", voice=made.sent())
    answer = resident.browser.get("/submit/voice/", headers={"range": "bytes=0-3"})
    assert (answer.status_code, answer.content) == (206, b"RIFF")
    assert answer.headers["Content-Type"] == "audio/wav" and answer.headers["Content-Disposition"] == "inline"
    assert Client().get("/submit/voice/").status_code == 404


def test_photos_are_counted_and_shown_without_the_recording(resident: Resident):
    resident.says("", voice=made.sent(), photo=[photo("一.jpg"), photo("二.jpg")])
    page = resident.page("/submit/what/")
    assert "照片 2" in page and "照片 3" not in page
    page = resident.browser.post("/submit/what/", {"what": "", "remove": "0"}).content.decode()
    assert "照片 1" in page and "照片 2" not in page and "您的录音" in page
    assert resident.browser.get("/submit/photo/0/").headers["Content-Type"] == "image/jpeg"


def test_the_microphone_may_be_asked_for_on_this_page_only(resident: Resident):
    assert "microphone=(self)" in resident.browser.get("/submit/what/").headers["Permissions-Policy"]
    assert "microphone=(self)" in resident.says("").headers["Permissions-Policy"]
    for other in ("/", "/submit/where/", "/track/", "/desk/"):
        assert "microphone=()" in resident.browser.get(other).headers["Permissions-Policy"], other
    assert "media-src 'self' blob:" in resident.browser.get("/submit/what/").headers["Content-Security-Policy"]


def test_a_terminal_leaves_no_recording_behind(town: Place, resident: Resident):
    resident.browser.post(f"/kiosk/{opened(town).pk}/", {"do": "begin"})
    resident.says("", voice=made.sent())
    assert DraftFile.objects.count() == 1
    resident.browser.post("/kiosk/leave/")
    assert not DraftFile.objects.exists() and resident.browser.get("/submit/voice/").status_code == 404


def test_the_speaker_hears_it_on_the_own_page(resident: Resident):
    resident.goes_through("", voice=made.sent(), who={**NAMED, "naming": "confidential"})
    matter = resident.sends()
    file = matter.attachments.get()
    page = resident.opens(matter)
    assert f'src="/track/{matter.number}/files/{file.pk}/"' in page and 'preload="none"' in page
    answer = resident.browser.get(f"/track/{matter.number}/files/{file.pk}/", headers={"range": "bytes=0-3"})
    assert (answer.status_code, answer.content) == (206, b"RIFF")


def test_what_no_browser_plays_is_offered_to_be_taken(resident: Resident):
    resident.says("", voice=made.sent(made.amr(), "录音.amr", "audio/amr"))
    page = resident.page("/submit/what/")
    assert "<audio controls preload" not in page and "下载录音" in page and "AMR" in page
    assert resident.browser.get("/submit/voice/").headers["Content-Disposition"] == "attachment"
