"""An administrator edits the institution in the product, and its history stands beneath."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from shuoshi.desk.forms.settings import AreaForm, InstitutionForm, PointForm, UnitForm
from shuoshi.desk.views.settings import changes
from shuoshi.kernel.calendars import CalendarYear
from shuoshi.organization import queries as organization
from shuoshi.organization.models import Area, DutyLine, Institution, OpeningTime, Point, Post, Unit
from shuoshi.organization.roles import WITHOUT_DEEDS, Role
from shuoshi.people.models import Account, Proposal
from tests.support.village import Place

Desk = Callable[[str], Client]


def test_a_unit_is_founded_edited_and_its_history_is_told(town: Place, at_desk: Desk) -> None:
    client = at_desk("管理员")
    given = {"name": "镇文化站", "short_name": "文化站", "unit_code": "WH", "kind": "DEPARTMENT"}
    given["parent"] = str(town.units["青禾镇"].pk)
    founded = client.post("/desk/settings/units/new/", given)
    unit = Unit.objects.get(code="WH")
    assert founded["Location"] == f"/desk/settings/units/{unit.pk}/"
    page = client.get(founded["Location"]).content.decode()
    assert "缺指定专人" in page and "设立单位" in page
    client.post(founded["Location"], {"do": "save", **given, "phone": "000-8812 6611"})
    unit.refresh_from_db()
    assert unit.phone == "000-8812 6611"
    assert "修改单位信息" in client.get(founded["Location"]).content.decode()


def test_a_person_is_taken_on_gets_an_account_and_a_post(town: Place, at_desk: Desk) -> None:
    client = at_desk("管理员")
    there = client.post("/desk/settings/people/new/", {"name": "沈小月", "phone": "00013900001"})["Location"]
    opened = client.post(there, {"do": "save", "username": "shenxy"})
    account = Account.objects.get(username="shenxy")
    assert account.must_change_password and re.search(r"[A-Z2-9]{4}(-[A-Z2-9]{4}){3}", opened.content.decode())
    assert not re.search(r"[A-Z2-9]{4}(-[A-Z2-9]{4}){3}", client.get(there).content.decode())
    address = f"/desk/settings/units/{town.units['城建办'].pk}/"
    data = {"do": "appoint", "appoint-person": str(account.person_id), "appoint-role": "handler"}
    assert client.post(address, data).status_code == 302
    assert Post.objects.filter(person=account.person_id, role="handler").exists()
    client.post(address, {"do": "designate", "designate-person": str(account.person_id)})
    assert Unit.objects.get(pk=town.units["城建办"].pk).designated_id == account.person_id


def test_a_post_that_opens_nothing_yet_is_given_to_nobody(town: Place, at_desk: Desk) -> None:
    client, address = at_desk("管理员"), f"/desk/settings/units/{town.units['青禾镇'].pk}/"
    assert 'value="handler"' in client.get(address).content.decode()
    for role in WITHOUT_DEEDS:
        assert f'value="{role}"' not in client.get(address).content.decode()
        data = {"do": "appoint", "appoint-person": str(town.persons["孙丽"]), "appoint-role": str(role)}
        assert client.post(address, data).status_code == 422
    assert not Post.objects.filter(role__in=WITHOUT_DEEDS).exists()


def test_no_column_stands_in_a_history_under_its_name_in_the_code() -> None:
    forms: dict[Any, Any] = {
        Institution: InstitutionForm,
        Unit: UnitForm,
        Area: AreaForm,
        Point: PointForm,
        Post: UnitForm,
        OpeningTime: PointForm,
    }
    for model, form in forms.items():
        columns = {field.attname for field in model._meta.concrete_fields} - changes.INNER
        assert not columns - changes.LABELS.keys() - form.base_fields.keys(), model.__name__


def test_a_resident_is_not_listed_among_staff(town: Place, at_desk: Desk) -> None:
    party = town.raise_matter(by="王芳").parties.get()
    client = at_desk("管理员")
    assert "陈大明" not in client.get("/desk/settings/people/").content.decode()
    assert client.get(f"/desk/settings/people/{party.person_id}/").status_code == 404


def test_points_are_opened_with_their_times(town: Place, at_desk: Desk) -> None:
    client = at_desk("管理员")
    given = {
        "name": "柳湾村文化礼堂",
        "tier": "POINT",
        "unit": str(town.units["柳湾村"].pk),
        "area": str(Area.objects.get(name="柳湾村").pk),
        "address": "柳湾村 1 号",
        "opening": "周一 08:30-11:30\n2026-12-05 08:30-11:30",
    }
    wrong = client.post("/desk/settings/points/new/", {**given, "opening": "有空就开"})
    assert wrong.status_code == 422 and "没有看懂" in wrong.content.decode()
    assert client.post("/desk/settings/points/new/", given).status_code == 302
    point = Point.objects.get()
    assert point.opening_times.count() == 2
    assert "周一 08:30-11:30" in client.get(f"/desk/settings/points/{point.pk}/").content.decode()


def test_duty_list_roster_and_calendar_are_kept(town: Place, at_desk: Desk) -> None:
    client = at_desk("管理员")
    line = {"category": "B604", "unit": str(town.units["城建办"].pk)}
    assert client.post("/desk/settings/duties/", line).status_code == 302
    assert organization.duty("B604")[0].unit == town.units["城建办"]
    client.post("/desk/settings/duties/", {"do": "close", "row": str(DutyLine.objects.get().pk)})
    assert not DutyLine.objects.filter(active=True).exists()
    shift = {"officer": f"{town.units['受理中心'].pk}|{town.persons['何勇']}"}
    shift |= {"starts_at": "2031-12-01T17:30", "ends_at": "2031-12-02T08:30"}
    assert client.post("/desk/settings/roster/", shift).status_code == 302
    year = {"year": "2033", "off": "2033-01-01\n2033-10-01 至 2033-10-07", "worked": "2033-10-08"}
    assert client.post("/desk/settings/calendar/", year).status_code == 302
    assert CalendarYear.objects.get(year=2033).official


def test_the_institution_is_renamed_but_stays_what_it_is(town: Place, at_desk: Desk) -> None:
    client = at_desk("管理员")
    form = client.get("/desk/settings/institution/").context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    assert client.post("/desk/settings/institution/", {**data, "hotline": "000-1234 5678"}).status_code == 302
    assert organization.institution().hotline == "000-1234 5678"


def test_a_forgotten_password_is_set_anew_with_a_code_on_paper(town: Place, at_desk: Desk) -> None:
    account = Account.objects.get(person=town.persons["王芳"])
    address = f"/desk/settings/people/{account.person_id}/"
    shown = at_desk("管理员").post(address, {"do": "reset", "row": str(account.pk)}).content.decode()
    code = re.search(r"[A-Z2-9]{4}(-[A-Z2-9]{4}){3}", shown)
    assert code, "shown once"
    stranger = Client()
    given = {"username": account.username, "code": "AAAA", "new_password": "磨盘山下的旧水渠，修于 1964"}
    wrong = stranger.post("/desk/reset/", given | {"password_again": given["new_password"]})
    assert wrong.status_code == 422 and "重设码不对" in wrong.content.decode()
    right = stranger.post("/desk/reset/", given | {"password_again": given["new_password"], "code": code[0].lower()})
    assert right["Location"] == "/desk/sign-in/"
    data = {"username": account.username, "password": given["new_password"], "otp": ""}
    assert stranger.post("/desk/sign-in/", data).status_code == 302


def test_what_is_privileged_waits_on_a_page_for_the_second_administrator(town: Place, at_desk: Desk) -> None:
    town.person("第二管理员", ("青禾镇", Role.ADMINISTRATOR))
    unit = town.units["青禾镇"]
    data = {"do": "appoint", "appoint-person": str(town.persons["王芳"]), "appoint-role": "supervisor"}
    data["appoint-title"] = "监督组副组长"
    asked = at_desk("管理员").post(f"/desk/settings/units/{unit.pk}/", data)
    assert asked["Location"] == "/desk/settings/seconds/"
    assert not Post.objects.filter(person=town.persons["王芳"], role="supervisor").exists()
    own = at_desk("管理员").get("/desk/settings/seconds/").content.decode()
    assert "同意并办理" not in own and "撤回" in own
    second = at_desk("第二管理员")
    page = second.get("/desk/settings/seconds/").content.decode()
    assert "王芳 · 青禾镇 · 监督小组成员 · 监督组副组长" in page and "管理员</td>" in page
    assert "encrypted" not in page and "同意并办理" in page
    key = Proposal.objects.get().pk
    assert second.post("/desk/settings/seconds/", {"do": "agree", "row": str(key)}).status_code == 302
    assert Post.objects.get(person=town.persons["王芳"], role="supervisor").title == "监督组副组长"
    assert at_desk("王芳").get("/desk/settings/seconds/").status_code in (403, 404)


def test_the_own_account_has_no_buttons_that_are_always_refused(town: Place, at_desk: Desk) -> None:
    client = at_desk("管理员")
    own = client.get(f"/desk/settings/people/{town.persons['管理员']}/").content.decode()
    other = client.get(f"/desk/settings/people/{town.persons['王芳']}/").content.decode()
    assert "重设密码" in other and "重设密码" not in own and "另一位管理员办" in own


@pytest.mark.parametrize("page", ["duties", "roster", "seconds"])
def test_a_row_that_is_not_there_is_not_found(town: Place, at_desk: Desk, page: str) -> None:
    client, nothing = at_desk("管理员"), "6f1c1b5e-0d7b-4a4e-9a55-3f0c3a8d2b10"
    for do in ("close", "cancel", "agree", "decline"):
        assert client.post(f"/desk/settings/{page}/", {"do": do, "row": nothing}).status_code == 404


def test_a_deed_reaches_only_accounts_of_the_person_shown(town: Place, at_desk: Desk) -> None:
    client = at_desk("管理员")
    shown = f"/desk/settings/people/{town.persons['王芳']}/"
    strangers = Account.objects.get(person=town.persons["钱监督"])
    for row in (str(strangers.pk), "", "no-key"):
        assert client.post(shown, {"do": "switch", "row": row}).status_code == 404
    strangers.refresh_from_db()
    assert strangers.is_active
    unit = f"/desk/settings/units/{town.units['青禾镇'].pk}/"
    assert client.post(unit, {"do": "end_post", "row": "no-key"}).status_code == 404
