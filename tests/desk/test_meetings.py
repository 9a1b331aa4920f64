"""Meetings on the desk: called, held, written down, printed, and what each may see of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from shuoshi.desk.views.meetings.held import DEEDS
from shuoshi.kernel import clock
from shuoshi.kernel.refusal import Refused
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Channel, Status
from shuoshi.meetings import calling, deciding, holding, minutes, resolving
from shuoshi.meetings.calling import Dropped
from shuoshi.meetings.deciding import DecisionGiven
from shuoshi.meetings.holding import Entry
from shuoshi.meetings.minutes import Text
from shuoshi.meetings.models import AgendaItem, Attendance, Decision, Feed, Meeting, Resolution, Vote
from shuoshi.meetings.resolving import Resolved
from shuoshi.meetings.vocabulary import Kind, State, Step
from shuoshi.people.models import Account
from tests.support.meetings import again, called, closed, confirm, item, opened, scanned, there, voted
from tests.support.statements import Statements
from tests.support.village import Place

Desk = Callable[[str], Client]
PAGE = "/desk/meetings/"


def call_form(town: Place, days: int = 11, **changed: str) -> dict[str, str]:
    begins = clock.local(clock.now() + timedelta(days=days)).replace(hour=9, minute=0)
    return {
        "unit": str(town.units["柳湾村"].pk),
        "kind": "matter_meeting",
        "title": "柳湾村十二月说事会",
        "place": "文化礼堂",
        "begins": f"{begins:%Y-%m-%dT%H:%M}",
        "ends": f"{begins + timedelta(hours=2):%Y-%m-%dT%H:%M}",
        "due": "",
        "hurry": "",
        "key": uuid4().hex,
    } | changed


def deed(row: Meeting, name: str, about: object = "") -> str:
    return f"{PAGE}{row.pk}/{name}/" + (f"?row={about}" if about else "")


def test_a_meeting_is_called_once_changed_and_cancelled(town: Place, at_desk: Desk):
    desk, form = at_desk("陈书记"), call_form(town)
    answer = desk.post(f"{PAGE}new/", form)
    assert answer.status_code == 302 and desk.post(f"{PAGE}new/", form)["Location"] == answer["Location"]
    row = Meeting.objects.get()
    assert "柳湾村十二月说事会" in desk.get(PAGE).content.decode()
    assert desk.post(f"{PAGE}{row.pk}/edit/", call_form(town, 12, place="老村部")).status_code == 302
    assert again(row).place == "老村部"
    assert desk.post(deed(row, "cancel"), {"words": ""}).status_code == 422
    assert desk.post(deed(row, "cancel"), {"words": "礼堂漏水"}).status_code == 302
    assert "礼堂漏水" in desk.get(f"{PAGE}{row.pk}/").content.decode()
    assert desk.get(f"{PAGE}{row.pk}/edit/").status_code == 404


def test_what_cannot_be_is_said_and_nothing_typed_is_lost(town: Place, at_desk: Desk):
    desk = at_desk("陈书记")
    assert desk.post(f"{PAGE}new/", call_form(town, title="")).status_code == 422
    answer = desk.post(f"{PAGE}new/", call_form(town, 1))
    assert answer.status_code == 409 and "提前 3 天" in answer.content.decode()
    assert "文化礼堂" in answer.content.decode() and not Meeting.objects.exists()


def test_a_meeting_is_held_from_the_first_name_to_the_last_word(town: Place, at_desk: Desk):
    row, desk = opened(town, kind=Kind.DELEGATE_MEETING, due=3), at_desk("陈书记")
    desk.post(deed(row, "add"), {"title": "修三组水渠", "public": "on"})
    about = AgendaItem.objects.get()
    for name in ("甲", "乙"):
        assert desk.post(deed(row, "presence"), {"name": name, "part": "member"}).status_code == 302
    vote = {"item": str(about.pk), "question": "先修三组", "in_favour": "2", "against": "0", "abstained": "0"}
    assert desk.post(deed(row, "vote", about.pk), vote).status_code == 302
    assert desk.post(deed(row, "vote"), vote | {"in_favour": "9"}).status_code == 409
    taken = Vote.objects.get()
    resolved = {"item": str(about.pk), "text": "下周动工", "unit": str(town.units["水利站"].pk), "vote": str(taken.pk)}
    assert desk.post(deed(row, "resolve"), resolved).status_code == 302
    desk.post(deed(row, "told", Resolution.objects.get().pk), {"words": "挖机到了", "outcome": "open", "at": ""})
    desk.post(deed(row, "minutes"), {"text": "说了水渠的事。", "of": "0"})
    assert desk.post(deed(row, "close"), {}).status_code == 302
    body = desk.get(f"{PAGE}{row.pk}/").content.decode()
    for words in ("修三组水渠", "先修三组", "下周动工", "挖机到了", "说了水渠的事。", "66%", "开过了", "通过"):
        assert words in body, words
    assert again(row).state == State.CLOSED


def test_one_press_of_a_form_is_one_row(town: Place, at_desk: Desk):
    row, desk = opened(town), at_desk("陈书记")
    form = {"name": "甲", "part": "member", "key": uuid4().hex}
    for _ in range(3):
        assert desk.post(deed(row, "presence"), form).status_code == 302
    assert Attendance.objects.count() == 1
    assert desk.post(deed(row, "presence"), form | {"name": "乙"}).status_code == 409


def test_who_checked_in_by_the_code_is_confirmed_or_struck_on_the_page(town: Place, at_desk: Desk):
    row, desk = opened(town), at_desk("陈书记")
    one, two = scanned(row, "李小河"), scanned(row, "路过的")
    page = f"{PAGE}{row.pk}/"
    assert "扫码等确认" in desk.get(page).content.decode()
    assert desk.post(page, {"do": "confirm", "row": str(one.pk)}).status_code == 302
    assert desk.post(page, {"do": "confirm", "row": str(uuid4())}).status_code == 409
    assert desk.post(deed(row, "strike", two.pk), {"words": "不在会场"}).status_code == 302
    body = desk.get(page).content.decode()
    assert "其中扫码签到 1 人" in body and "不在会场" in body
    more = [str(scanned(row, name).pk) for name in ("乙", "丙")]
    assert desk.post(page, {"do": "confirm-several"}).status_code == 409
    assert desk.post(page, {"do": "confirm-several", "rows": ["x"]}).status_code == 404
    assert desk.post(page, {"do": "confirm-several", "rows": [*more, str(uuid4())]}).status_code == 409
    assert "其中扫码签到 1 人" in desk.get(page).content.decode()
    assert desk.post(page, {"do": "confirm-several", "rows": more}).status_code == 302
    assert "其中扫码签到 3 人" in desk.get(page).content.decode()
    one_more = scanned(row, "丁")
    assert desk.post(page, {"do": "confirm", "row": str(one_more.pk), "part": "observer"}).status_code == 302
    one_more.refresh_from_db()
    assert one_more.part == "observer"


def test_who_may_not_hold_it_is_shown_no_button_and_refused(town: Place, at_desk: Desk):
    row = opened(town)
    item(town, row)
    [somebody] = there(town, row, "甲")
    watching = at_desk("钱监督")
    body = watching.get(f"{PAGE}{row.pk}/").content.decode()
    assert "甲" in body and "登记到会的人" not in body and "记一次表决" not in body
    assert watching.post(deed(row, "presence"), {"name": "乙", "part": "member"}).status_code == 404
    assert watching.post(f"{PAGE}{row.pk}/", {"do": "leave", "row": str(somebody.pk)}).status_code == 409
    assert watching.get(f"{PAGE}{row.pk}/screen/").status_code == 404
    for path in ("", "notice/", "sheet/", "screen/", "presence/", "edit/"):
        assert at_desk("孙丽").get(f"{PAGE}{row.pk}/{path}").status_code == 404, path
    assert at_desk("管理员").get(PAGE).status_code == 403
    assert at_desk("孙丽").get(f"/desk/register/?meeting={row.pk}").status_code == 404


def test_a_meeting_of_the_town_shows_no_names_to_those_beneath(town: Place, at_desk: Desk):
    row = opened(town, by="马镇长", unit="青禾镇")
    there(town, row, "代表甲", by="马镇长")
    minutes.write(row.pk, Text("代表甲说了水的事。"), actor=town.actor("马镇长"))
    desk = at_desk("陈书记")
    body = desk.get(f"{PAGE}{row.pk}/").content.decode()
    assert "实到" in body and "代表甲" not in body
    for name in ("sheet", "screen", *DEEDS):
        assert desk.get(deed(row, name)).status_code == 404, name


def test_a_deed_that_is_none_or_about_nothing_is_not_found(town: Place, at_desk: Desk):
    row, desk = opened(town), at_desk("陈书记")
    assert desk.get(deed(row, "explode")).status_code == 404
    assert desk.get(deed(row, "strike", "x")).status_code == 404
    assert desk.post(deed(row, "strike"), {"words": "没有来"}).status_code == 404
    assert desk.get(f"{PAGE}{uuid4()}/").status_code == 404


def test_what_was_said_is_registered_from_the_page_of_the_meeting(town: Place, at_desk: Desk):
    row, desk = opened(town), at_desk("王芳")
    about = item(town, row)
    body = desk.get(f"/desk/register/?meeting={row.pk}&item={about.pk}").content.decode()
    assert re.search(r'<option value="meeting" selected', body) and "本次通话会录音" not in body and row.title in body
    form = {
        "meeting": str(row.pk),
        "item": str(about.pk),
        "raised": "0",
        "content": "三组水渠堵了。",
        "naming": "anonymous",
        "channel": "hotline",
        "urgency": "U4",
        "tell_by": "page",
        "key": uuid4().hex,
        "next": "1",
    }
    assert desk.post("/desk/register/", form)["Location"] == f"{PAGE}{row.pk}/"
    matter = Matter.objects.get()
    assert matter.channel == Channel.MEETING and matter.number in desk.get(f"{PAGE}{row.pk}/").content.decode()
    again_said = form | {"key": uuid4().hex, "content": "三组水渠堵了，"}
    assert at_desk("刘敏").post("/desk/register/", again_said).status_code == 409


def test_waiting_matters_are_ticked_onto_the_agenda(town: Place, at_desk: Desk):
    row, desk = called(town), at_desk("王芳")
    matter = town.matter_in(Status.ACCEPTED)
    assert matter.number in desk.get(deed(row, "from-matters")).content.decode()
    assert desk.post(deed(row, "from-matters"), {}).status_code == 422
    assert desk.post(deed(row, "from-matters"), {"matters": [str(matter.pk)]}).status_code == 302
    assert AgendaItem.objects.get().matter_id == matter.pk


def test_approved_minutes_are_released_by_another_person_beside_the_original(town: Place, at_desk: Desk):
    row = opened(town, ago=50)
    minutes.write(row.pk, Text("陈大明 13800000017 说水渠堵了。"), actor=town.actor("陈书记"))
    row = closed(town, row)
    later = opened(town)
    there(town, later, "甲")
    desk, other = at_desk("陈书记"), at_desk("王芳")
    assert desk.post(deed(row, "approve"), {"meeting": str(later.pk), "of": "1"}).status_code == 302
    body = other.get(deed(row, "release")).content.decode()
    assert "13800000017" in body and "〔号码〕" in body
    assert desk.post(deed(row, "release"), {"text": "有人说水渠堵了。"}).status_code == 409
    assert other.post(deed(row, "release"), {"text": "有人说水渠堵了。"}).status_code == 302
    shown = Client().get(f"/meetings/{row.pk}/").content.decode()
    assert "有人说水渠堵了。" in shown and "陈大明" not in shown
    assert desk.post(deed(row, "withdraw"), {"words": "漏了名字"}).status_code == 302
    assert Client().get(f"/meetings/{row.pk}/").status_code == 404


def test_notice_and_sheet_are_printed_and_the_screen_asks_anew(town: Place, at_desk: Desk):
    row, desk = opened(town), at_desk("陈书记")
    item(town, row, "说给大家听的", public=True)
    item(town, row, "内部的事")
    there(town, row, "甲")
    notice = desk.get(f"{PAGE}{row.pk}/notice/").content.decode()
    assert "说给大家听的" in notice and "内部的事" not in notice
    assert "甲" in desk.get(f"{PAGE}{row.pk}/sheet/").content.decode()
    answer = desk.get(f"{PAGE}{row.pk}/screen/")
    screen = answer.content.decode()
    assert (
        answer["Refresh"] == "20; url=?again=1" and f"/meetings/{row.pk}/here/" in screen and "内部的事" not in screen
    )
    assert "Refresh" not in desk.get(f"{PAGE}{row.pk}/screen/?still=1")
    closed(town, row)
    assert "/here/" not in desk.get(f"{PAGE}{row.pk}/screen/").content.decode()


def test_the_address_of_a_calendar_is_renewed_and_the_old_one_is_worthless(town: Place, at_desk: Desk):
    row, desk = called(town), at_desk("陈书记")
    assert "/meetings/calendar/" not in desk.get(f"{PAGE}calendar/").content.decode()

    def address() -> str:
        found = re.search(r"http://[^/]+(/meetings/calendar/[^<]+\.ics)", desk.get(f"{PAGE}calendar/").content.decode())
        assert found is not None
        return found[1]

    desk.post(f"{PAGE}calendar/", {"do": "renew"})
    first = address()
    answer = Client().get(first)
    assert answer["Content-Type"].startswith("text/calendar") and str(row.pk) in answer.content.decode()
    desk.post(f"{PAGE}calendar/", {"do": "renew"})
    assert Client().get(first).status_code == 404 and Client().get(address()).status_code == 200
    last = address()
    account = Account.objects.filter(person=town.persons["陈书记"])
    account.update(is_active=False)
    assert Client().get(last).status_code == 404
    account.update(is_active=True)
    assert Client().get(last).status_code == 200
    desk.post(f"{PAGE}calendar/", {"do": "end"})
    assert Client().get(last).status_code == 404 and Feed.objects.count() == 1


def test_what_is_wrong_with_meetings_stands_among_the_ways(town: Place, at_desk: Desk):
    row = opened(town)
    about = item(town, row)
    due = clock.local(clock.now()).date() + timedelta(days=2)
    given = Resolved(item=about.pk, text="清水渠", unit=town.units["水利站"].pk, deadline=due)
    resolving.resolve(row.pk, given, actor=town.actor("陈书记"))
    closed(town, row)
    with clock.simulated(clock.now() + timedelta(days=60)):
        body = at_desk("马镇长").get("/desk/ways/").content.decode()
    for words in ("一个月没有开过", "1 份纪要没有通过", "1 条决议过了期限"):
        assert words in body, words


def test_a_village_decision_goes_step_by_step_to_two_publications(town: Place, at_desk: Desk):
    desk = at_desk("陈书记")
    begun = {"unit": str(town.units["柳湾村"].pk), "title": "拓宽三组桥", "origin": "党员群众建议：桥太窄"}
    answer = desk.post(f"{PAGE}decisions/new/", begun)
    decision = Decision.objects.get()
    page = f"{PAGE}decisions/{decision.pk}/"
    assert answer["Location"] == page
    assert desk.post(page, {"do": "publish", "text": "决定拓宽。"}).status_code == 200
    for kind in ("branch_meeting", "committees_meeting", "party_meeting", "delegate_meeting"):
        form = call_form(town, 11, kind=kind, due="3", title=f"拓宽三组桥 {kind}")
        assert desk.post(f"{page}call/", form).status_code == 302, kind
        assert desk.get(f"{page}call/").status_code == 404  # this step is to be held first
        row = decision.meetings.latest("called_at")
        later = clock.simulated(row.begins_at)
        with later:
            actor = town.actor("陈书记")
            holding.open_(row.pk, holding.Opened(), actor=actor)
            there(town, again(row), "甲", "乙", "丙")
            about = row.items.get(decides=True)
            voted(town, row, about, 1, 2)
            voted(town, row, about, 3)
            voted(town, row, item(town, row, "别的事"), 0, 3)  # decides nothing of the step
            closed(town, row)
    other = at_desk("王芳")
    assert desk.post(page, {"do": "publish", "text": "决定拓宽。"}).status_code == 409  # the same hand kept the record
    assert other.post(page, {"do": "publish", "text": "决定拓宽。"}).status_code == 302
    assert other.post(page, {"do": "publish", "text": "桥拓宽好了。"}).status_code == 409
    assert desk.post(page, {"do": "publish", "text": "桥拓宽好了。"}).status_code == 302
    everybody = Client().get("/meetings/").content.decode()
    assert "决定拓宽。" in everybody and "桥拓宽好了。" in everybody
    assert desk.post(page, {"do": "withdraw", "no-words": ""}).status_code == 422
    assert desk.post(page, {"do": "withdraw", "no-words": "写错了钱数"}).status_code == 302
    assert "决定拓宽。" not in Client().get("/meetings/").content.decode()
    assert "写错了钱数" in desk.get(page).content.decode()


def test_a_step_is_carried_by_the_vote_on_it_alone(town: Place):
    actor, village = town.actor("陈书记"), town.units["柳湾村"].pk
    decision = deciding.begin(DecisionGiven(unit_id=village, title="拓宽三组桥", origin="桥太窄"), actor=actor)
    row = opened(town, kind=Kind.BRANCH_MEETING, due=3, decision=decision.pk, step=Step.PROPOSED)
    about, other = row.items.get(decides=True), item(town, row, "别的事")
    with pytest.raises(Refused, match="item_decides"):
        calling.drop_item(row.pk, Dropped(about.pk, "不说了"), actor=actor)
    there(town, row, "甲", "乙", "丙")
    voted(town, row, about, 3)
    last = voted(town, row, about, 0, 3)
    voted(town, row, other, 3)
    row = closed(town, row)
    assert not deciding.carried(row)
    holding.strike_vote(row.pk, Entry(last.pk, "记错了"), actor=actor)
    assert not deciding.carried(row) and deciding.next_step(decision) == Step.PROPOSED


def test_the_question_of_a_hidden_item_is_not_offered(town: Place, at_desk: Desk):
    row = opened(town)
    matter = town.raise_matter(concerns_people=(town.persons["陈书记"],))
    about = item(town, row, "说说书记的事", by="刘敏", matter=matter.pk)
    there(town, row, "甲")
    voted(town, row, about, 1)
    assert "同意不同意" not in at_desk("陈书记").get(deed(row, "resolve")).content.decode()
    assert "同意不同意" in at_desk("刘敏").get(deed(row, "resolve")).content.decode()


def test_the_pages_cost_the_same_for_one_and_for_many(
    town: Place, at_desk: Desk, statements: Callable[[], AbstractContextManager[Statements]]
):
    desk, actor = at_desk("陈书记"), town.actor("陈书记")

    def cost(address: str) -> int:
        """The least of three: what is kept for some seconds may have to be read anew in one of them."""
        found = []
        for _ in range(3):
            with statements() as seen:
                assert desk.get(address).status_code == 200
            found.append(seen.count)
        return min(found)

    def filled(names: list[str]) -> Meeting:
        row = opened(town)
        about = item(town, row, matter=town.raise_matter(area=town.area.pk if town.area else None).pk, by="王芳")
        for n, name in enumerate(names, 1):
            confirm(town, row, scanned(row, name).pk)
            taken = voted(town, row, about, n)
            given = Resolved(item=about.pk, text="清水渠", unit=town.units["水利站"].pk, vote=taken.pk)
            resolving.resolve(row.pk, given, actor=actor)
            minutes.write(row.pk, Text(name, of=row.minutes.count()), actor=actor)
        return row

    one = filled(["甲"])
    few = cost(PAGE), cost(f"{PAGE}{one.pk}/"), cost("/meetings/")
    many = filled(["乙", "丙", "丁", "戊"])
    assert (cost(PAGE), cost(f"{PAGE}{many.pk}/"), cost("/meetings/")) == few
