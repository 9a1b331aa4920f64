"""3.2.1: what somebody says to the exchange at night is heard, and registered or put away; nothing is lost, nothing twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shuoshi.channels.hotline import keeping, queries, voicemail
from shuoshi.channels.hotline.models import Call, Nothing, Voicemail, VoicemailState
from shuoshi.kernel import clock, sounds, verify
from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.refusal import Refused
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Channel
from tests.desk.test_calls import FORM, PAGE
from tests.support import sounds as made
from tests.support.calls import connected, rang
from tests.support.village import Place

Desk = Callable[[str], Client]
ADD = "/desk/calls/voicemail/"


def left(town: Place, *, tone: int = 440, caller: str = "13800000017") -> Voicemail:
    at = clock.now() - timedelta(hours=9)
    heard = sounds.clean(made.wav(tone=tone))
    return voicemail.bring_in(heard, caller=caller, left_at=at, actor=town.actor("王芳"))[0]


def moment(hours: int) -> str:
    return f"{clock.local(clock.now()) - timedelta(hours=hours):%Y-%m-%dT%H:%M}"


def sends(key: str, call: str = "c-1", data: bytes = b"", **given: str) -> int:
    file = SimpleUploadedFile("x.bin", data or made.wav(), "application/octet-stream")
    return Client().post(f"/pbx/{key}/recording/", {"callId": call, "recording": file, **given}).status_code


def test_a_recording_is_brought_in_heard_and_becomes_a_matter(town: Place, at_desk: Desk):
    desk = at_desk("王芳")
    assert "没有要处理的留言" in desk.get(PAGE).content.decode() and ADD in desk.get(PAGE).content.decode()
    form = {"caller": "138 0000 0017", "left_at": moment(9), "recording": made.sent()}
    address = desk.post(ADD, form)["Location"]
    row = Voicemail.objects.get()
    page = desk.get(address).content.decode()
    assert "<audio controls" in page and "王芳" in page and f"/desk/register/?voicemail={row.pk}" in page
    assert "13800000017" in desk.get(PAGE).content.decode() and "<audio controls" in desk.get(PAGE).content.decode()
    part = desk.get(f"{ADD}{row.pk}/sound/", headers={"range": "bytes=0-3"})
    assert (part.status_code, part.content, part["Content-Type"]) == (206, b"RIFF", "audio/wav")
    body = desk.get(f"/desk/register/?voicemail={row.pk}").content.decode()
    assert "<audio controls" in body and 'value="13800000017"' in body and "的电话留言" in body
    sent = FORM | {"voicemail": str(row.pk), "raised": "0", "key": uuid4().hex, "channel": "point"}
    for _ in range(2):
        assert desk.post("/desk/register/", sent).status_code == 302
    matter = Matter.objects.get()
    assert matter.channel == Channel.HOTLINE and not matter.untyped, "the registrar wrote it down hearing it"
    file = matter.attachments.get()
    assert (file.media_type, file.seconds) == ("audio/wav", 2)
    assert "<audio controls" in desk.get(f"/desk/matters/{matter.number}/").content.decode()
    assert at_desk("刘敏").post("/desk/register/", sent | {"key": uuid4().hex}).status_code == 409, "a colleague did"
    row.refresh_from_db()
    assert row.state == VoicemailState.REGISTERED and not queries.left()
    again = sent | {"key": uuid4().hex, "raised": "1", "content": "还有一件：路灯坏了。", "next": "1"}
    assert desk.post("/desk/register/", again)["Location"] == PAGE
    assert row.raised.count() == 2 and not list(verify.verify())


def test_the_same_recording_is_there_once_whoever_brings_it(town: Place, at_desk: Desk):
    _row, key = connected()
    call = rang(key)
    assert sends(key) == 204 and sends(key) == 204
    form = {"caller": "", "left_at": moment(1), "recording": made.sent()}
    assert "这段录音已经有了" in at_desk("王芳").post(ADD, form, follow=True).content.decode()
    row = Voicemail.objects.get()
    assert (row.call, row.entered_by, str(row.caller)) == (call, None, "13800000017")


def test_what_holds_nothing_is_put_away_with_its_reason_once(town: Place, at_desk: Desk):
    row, desk = left(town), at_desk("王芳")
    assert desk.post(f"{ADD}{row.pk}/", {"words": "只有杂音"}).status_code == 422
    assert desk.post(f"{ADD}{row.pk}/", {"because": "silent", "words": "只有杂音"})["Location"] == PAGE
    assert not queries.left()
    page = desk.get(f"{ADD}{row.pk}/").content.decode()
    assert "录音里没有说话" in page and "只有杂音" in page and "<audio controls" in page and "13800000017" not in page
    with pytest.raises(Refused):
        voicemail.put_aside(row.pk, Nothing.ADVERT, actor=town.actor("刘敏"))
    assert not list(verify.verify())


def test_what_was_put_away_is_found_again_and_becomes_a_matter_after_all(town: Place, at_desk: Desk):
    row = left(town)
    voicemail.put_aside(row.pk, Nothing.SILENT, "只有杂音", actor=town.actor("王芳"))
    desk = at_desk("刘敏")
    page = desk.get(PAGE).content.decode()
    assert "不登记的留言" in page and "只有杂音" in page and f"{ADD}{row.pk}/" in page and "13800000017" not in page
    assert f"/desk/register/?voicemail={row.pk}" in desk.get(f"{ADD}{row.pk}/").content.decode()
    assert desk.get(f"/desk/register/?voicemail={row.pk}").status_code == 200
    sent = FORM | {"voicemail": str(row.pk), "raised": "0", "key": uuid4().hex}
    assert desk.post("/desk/register/", sent).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.because, Matter.objects.count()) == (VoicemailState.REGISTERED, "", 1)
    assert not queries.aside() and not list(verify.verify())


@pytest.mark.parametrize("naming", ["named", "confidential"])
def test_what_became_a_matter_is_heard_by_whoever_hears_the_matter(town: Place, at_desk: Desk, naming: str):
    """The duty officer takes calls, and sees no matter but the urgent ones."""
    row = left(town)
    addresses = (f"{ADD}{row.pk}/", f"{ADD}{row.pk}/sound/", f"/desk/register/?voicemail={row.pk}")
    officer, sent = at_desk("何勇"), FORM | {"voicemail": str(row.pk), "raised": "0", "naming": naming}
    assert [officer.get(one).status_code for one in addresses] == [200] * 3
    assert at_desk("王芳").post("/desk/register/", sent | {"key": uuid4().hex}).status_code == 302
    assert [officer.get(one).status_code for one in addresses] == [404] * 3
    assert [at_desk("刘敏").get(one).status_code for one in addresses] == [200] * 3
    again = sent | {"key": uuid4().hex, "raised": "1"}
    assert officer.post("/desk/register/", again).status_code == 409 and Matter.objects.count() == 1


def test_whoever_was_missed_and_left_word_needs_no_ringing_back(town: Place, at_desk: Desk):
    _row, key = connected()
    calls = [rang(key, f"c-{n}") for n in range(2)]
    other = rang(key, "o", **{"from": "057188880000"})
    sends(key, "c-1")
    row = Voicemail.objects.get()
    assert row.call == calls[1] and queries.missed(clock.now()) == [calls[1], other]
    sent = FORM | {"voicemail": str(row.pk), "raised": "0", "key": uuid4().hex}
    assert at_desk("王芳").post("/desk/register/", sent).status_code == 302
    assert queries.missed(clock.now()) == [other]
    answered = queries.answering(clock.now() - timedelta(days=1), clock.now() + timedelta(days=1), clock.now())
    assert (answered.reached, answered.waiting) == (0, 1), "nobody was reached, and nobody waits but the other"


def test_a_recording_of_a_call_nobody_told_of_begins_the_call(town: Place):
    _row, key = connected()
    assert sends(key, "unheard-of", **{"from": "8613800000017"}) == 204
    assert Voicemail.objects.get().call == Call.objects.get(call_id="unheard-of")


def test_what_an_exchange_may_not_send(town: Place):
    row, key = connected()
    assert sends("nobody") == 404
    assert sends(key, "") == 400 and Client().post(f"/pbx/{key}/recording/", {"callId": "c"}).status_code == 400
    assert sends(key, data=b"<html>" * 50) == 422 and sends(key, data=made.amr(605)) == 422
    assert sends(key, data=made.amr(300)) == 204, "longer than a page lets somebody speak"
    assert sends(key, data=bytes(voicemail.LARGEST + 20_000)) == 413
    assert Client().get(f"/pbx/{key}/recording/").status_code == 405
    keeping.end(row.pk, actor=SYSTEM)
    assert sends(key) == 404


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "请选一段录音"),
        ({"recording": b"<html>" * 50}, "这个文件不是能收的录音"),
        ({"recording": b"", "left_at": "later"}, "留言的时间还没有到"),
    ],
)
def test_what_does_not_fit_is_said_at_the_form(town: Place, at_desk: Desk, given: dict[str, bytes | str], said: str):
    form: dict[str, object] = {"caller": "", "left_at": moment(-1 if "left_at" in given else 1)}
    if "recording" in given:
        form["recording"] = made.sent(given["recording"] or made.wav())  # type: ignore[arg-type]  # bytes, as given
    answer = at_desk("王芳").post(ADD, form)
    assert answer.status_code in (409, 422) and said in answer.content.decode()
    assert not Voicemail.objects.exists()


def test_only_who_takes_calls_hears_them(town: Place, at_desk: Desk):
    row = left(town)
    for name in ("孙丽", "陈书记", "管理员"):
        for address in (ADD, f"{ADD}{row.pk}/", f"{ADD}{row.pk}/sound/", f"/desk/register/?voicemail={row.pk}"):
            answer = at_desk(name).get(address)
            heard = "<audio" in answer.content.decode(errors="replace") or answer["Content-Type"].startswith("audio")
            assert not heard and (answer.status_code in (403, 404) or "register" in address), (name, address)
        with pytest.raises(Refused):
            voicemail.put_aside(row.pk, Nothing.SILENT, actor=town.actor(name))
