"""Home visits on the desk (3.2.3): plans and routes, who was not visited, phones that are revoked, what the phone keeps of the page."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shuoshi.channels.visits import keeping, queries
from shuoshi.channels.visits.models import Device, Plan, Visit
from shuoshi.kernel import clock, room
from tests.support.statements import Statements
from tests.support.village import Place
from tests.support.visits import AT, phone_of, photo, planned

Desk = Callable[[str], Client]
PAGE = "/desk/visits/"


def test_a_plan_is_made_printed_changed_and_ended(town: Place, at_desk: Desk):
    desk, today = at_desk("刘敏"), clock.local(clock.now()).date()
    assert town.area is not None
    form = {
        "area": str(town.area.pk),
        "visitor": str(town.persons["陈书记"]),
        "begins": today.isoformat(),
        "ends": (today + timedelta(days=30)).isoformat(),
        "target": "2",
        "route": "三组 12 号\n三组 14 号",
        "key": uuid4().hex,
    }
    assert desk.post(f"{PAGE}plans/new/", form | {"ends": "2026-01-01"}).status_code == 422
    assert desk.post(f"{PAGE}plans/new/", form | {"route": "三组" * 120}).status_code == 422
    assert desk.post(f"{PAGE}plans/new/", form).status_code == 302
    row = Plan.objects.get()
    phone = phone_of(town)
    phone.sends(phone.record(plan=str(row.pk), met=False))
    route = desk.get(f"{PAGE}plans/{row.pk}/route/").content.decode()
    assert route.count("去过了") == 1 and "三组 14 号" in route
    assert "陈书记" in desk.get(PAGE).content.decode()
    assert desk.post(f"{PAGE}plans/{row.pk}/", form | {"do": "save", "target": "9"}).status_code == 302
    assert "要走访 9 户" in at_desk("陈书记").get(PAGE).content.decode()
    assert at_desk("孙丽").get(f"{PAGE}plans/{row.pk}/").status_code == 404, "another's"
    desk.post(f"{PAGE}plans/{row.pk}/", {"do": "end"})
    row.refresh_from_db()
    assert not row.active


def test_phones_are_revoked_by_their_holder_or_an_administrator(town: Place, at_desk: Desk):
    phone_of(town, "陈书记"), phone_of(town, "孙丽")
    first, second = Device.objects.order_by("enrolled_at")
    page = f"{PAGE}phones/"
    assert "陈书记" not in at_desk("孙丽").get(page).content.decode()
    assert at_desk("孙丽").post(page, {"do": "revoke", "row": str(first.pk)}).status_code == 409
    assert at_desk("孙丽").post(page, {"do": "revoke", "row": str(second.pk)}).status_code == 302
    assert at_desk("管理员").post(page, {"do": "revoke", "row": str(first.pk)}).status_code == 302
    assert not Device.objects.filter(revoked_at__isnull=True).exists()
    assert at_desk("王芳").get(f"{PAGE}rescue/").status_code == 403


def test_revoking_ends_every_other_session_of_its_holder(town: Place, at_desk: Desk):
    phone, here = phone_of(town), at_desk("陈书记")
    assert here.post(f"{PAGE}phones/", {"do": "revoke", "row": phone.id}).status_code == 302
    assert here.get(PAGE).status_code == 200
    assert phone.browser.get(f"{AT}state/?device={phone.id}").status_code == 401


def test_every_phone_in_use_can_be_revoked_however_many_were(town: Place, monkeypatch: pytest.MonkeyPatch):
    for _n in range(3):
        keeping.revoke(UUID(phone_of(town, "孙丽").id), actor=town.actor("孙丽"))
        phone_of(town, "陈书记")
    monkeypatch.setattr(queries, "SHOWN", 1)
    found = [row.revoked_at is None for row, _last in queries.devices(None)]
    assert found == [True, True, True, False, False]


def test_a_plan_is_nothing_to_whoever_leads_elsewhere(town: Place, at_desk: Desk):
    row = planned(town)
    for name, seen in (("陈书记", 200), ("马镇长", 200), ("赵立新", 404)):
        desk = at_desk(name)
        assert desk.get(f"{PAGE}plans/{row.pk}/route/").status_code == seen, name
        assert (f"/plans/{row.pk}/" in desk.get(PAGE).content.decode()) == (seen == 200), name


def test_what_the_page_asks_by_itself_does_not_keep_a_session_alive(town: Place, at_desk: Desk):
    phone = phone_of(town)
    for answer in (phone.browser.get(f"{AT}state/"), phone.sends(phone.record(met=False))):
        assert answer.wsgi_request.polled is True


def test_a_rescue_file_is_never_larger_than_the_door(town: Place, at_desk: Desk, settings: Any):
    page = at_desk("陈书记").get(AT).content.decode()
    assert f'data-most="{settings.BODY_LIMIT * 2 // 3}"' in page
    settings.BODY_LIMIT = 30_000
    file = SimpleUploadedFile("r.json", b" " * 25_000)
    assert "文件太大" in at_desk("管理员").post(f"{PAGE}rescue/", {"file": file}).content.decode()


def test_a_full_disk_takes_no_picture_and_says_later(town: Place, at_desk: Desk, monkeypatch: pytest.MonkeyPatch):
    phone = phone_of(town)
    record = phone.record({}, files=[photo()])
    phone.sends(record)
    monkeypatch.setattr(room, "left", lambda _place: room.Left(free=1, total=10**12))
    answer = phone.sends_file(record["visit"], photo())
    assert (answer.status_code, answer.json()["code"]) == (503, "no_room")
    file = SimpleUploadedFile("r.json", b'{"shuoshi": "visits", "version": 1, "items": []}')
    assert at_desk("管理员").post(f"{PAGE}rescue/", {"file": file}).status_code == 409


def test_the_phone_is_told_its_day_and_whether_it_may_send(town: Place, at_desk: Desk):
    planned(town)
    phone = phone_of(town)
    told = phone.browser.get(f"{AT}state/?device={phone.id}").json()
    assert (told["device"], told["person"]) == ("ok", "陈书记")
    assert [one["route"] for one in told["plans"]] == [[["三组 12 号", False], ["三组 14 号", False]]]
    other = at_desk("孙丽").get(f"{AT}state/?device={phone.id}").json()
    assert (other["device"], other["plans"]) == ("another", [])
    assert phone.browser.get(f"{AT}state/?device=").json()["device"] == "unknown"
    assert Client().get(f"{AT}state/").status_code == 401
    assert at_desk("钱监督").get(f"{AT}state/").json()["code"] == "visits_nobody"


def test_what_is_kept_on_the_phone_is_the_page_and_its_own_files(town: Place, at_desk: Desk):
    source = Client().get(f"{AT}worker.js").content.decode()
    shell = json.loads(re.findall(r"const SHELL = (\[.*\]);", source)[0])
    assert shell[0] == AT and all(one.startswith("/static/") for one in shell[1:])
    page = at_desk("陈书记").get(AT).content.decode()
    assert all(f'src="{one}"' in page for one in shell if one.endswith(".js"))
    assert "陈书记" not in page and "csrf" not in page, "the same for everybody"
    about = Client().get(f"{AT}manifest.webmanifest").json()
    with_aside = Client(headers={"Cookie": "size=large"}).get(f"{AT}worker.js").content.decode()
    assert with_aside.partition("SHELL")[0] != source.partition("SHELL")[0], "another page is another version"
    assert (about["scope"], about["start_url"], about["display"]) == (AT, AT, "standalone")


def test_the_page_costs_the_same_with_many_visits(
    town: Place, at_desk: Desk, statements: Callable[[], AbstractContextManager[Statements]]
):
    phone = phone_of(town, "王芳")

    def visits(n: int) -> None:
        for _ in range(n):
            planned(town, "王芳")
            phone.sends(phone.record(met=False))

    desk = at_desk("王芳")
    visits(1)
    desk.get(PAGE)
    with statements() as few:
        desk.get(PAGE)
    visits(6)
    with statements() as many:
        desk.get(PAGE)
    assert few.count == many.count
    assert Visit.objects.count() == 7
