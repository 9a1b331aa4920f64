"""Meetings as everybody sees them: what is called, topics without an account, checking in by the code in the hall."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from shuoshi.kernel import clock, throttle
from shuoshi.kernel.events import Event
from shuoshi.meetings import calling, door, topics
from shuoshi.meetings.calling import Because
from shuoshi.meetings.models import Attendance, Topic
from shuoshi.meetings.vocabulary import Kind
from tests.support.desk import signed_in
from tests.support.meetings import called, closed, item, opened
from tests.support.village import Place

pytestmark = pytest.mark.django_db


@pytest.fixture
def resident() -> Client:
    return Client(headers={"accept-language": "zh-CN"})


def topic_form(town: Place, **changed: str) -> dict[str, str]:
    words = {"unit": str(town.units["柳湾村"].pk), "words": "垃圾桶太少", "name": "李桂兰", "phone": "13900000021"}
    return words | {"key": uuid4().hex} | changed


def test_everybody_reads_time_place_and_what_of_the_agenda_is_fit(town: Place, resident: Client):
    row = called(town)
    item(town, row, "修水渠", public=True, proposed_by="李桂兰")
    item(town, row, "某户的低保")
    body = resident.get("/meetings/").content.decode()
    assert row.title in body and row.place in body and "修水渠" in body
    assert "某户的低保" not in body and "李桂兰" not in body
    calling.cancel(row.pk, Because("礼堂漏水"), actor=town.actor("陈书记"))
    assert "礼堂漏水" in resident.get("/meetings/").content.decode()


def test_a_party_meeting_is_told_to_those_it_is_for(town: Place, resident: Client):
    row = called(town, kind=Kind.BRANCH_MEETING, due=5, title="支部会")
    assert row.title not in resident.get("/meetings/").content.decode()
    assert row.title not in resident.get("/meetings/calendar.ics").content.decode()
    assert row.title in signed_in(town, "陈书记").get("/desk/meetings/").content.decode()


def test_a_topic_needs_no_account_and_its_answer_is_read_at_its_address(
    town: Place, resident: Client, monkeypatch: pytest.MonkeyPatch
):
    form = topic_form(town)
    answer = resident.post("/meetings/topic/", form)
    assert answer.status_code == 302 and resident.post("/meetings/topic/", form)["Location"] == answer["Location"]
    row = Topic.objects.get()
    assert (str(row.words), str(row.name), str(row.phone)) == ("垃圾桶太少", "李桂兰", "13900000021")
    kept = answer["Location"]
    body = Client().get(kept).content.decode()
    assert "等答复" in body and "李桂兰" not in body and "13900000021" not in body
    topics.decline(row.pk, "下月就添", actor=town.actor("陈书记"))
    assert "下月就添" in resident.get(kept).content.decode()
    assert resident.get(f"{kept[:-4]}xxx/").status_code == 404
    desk = signed_in(town, "陈书记")
    page = f"/desk/meetings/topics/{row.pk}/"
    assert "李桂兰" in desk.get(page).content.decode() and "13900000021" not in desk.get(page).content.decode()
    assert desk.post(page, {"do": "reveal"}).status_code == 422
    assert "13900000021" in desk.post(page, {"do": "reveal", "look-why": "ask"}).content.decode()
    monkeypatch.setattr(topics, "REVEALS_PER_DAY", 1)
    assert desk.post(page, {"do": "reveal", "look-why": "ask"}).status_code == 409
    assert Event.objects.filter(stream_id=str(row.pk), action="reveal_topic").count() == 1
    assert signed_in(town, "孙丽").get(f"/desk/meetings/topics/{row.pk}/").status_code == 404


def test_a_topic_is_admitted_on_the_desk(town: Place, resident: Client):
    kept = resident.post("/meetings/topic/", topic_form(town, name="", phone=""))["Location"]
    meeting, row, desk = called(town), Topic.objects.get(), signed_in(town, "陈书记")
    page = f"/desk/meetings/topics/{row.pk}/"
    assert "垃圾桶太少" in desk.get("/desk/meetings/").content.decode()
    assert desk.post(page, {"do": "admit", "meeting": "", "title": "添垃圾桶"}).status_code == 422
    assert desk.post(page, {"do": "decline", "no-answer": ""}).status_code == 422
    given = {"do": "admit", "meeting": str(meeting.pk), "title": "添垃圾桶", "answer": "欢迎来说"}
    assert desk.post(page, given).status_code == 302
    body = resident.get(kept).content.decode()
    assert "列入议程" in body and meeting.place in body and "欢迎来说" in body
    assert "添垃圾桶" in resident.get("/meetings/").content.decode()


def test_what_is_missing_is_said_and_a_flood_is_slowed_down(town: Place, resident: Client):
    assert resident.post("/meetings/topic/", topic_form(town, words="")).status_code == 422
    assert resident.post("/meetings/topic/", topic_form(town, phone="12")).status_code == 422
    for _ in range(throttle.TOPICS_BY_NETWORK.free):
        assert resident.post("/meetings/topic/", topic_form(town)).status_code == 302
    assert resident.post("/meetings/topic/", topic_form(town)).status_code == 429
    assert Topic.objects.count() == throttle.TOPICS_BY_NETWORK.free


def test_the_code_on_the_wall_opens_while_the_meeting_is_open_and_for_minutes(town: Place, resident: Client):
    row = opened(town)
    here = f"/meetings/{row.pk}/here/{door.code(row, clock.now())}/"
    form = {"name": "李小河", "part": "member", "key": uuid4().hex}
    assert resident.get(here).status_code == 200
    assert resident.get(f"/meetings/{row.pk}/here/aaaaaaaaaa/").status_code == 403
    assert row.title not in resident.get(f"/meetings/{row.pk}/here/aaaaaaaaaa/?done=1").content.decode()
    assert resident.post(here, form | {"part": ""}).status_code == 422  # nobody is a member without saying so
    for _ in range(2):
        assert resident.post(here, form).status_code == 302
    one = Attendance.objects.get()
    assert (one.way, one.state, str(one.name)) == ("code", "waiting", "李小河")
    with clock.simulated(clock.now() + timedelta(seconds=2 * door.EVERY)):
        assert resident.post(here, form | {"key": uuid4().hex, "name": "冒名的"}).status_code == 403
    assert signed_in(town, "陈书记").post(here, form).status_code == 403
    one.delete()
    row = closed(town, row)
    assert not door.opens(row, door.code(row, clock.now()), clock.now())
    assert resident.post(here, form | {"key": uuid4().hex}).status_code == 403


def test_a_meeting_has_codes_of_its_own(town: Place):
    one, other, now = opened(town), opened(town), clock.now()
    assert door.opens(one, door.code(one, now), now) and not door.opens(other, door.code(one, now), now)
    assert door.opens(one, door.code(one, now - timedelta(seconds=door.EVERY)), now)


def test_the_calendar_of_everybody_tells_of_each_meeting(town: Place, resident: Client):
    row = called(town, title="说事会；水渠,路灯")
    gone = called(town, title="不开的会")
    calling.cancel(gone.pk, Because("礼堂漏水"), actor=town.actor("陈书记"))
    text = resident.get("/meetings/calendar.ics").content.decode()
    assert "SUMMARY:说事会；水渠\\,路灯\r\n" in text and text.count("BEGIN:VEVENT") == 2
    assert re.search(r"STATUS:CANCELLED\r\nSUMMARY:不开的会", text) and f"{row.begins_at:%Y%m%dT%H%M%SZ}" in text
