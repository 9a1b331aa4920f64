"""The same story by every way in (3): one matter, complete, with number, limit, event and receipt; and again as a retry, the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from shuoshi.channels.boxes import actions as boxes
from shuoshi.channels.messages import import_messages
from shuoshi.channels.points import sheets
from shuoshi.kernel import clock, outbox
from shuoshi.kernel.events import Event
from shuoshi.matters import query_code
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Action, Channel, DeadlineKind, Naming, PartyRole, Status
from tests.portal.resident import Resident
from tests.support.boxes import hung, opened, page_of
from tests.support.desk import signed_in
from tests.support.looking import running
from tests.support.meetings import item as agenda_item
from tests.support.meetings import opened as meeting_opened
from tests.support.official import Chat, message, set_up
from tests.support.official import posted as sent
from tests.support.platforms import let_in, posted
from tests.support.points import opened as point_opened
from tests.support.post import waits
from tests.support.rest import sent as sent_by_rest
from tests.support.rota import picture, printed
from tests.support.village import Place
from tests.support.visits import phone_of

pytestmark = pytest.mark.django_db

STORY = "柳湾村三组的自来水，最近半个月每天傍晚都没有水，希望早点修好。"
WHO, PHONE, PLACE = "陈大明", "13800000017", "村口水井旁"
Send = Callable[[], Any]  # the same intention each time


def _online(at: str) -> Send:
    resident = Resident(Client(headers={"accept-language": "zh-CN"}))
    who = {"naming": "named", "name": WHO, "phone": PHONE, "tell_by": "call"}
    resident.browser.get(f"/submit/what/{at}")
    assert resident.browser.post(f"/submit/what/{at}", {"what": STORY}).status_code == 302
    assert resident.browser.post("/submit/where/", {"area": "", "place": PLACE}).status_code == 302
    assert resident.browser.post("/submit/who/", who).status_code == 302
    return lambda: resident.browser.post("/submit/check/")


def _by_staff(town: Place, channel: Channel, **more: str) -> Send:
    """A registrar's form, pressed again because the answer was lost."""
    typed = {
        "key": uuid4().hex,
        "phone": PHONE,
        "name": WHO,
        "naming": "named",
        "content": STORY,
        "place": PLACE,
        "channel": channel.value,
        "urgency": "U4",
        "tell_by": "call",
    }
    desk = signed_in(town, "王芳")
    return lambda: desk.post("/desk/register/", typed | more)


def _point(town: Place, folder: Path) -> Send:
    return _online(f"?at={point_opened(town).pk}")


def _letter(town: Place, folder: Path) -> Send:
    letter = opened(town, hung(town), 1).letters.get()
    boxes.add_photos(letter.pk, [page_of(letter)], actor=town.actor("王芳"))
    return _by_staff(town, Channel.BOX, letter=str(letter.pk), raised="0")


def _meeting(town: Place, folder: Path) -> Send:
    """Said at a meeting that is held, at a thing of its agenda."""
    row = meeting_opened(town)
    about = agenda_item(town, row)
    return _by_staff(town, Channel.MEETING, meeting=str(row.pk), item=str(about.pk), raised="0")


def _mail(town: Place, folder: Path) -> Send:
    """One that waited for a person, who reads on the telephone where it is."""
    return _by_staff(town, Channel.MAIL, mail=str(waits(STORY).pk), raised="0")


def _visit(town: Place, folder: Path, *, book: bool) -> Send:
    phone = phone_of(town, "陈书记")
    said = {"content": STORY, "name": WHO, "phone": PHONE, "place": PLACE}
    record = phone.record(said, book=book)
    return lambda: phone.sends(record)


def _order(town: Place, folder: Path) -> Send:
    order = {"order_number": "12345-0817", "order_sender": "县 12345 热线", "order_days": "10", "order_unit": "wd"}
    return _by_staff(town, Channel.OUTSIDE, **order)


def _platform(town: Place, folder: Path) -> Send:
    _row, key = let_in()
    return lambda: posted(key, description=STORY, last_name="陈", first_name="大明", phone=PHONE, address_string=PLACE)


def _wechat(town: Place, folder: Path) -> Send:
    """The platform sends what it got no answer to once more, the very same."""
    set_up(template="")
    Chat().tells(STORY, PLACE, f"{WHO} {PHONE}")
    return sent(message(Content="1")).send


def _file(town: Place, folder: Path) -> Send:
    row = {"编号": "17", "内容": STORY, "姓名": WHO, "电话": PHONE, "地址": PLACE}
    file = folder / "ledger.jsonl"
    file.write_text(json.dumps(row, ensure_ascii=False), "utf-8")
    return lambda: import_messages(file)


WAYS: dict[Channel, Callable[[Place, Path], Send]] = {
    Channel.ONLINE: lambda town, folder: _online(""),
    Channel.POINT: lambda town, folder: _by_staff(town, Channel.POINT),
    Channel.MEETING: _meeting,
    Channel.PLATFORM: _platform,
    Channel.WECHAT: _wechat,
    Channel.MAIL: _mail,
    Channel.HOTLINE: lambda town, folder: _by_staff(town, Channel.HOTLINE),
    Channel.BOX: _letter,
    Channel.VISIT: lambda town, folder: _visit(town, folder, book=False),
    Channel.REPRESENTATIVE: lambda town, folder: _visit(town, folder, book=True),
    Channel.OUTSIDE: _order,
    Channel.IMPORT: _file,
}


def arrives_once(town: Place, send: Send, channel: Channel) -> Matter:
    for _ in range(3):
        send()
    matter = Matter.objects.get()
    assert (matter.channel, matter.status, matter.naming) == (channel, Status.REGISTERED, Naming.NAMED)
    assert (str(matter.content), str(matter.place)) == (STORY, PLACE)
    party = matter.parties.select_related("person", "contact").get(role=PartyRole.SPEAKER)
    assert party.contact is not None
    assert (str(party.person.name), str(party.contact.value)) == (WHO, PHONE)
    assert matter.number.startswith(f"SS-QH-{clock.local(matter.registered_at):%Y%m%d}-")
    assert DeadlineKind.ACCEPT in running(matter)
    events = Event.objects.filter(stream_kind="matter", stream_id=str(matter.pk))
    assert [event.action for event in events] == [Action.REGISTER]
    found = query_code.opens(matter.number, query_code.code_of(matter))
    assert found is not None and found.matter == matter
    slips = outbox.waiting_for(town.actor("王芳"), outbox.Channel.SLIP)
    read_at_once = channel in (
        Channel.ONLINE,
        Channel.WECHAT,
        Channel.IMPORT,
    )  # on our own page, in the conversation; and what others handed out before
    assert [slip.about_id for slip in slips] == ([] if read_at_once else [matter.pk])
    return matter


def test_there_is_a_story_for_every_way():
    assert set(WAYS) == set(Channel)


@pytest.mark.parametrize("channel", WAYS)
def test_the_same_story_arrives_once_and_complete_by_every_way(town: Place, tmp_path: Path, channel: Channel):
    arrives_once(town, WAYS[channel](town, tmp_path), channel)


def test_so_does_what_is_said_by_the_code_of_a_point(town: Place, tmp_path: Path):
    assert arrives_once(town, _point(town, tmp_path), Channel.ONLINE).said_point is not None


def test_so_does_what_a_platform_sends_by_the_other_interface(town: Place, tmp_path: Path):
    _row, key = let_in()
    said = {"content": STORY, "place": PLACE, "speaker": {"name": WHO, "phone": PHONE}}
    arrives_once(town, lambda: sent_by_rest(key, said), Channel.PLATFORM)


def test_so_does_a_paper_form_once_for_its_number(town: Place, tmp_path: Path):
    point = point_opened(town)
    row = printed(town, point)[0]
    sheets.add_photos(row.pk, [picture()], actor=town.actor("王芳"))
    matter = arrives_once(town, _by_staff(town, Channel.POINT, sheet=str(row.pk)), Channel.POINT)
    assert (matter.said_point, matter.attachments.count()) == (point, 1)
