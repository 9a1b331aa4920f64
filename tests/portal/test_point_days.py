"""What residents see of a point (3.1.1): the next days, unit and post but no name, numbers on a screen and from the terminal."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from shuoshi.channels.points import days, queue
from shuoshi.channels.points.days import DayGiven
from shuoshi.channels.points.models import MatterDay, Ticket
from shuoshi.kernel import clock
from shuoshi.kernel.web.site import KIOSK_COOKIE
from tests.portal.resident import Resident
from tests.support.desk import signed_in
from tests.support.points import opened
from tests.support.rota import at, printed, queued, ruled, seated, today
from tests.support.village import Place

pytestmark = pytest.mark.django_db


def test_residents_read_the_next_days_and_who_is_there_without_names(town: Place, resident: Resident) -> None:
    point = opened(town)
    ruled(point)
    first, second = MatterDay.objects.order_by("day")[:2]
    seated(town, point, "马镇长", first.day, second.day)
    town.away("马镇长", None, hours=24, after=(at(first.day, 0) - clock.now()).total_seconds() / 3600)
    moved = DayGiven(day=second.day + timedelta(days=1), opens=second.opens, closes=second.closes, reason="村里办喜事")
    days.change_day(second.pk, moved, actor=town.actor("王芳"))
    for path in ("/points/", f"/points/{point.pk}/"):
        body = resident.page(path)
        assert "说事日" in body and "青禾镇" in body and "马镇长" not in body
        assert "当天请假" in body and "村里办喜事" in body


def test_a_fixed_day_is_on_the_first_page_when_it_comes(town: Place, resident: Resident) -> None:
    from tests.support.points import kept_open

    point = opened(town)
    kept_open(town, point)
    row = days.add_day(
        point.pk,
        DayGiven(
            day=today() + timedelta(days=2), opens=at(today(), 9).time(), closes=at(today(), 11).time(), reason=""
        ),
        "k",
        actor=town.actor("王芳"),
    )
    with clock.simulated(at(row.day, 8)):
        assert point.name in resident.page("/")


def test_the_screen_shows_numbers_and_counters_and_asks_again_by_itself(town: Place) -> None:
    point = opened(town)
    page, browser = f"/display/{point.pk}/", Client()
    assert "现在不叫号" in browser.get(page).content.decode()
    lane = queued(point)
    for _n in range(3):
        queue.draw(lane.pk, uuid4().hex, actor=town.actor("王芳"))
    queue.call_next(lane.pk, 2, "a", actor=town.actor("王芳"))
    answer = browser.get(page)
    body = answer.content.decode()
    assert answer["Refresh"] == "5" and "<script" not in body and answer["Cache-Control"] == "no-store"
    assert '<strong class="num">1</strong>' in body and "请到 2 号窗口" in body and "2 人在等" in body
    assert "王芳" not in body and "session" not in answer.cookies
    with clock.simulated(at(today() + timedelta(days=1), 0, 1)):
        assert "没有人排队" in browser.get(page).content.decode()
    assert browser.get(f"/display/{uuid4()}/").status_code == 404


def test_a_terminal_gives_a_number_once_while_the_point_is_open(town: Place) -> None:
    point = opened(town)
    queued(point)
    page, browser = f"/kiosk/{point.pk}/", Client(headers={"accept-language": "zh-CN"})
    day = today() + timedelta(days=1)
    with clock.simulated(at(day, 9)):
        assert "取号，到窗口说" not in browser.get(page).content.decode()
        browser.post(page, {"do": "number", "key": "k"})
        assert not Ticket.objects.exists(), "somebody's own browser draws none"
        browser.post(page, {"do": "begin"})
        browser.cookies["numbers"] = str(point.pk)
        assert "取号，到窗口说" not in browser.get(page).content.decode(), "whoever made it is nobody of the point"
        browser.post(page, {"do": "number", "key": "k"})
        assert not Ticket.objects.exists()
        browser = signed_in(town, "王芳")
        browser.post(page, {"do": "begin"})
        assert browser.get("/desk/").status_code == 302, "and nobody stays signed in"
        found = re.search(r'name="key" value="([^"]+)"', browser.get(page).content.decode())
        assert found is not None and KIOSK_COOKIE in browser.cookies
        answers = {browser.post(page, {"do": "number", "key": found[1]})["Location"] for _n in range(2)}
        assert len(answers) == Ticket.objects.count() == 1
        body = browser.get(answers.pop()).content.decode()
        assert "号" in body and "前面还有 0 人" in body and "我用完了" in body
    with clock.simulated(at(day, 13)):
        assert "取号，到窗口说" not in browser.get(page).content.decode()
        browser.post(page, {"do": "number", "key": "late"})
    assert Ticket.objects.count() == 1


def test_the_code_of_a_form_leads_staff_to_it_and_everybody_else_to_the_point(town: Place) -> None:
    point = opened(town)
    row = printed(town, point)[0]
    address = f"/points/sheet/{row.serial}/"
    assert Client().get(address)["Location"] == f"/points/{point.pk}/"
    assert signed_in(town, "王芳").get(address)["Location"] == f"/desk/sheets/by/{row.serial}/"
    assert Client().get("/points/sheet/22222222/").status_code == 404
