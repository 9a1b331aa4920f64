"""A session that ends, a form that comes back: settings hold what was typed, and carry nothing out by themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from shuoshi.kernel import drafts, throttle
from shuoshi.organization import queries as organization
from shuoshi.organization.models import Post, Unit
from tests.support.desk import signed_in
from tests.support.village import Place

Desk = Callable[[str], Client]


def after_the_sign_in(town: Place, client: Client, address: str, typed: dict[str, str]) -> Any:
    """The session ends while the form is filled in; it is sent, and the person signs in anew."""
    Session.objects.all().delete()
    away = client.post(address, typed)
    assert away.status_code == 302 and "/desk/sign-in/" in away["Location"]
    assert "您写的内容还在" in client.get(away["Location"]).content.decode()
    back = client.get(away["Location"]).context["back"]
    return signed_in(town, "管理员").get(back)


PAGES: dict[str, dict[str, str]] = {
    "institution/": {"do": "save", "name": "青禾镇便民中心", "institution_code": "QHZ", "address": "民安路 9 号"},
    "calendar/": {"do": "save", "year": "2033", "off": "2033-01-01 至 2033-01-03", "worked": "2033-01-08"},
    "units/new/": {"do": "save", "name": "镇文化站", "unit_code": "WHZ", "address": "文化路 3 号"},
    "people/new/": {"do": "save", "name": "沈小月", "phone": "00013900001"},
    "points/new/": {"do": "save", "name": "文化礼堂", "opening": "周一 08:30-11:30"},
    "duties/": {"do": "save", "note": "桥下面归水利站"},
}


@pytest.mark.parametrize("path", list(PAGES))
def test_a_time_out_costs_no_field_of_the_settings(town: Place, at_desk: Desk, path: str) -> None:
    page = after_the_sign_in(town, at_desk("管理员"), f"/desk/settings/{path}", PAGES[path])
    form = page.context["form"]
    assert page.status_code == 200
    assert {name: form[name].value() for name in PAGES[path] if name != "do"} == {
        name: value for name, value in PAGES[path].items() if name != "do"
    }


@pytest.mark.parametrize(
    ("typed", "where"),
    [
        ({"do": "save", "name": "镇城建办", "unit_code": "CJB2"}, ""),
        ({"do": "appoint", "appoint-title": "副主任，管路灯"}, "appoint"),
    ],
)
def test_each_form_of_a_units_page_comes_back_by_itself(
    town: Place, at_desk: Desk, typed: dict[str, str], where: str
) -> None:
    page = after_the_sign_in(town, at_desk("管理员"), f"/desk/settings/units/{town.units['城建办'].pk}/", typed)
    body = page.content.decode()
    assert all(value in body for name, value in typed.items() if name != "do")
    assert (
        Unit.objects.get(pk=town.units["城建办"].pk).name == "城建办" and not Post.objects.filter(title__gt="").exists()
    )


def test_the_user_name_of_an_account_comes_back(town: Place, at_desk: Desk) -> None:
    address = f"/desk/settings/people/{town.persons['王芳']}/"
    page = after_the_sign_in(town, at_desk("管理员"), address, {"do": "save", "username": "wangfang2"})
    assert page.context["form"]["username"].value() == "wangfang2"


def test_a_deed_that_only_comes_back_is_not_done(town: Place, at_desk: Desk) -> None:
    """A button without words that was pressed too late is pressed again, not carried out on the way back."""
    unit = town.units["水利站"]
    address = f"/desk/settings/units/{unit.pk}/"
    client = at_desk("管理员")
    assert client.post(address, {"do": "close", "again": "1"}).status_code == 200
    post = Post.objects.filter(unit=unit).first()
    assert client.post(address, {"do": "end_post", "row": str(post.pk), "again": "1"}).status_code == 200
    after_the_sign_in(town, client, address, {"do": "close", "note": "没有这一栏"})
    unit.refresh_from_db()
    post.refresh_from_db()
    assert unit.active and post.until is None
    assert organization.institution().root is not None


def test_no_password_is_kept(town: Place, at_desk: Desk) -> None:
    Session.objects.all().delete()
    secret = "磨盘山下的旧水渠，修于 1964"
    away = Client().post(
        "/desk/settings/people/new/", {"name": "沈小月", "new_password": secret, "password_again": secret}
    )
    token = away["Location"].split("draft%3D")[1]
    assert drafts.load(token).body == [["name", "沈小月"]]


def test_forms_of_the_staff_are_counted_apart_from_what_residents_send(town: Place, client: Client) -> None:
    for _time in range(throttle.SUBMIT_BY_NETWORK.free):
        throttle.hit(throttle.SUBMIT_BY_NETWORK.scope, "127.0.0.1")
    away = client.post("/desk/settings/people/new/", {"name": "沈小月"})
    assert "draft%3D" in away["Location"]
    for _time in range(throttle.STAFF_DRAFTS_BY_NETWORK.free):
        away = client.post("/desk/settings/people/new/", {"name": "沈小月"})
    assert "draft%3D" not in away["Location"], "anybody can send to the desk without a session: they are counted, too"
