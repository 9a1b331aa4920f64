"""Points on the desk (3.1.1): the rota, 我在岗, numbers from the keyboard, paper forms beside the registration."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
import segno
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from shuoshi.channels.points import queue, rota, sheets
from shuoshi.channels.points.models import (
    Attendance,
    DayRule,
    FromSheet,
    FromTicket,
    MatterDay,
    Queue,
    Sheet,
    Sitting,
    Ticket,
)
from shuoshi.kernel import clock
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Channel, Naming
from tests.portal.resident import photo
from tests.support.points import opened
from tests.support.rota import at, first_day, post_of, printed, queued, ruled, seated, third, today
from tests.support.statements import Statements
from tests.support.village import Place

Desk = Callable[[str], Client]
PAGE = "/desk/points/"


def rule_form(**changed: str) -> dict[str, str]:
    return {
        "every": "month",
        "day": "15",
        "nth": "",
        "weekday": "",
        "weeks": "",
        "first": today().isoformat(),
        "opens": "09:00",
        "closes": "11:30",
        "on_holiday": "next",
    } | changed


def plan_form(town: Place, name: str = "陈书记", **changed: str) -> dict[str, str]:
    return {
        "do": "plan",
        "post": str(post_of(town, name)),
        "part": "leader",
        "since": today().isoformat(),
        "until": (today() + timedelta(days=60)).isoformat(),
        "on": "fixed",
        "starts": "09:00",
        "ends": "11:30",
        "key": uuid4().hex,
    } | changed


def test_a_rule_is_set_its_days_changed_and_cancelled_with_their_history(town: Place, at_desk: Desk):
    with clock.simulated(third()):
        _set_change_and_cancel(town, at_desk)


def _set_change_and_cancel(town: Place, at_desk: Desk) -> None:
    point, desk = opened(town), at_desk("王芳")
    new = f"{PAGE}{point.pk}/rules/new/"
    assert desk.post(new, rule_form(day="")).status_code == 422
    assert desk.post(new, rule_form(closes="08:00")).status_code == 422
    assert desk.post(new, rule_form()).status_code == 302
    one = first_day(point)
    page = f"{PAGE}days/{one.pk}/"
    given = {"day": (one.day + timedelta(days=1)).isoformat(), "opens": "14:00", "closes": "16:00"}
    assert desk.post(page, given | {"do": "save", "reason": ""}).status_code == 422
    assert desk.post(page, given | {"do": "save", "reason": "上午开会"}).status_code == 302
    body = desk.get(page).content.decode()
    assert "改这个说事日" in body and "排出说事日" in body and "上午开会" in body
    assert desk.post(page, given | {"do": "cancel", "reason": "下大雨"}).status_code == 302
    assert "取消这个说事日" in desk.get(page).content.decode()
    body = desk.get(f"{PAGE}{point.pk}/").content.decode()
    assert "每月 15 日" in body and "说事日取消" in body
    rule = DayRule.objects.get()
    assert desk.post(f"{PAGE}rules/{rule.pk}/end/", {"reason": "改到镇里"}).status_code == 302
    assert not MatterDay.objects.filter(cancelled=False).exists()


def test_the_rota_is_planned_shown_with_its_gaps_and_changed(town: Place, at_desk: Desk):
    point, desk = opened(town), at_desk("王芳")
    ruled(point)
    page = f"{PAGE}{point.pk}/"
    assert desk.get(page).content.decode().count("没有人</span>") > 10
    assert desk.post(page, plan_form(town, on="weekly")).status_code == 422, "which days of the week?"
    form = plan_form(town)
    for _n in range(2):
        assert desk.post(page, form).status_code == 302
    n = Sitting.objects.count()
    assert n == MatterDay.objects.filter(day__lte=today() + timedelta(days=60)).count()
    assert "陈书记" in desk.get(page).content.decode()
    row = Sitting.objects.order_by("day")[0]
    change = f"{PAGE}sittings/{row.pk}/"
    assert desk.post(change, {"instead": str(post_of(town, "马镇长")), "reason": ""}).status_code == 422
    assert desk.post(change, {"instead": str(post_of(town, "马镇长")), "reason": "开会"}).status_code == 302
    assert "开会" in desk.get(change).content.decode()
    assert Sitting.objects.filter(active=True).count() == n


def test_only_who_arranges_sees_the_forms_and_another_units_address_is_nothing(town: Place, at_desk: Desk):
    point = opened(town)
    ruled(point)
    [row] = seated(town, point)
    handler = at_desk("孙丽")
    body = handler.get(f"{PAGE}{point.pk}/").content.decode()
    assert "陈书记" in body and "排上" not in body and "换人" not in body and "替别人记在岗" not in body
    for path in (
        f"{point.pk}/rules/new/",
        f"{point.pk}/days/new/",
        f"{point.pk}/queue/",
        f"days/{first_day(point).pk}/",
        f"sittings/{row.pk}/",
        f"rules/{DayRule.objects.get().pk}/end/",
    ):
        assert handler.get(f"{PAGE}{path}").status_code == 404, path
        assert handler.post(f"{PAGE}{path}", {"do": "save", "reason": "x"}).status_code == 404, path
    assert handler.post(f"{PAGE}{point.pk}/", plan_form(town)).status_code in (200, 422)
    assert Sitting.objects.count() == 1


def test_i_am_here_is_one_press_and_late_entries_say_so(town: Place, at_desk: Desk):
    point = opened(town)
    [row] = seated(town, point, "孙丽")
    with clock.simulated(at(row.day, 9, 5)):
        me = at_desk("孙丽")
        assert "我在岗" in me.get(PAGE).content.decode()
        for _n in range(2):
            assert me.post(PAGE, {"do": "here", "row": str(row.pk)}).status_code == 302
        assert "记了在岗" in me.get(PAGE).content.decode()
        assert at_desk("李国强").post(PAGE, {"do": "here", "row": str(row.pk)}).status_code == 404
    with clock.simulated(at(row.day + timedelta(days=1), 9, 5)):
        [old] = Sitting.objects.filter(active=True)
        assert at_desk("孙丽").post(PAGE, {"do": "here", "row": str(old.pk)}).status_code == 404, "not of yesterday"
        desk = at_desk("王芳")
        note = {"do": "note", "post": str(post_of(town, "陈书记")), "day": row.day.isoformat(), "came": "09:00"}
        assert desk.post(f"{PAGE}{point.pk}/", note).status_code == 302
        body = desk.get(f"{PAGE}{point.pk}/").content.decode()
        assert body.count("补记") == 1 and "本人记的" in body and "王芳记的" in body
        mine = Attendance.objects.get(person=town.persons["孙丽"])
        assert desk.post(f"{PAGE}attendance/{mine.pk}/", {"reason": "当天没有来"}).status_code == 302
        assert "当天没有来" in desk.get(f"{PAGE}{point.pk}/").content.decode()
        assert at_desk("孙丽").get(f"{PAGE}attendance/{mine.pk}/").status_code == 404
        with clock.simulated(at(row.day + timedelta(days=1), 9, 6)):
            again = desk.post(f"{PAGE}{point.pk}/", note | {"came": "10:00"}, follow=True).content.decode()
        assert "早先已经记了 09:00 在岗" in again
        other = Attendance.objects.get(person=town.persons["陈书记"])
        body = desk.get(f"{PAGE}{point.pk}/").content.decode()
        assert f"attendance/{other.pk}/" in body and f"attendance/{mine.pk}/" not in body


def test_nobody_is_led_to_strike_out_what_was_written_about_themselves(town: Place, at_desk: Desk):
    point = opened(town)
    [row] = seated(town, point, "王芳")
    with clock.simulated(at(row.day, 9, 5)):
        rota.note(point.pk, row.post_id, row.day, actor=town.actor("王芳"))
        [mine] = Attendance.objects.all()
        assert f"attendance/{mine.pk}/" not in at_desk("王芳").get(f"{PAGE}{point.pk}/").content.decode()
        assert f"attendance/{mine.pk}/" in at_desk("刘敏").get(f"{PAGE}{point.pk}/").content.decode()


def press_of(desk: Client, page: str) -> str:
    found = re.search(r'name="key" value="([^"]+)"', desk.get(page).content.decode())
    assert found is not None
    return found[1]


def test_numbers_are_drawn_called_and_registered(town: Place, at_desk: Desk):
    point, desk = opened(town), at_desk("王芳")
    page = f"{PAGE}{point.pk}/queue/"
    assert desk.post(page, {"do": "set", "counters": "2", "active": "on"}).status_code == 302
    assert Queue.objects.get().at_terminal is False
    for _n in range(2):
        desk.post(page, {"do": "draw", "key": "same"})
    slip = desk.post(page, {"do": "print", "key": "other", "paper": "a5"})
    assert slip["Location"].endswith("?paper=a5") and "前面还有 1 人" in desk.get(slip["Location"]).content.decode()
    assert Ticket.objects.count() == 2
    press = press_of(desk, page)
    for _n in range(2):
        desk.post(page, {"do": "next", "key": press, "counter": "2"})
    first, second = Ticket.objects.order_by("number")
    assert (first.state, first.counter, second.state) == ("called", 2, "waiting")
    body = desk.get(page).content.decode()
    assert "2 号窗口" in body and f"/desk/register/?ticket={first.pk}" in body and "autofocus" in body
    form = desk.get(f"/desk/register/?ticket={first.pk}").content.decode()
    assert "1 号" in form and str(first.pk) in form
    typed = {
        "ticket": str(first.pk),
        "raised": "0",
        "content": "村口路灯坏了三天。",
        "naming": Naming.ANONYMOUS,
        "channel": Channel.POINT,
        "point": str(point.pk),
        "urgency": "U4",
        "tell_by": "page",
        "key": uuid4().hex,
        "next": "1",
    }
    for _n in range(2):
        assert desk.post("/desk/register/", typed)["Location"] == page
    assert FromTicket.objects.count() == Matter.objects.count() == 1
    assert Matter.objects.get().number in desk.get(page).content.decode()
    desk.post(page, {"do": "done", "row": str(first.pk)})
    desk.post(page, {"do": "next", "key": uuid4().hex, "counter": "2"})
    desk.post(page, {"do": "pass", "row": str(second.pk)})
    assert "过号的" in desk.get(page).content.decode()
    assert at_desk("孙丽").get(f"/desk/points/tickets/{first.pk}/slip/").status_code == 404
    assert at_desk("孙丽").get(f"/desk/register/?ticket={first.pk}").status_code == 404


def test_a_form_is_printed_found_photographed_and_written_down_beside_its_picture(town: Place, at_desk: Desk):
    point, desk = opened(town), at_desk("王芳")
    answer = desk.post("/desk/sheets/", {"do": "print", "point": str(point.pk), "many": "2", "key": "k"})
    body = desk.get(answer["Location"]).content.decode()
    assert body.count("<svg class") >= 0 and body.count("blank-sheet") >= 2
    row = Sheet.objects.order_by("id")[0]
    assert sheets.grouped(row.serial) in body
    assert desk.post("/desk/sheets/", {"do": "find", "serial": "2222-2223"}).status_code == 422
    found = desk.post("/desk/sheets/", {"do": "find", "serial": sheets.grouped(row.serial).lower()})
    page = found["Location"]
    assert page == f"/desk/sheets/{row.pk}/"
    assert desk.get(f"/desk/sheets/by/{row.serial}/")["Location"] == page
    assert desk.post(page, {"do": "photos", "photos": photo()}).status_code == 302
    assert row.photos.count() == 1
    wrong = row.photos.get()
    for _n in range(2):
        assert desk.post(page, {"do": "off", "row": str(wrong.pk)}).status_code == 302
    assert desk.get(f"/desk/sheets/photos/{wrong.pk}/").status_code == 404
    row.refresh_from_db()
    assert row.state == "blank" and not FromSheet.objects.exists()
    desk.post(page, {"do": "photos", "photos": photo()})
    begun = desk.get(f"/desk/register/?sheet={row.pk}").content.decode()
    here = sheets.photos_of(row).get()
    assert f"/desk/sheets/photos/{here.pk}/" in begun and point.name in begun
    assert desk.get(f"/desk/sheets/photos/{here.pk}/").status_code == 200
    typed = {
        "sheet": str(row.pk),
        "content": "村口路灯坏了三天。",
        "naming": Naming.ANONYMOUS,
        "channel": Channel.POINT,
        "point": str(point.pk),
        "urgency": "U4",
        "tell_by": "page",
        "key": uuid4().hex,
    }
    for _n in range(2):
        assert desk.post("/desk/register/", typed).status_code == 302
    matter = Matter.objects.get()
    assert FromSheet.objects.get().matter == matter and matter.attachments.count() == 1
    body = desk.get(page).content.decode()
    assert f"/desk/matters/{matter.number}/" in body and 'name="photos"' not in body
    assert "已经处理过了" in desk.get(f"/desk/register/?sheet={row.pk}").content.decode()
    again = desk.post("/desk/register/", typed | {"key": uuid4().hex})
    assert again.status_code == 409 and Matter.objects.count() == 1
    stranger = at_desk("孙丽")
    assert stranger.get(page).status_code == stranger.get(answer["Location"]).status_code == 404
    assert stranger.get(f"/desk/sheets/by/{row.serial}/").status_code == 404


def shot_of(row: Sheet) -> SimpleUploadedFile:
    """A photograph of a sheet, a little askew."""
    sheet = BytesIO()
    segno.make(f"http://testserver/points/sheet/{row.serial}/", error="m", micro=False).save(sheet, kind="png", scale=6)
    page = Image.new("RGB", (1240, 1754), "white")
    page.paste(Image.open(sheet).convert("RGB").rotate(4, fillcolor="white", expand=True), (880, 60))
    shot = BytesIO()
    page.save(shot, "JPEG", quality=80)
    return SimpleUploadedFile("表.jpg", shot.getvalue(), "image/jpeg")


def test_the_code_on_a_picture_finds_the_form_where_something_reads_codes(town: Place, at_desk: Desk):
    pytest.importorskip("cv2")
    point, desk = opened(town), at_desk("王芳")
    row, other = printed(town, point, 2)
    for given in (
        {"serial": "", "photos": [shot_of(row), shot_of(other)]},
        {"serial": row.serial, "photos": shot_of(other)},
    ):
        refused = desk.post("/desk/sheets/", {"do": "find"} | given)
        assert refused.status_code == 422 and "别的编号的表" in refused.content.decode()
    desk.post(f"/desk/sheets/{row.pk}/", {"do": "photos", "photos": [photo(), shot_of(other)]})
    assert row.photos.count() == other.photos.count() == 0, "nobody's words come to the matter of another"
    answer = desk.post("/desk/sheets/", {"do": "find", "serial": "", "photos": shot_of(row)})
    assert answer["Location"] == f"/desk/sheets/{row.pk}/" and row.photos.count() == 1
    plain = desk.post("/desk/sheets/", {"do": "find", "serial": "", "photos": photo()})
    assert plain.status_code == 422 and "没有认出来" in plain.content.decode()


def test_a_page_costs_the_same_however_much_is_planned(
    town: Place, at_desk: Desk, statements: Callable[[], AbstractContextManager[Statements]]
):
    point, desk = opened(town), at_desk("王芳")
    lane = queued(point)
    ruled(point)
    seated(town, point, "陈书记", first_day(point).day)
    pages = (
        PAGE,
        f"{PAGE}{point.pk}/",
        f"{PAGE}{point.pk}/queue/",
        "/points/",
        f"/points/{point.pk}/",
        f"/display/{point.pk}/",
    )

    def price(path: str) -> int:
        """The least of some: what is remembered for seconds may have to be read anew in between."""
        counts = []
        for _n in range(3):
            with statements() as counted:
                assert desk.get(path).status_code == 200
            counts.append(counted.count)
        return min(counts)

    few = {path: price(path) for path in pages}
    for day in MatterDay.objects.order_by("day").values_list("day", flat=True)[1:9]:
        seated(town, point, "陈书记", day)
        seated(town, point, "马镇长", day)
    for _n in range(6):
        queue.draw(lane.pk, uuid4().hex, actor=town.actor("王芳"))
    assert {path: price(path) for path in pages} == few


def test_what_nobody_attended_is_told_where_it_can_be_mended(town: Place, at_desk: Desk):
    point = opened(town)
    with clock.simulated(third()):
        ruled(point)
        seated(town, point)
    with clock.simulated(at(first_day(point).day + timedelta(days=1), 9)):
        assert "没有人记在岗" in at_desk("王芳").get(PAGE).content.decode()
        body = at_desk("王芳").get(f"{PAGE}{point.pk}/").content.decode()
        assert 'id="past"' in body and "没有人在岗" in body and "排了班，没有在岗记录" in body
        assert "没有人记在岗" not in at_desk("孙丽").get(PAGE).content.decode()
        assert "0 / 1" in at_desk("王芳").get("/desk/ways/").content.decode()
