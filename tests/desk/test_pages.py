"""Every page of the desk answers for whoever may open it, and says so to whoever may not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from shuoshi.desk import forms
from shuoshi.desk.urls import urlpatterns
from shuoshi.matters.models import Matter
from shuoshi.matters.queries import queues
from shuoshi.matters.vocabulary import Status
from tests.support.village import Place

Desk = Callable[[str], Client]

EVERYBODY = ("王芳", "刘敏", "赵红", "何勇", "周建国", "孙丽", "马镇长", "钱监督", "管理员")
PLAIN = (
    "",
    "me/",
    "me/password/",
    "me/looks/",
    "all/",
    "register/",
    "search/",
    "search/?q=路灯",
    "knowledge/",
    "knowledge/tasks/",
)
SETTINGS = (
    "",
    "institution/",
    "calendar/",
    "profile/",
    "units/",
    "units/new/",
    "people/",
    "people/new/",
    "areas/",
    "areas/new/",
    "points/",
    "points/new/",
    "duties/",
    "roster/",
    "health/",
    "start/",
)


@pytest.mark.parametrize("path", PLAIN)
def test_a_page_for_all_staff_opens(at_desk: Desk, path: str) -> None:
    assert at_desk("王芳").get(f"/desk/{path}").status_code == 200


@pytest.mark.parametrize("name", list(queues.QUEUES))
def test_a_queue_opens_with_and_without_work(town: Place, at_desk: Desk, name: str) -> None:
    client = at_desk("刘敏")
    assert str(queues.QUEUES[name].empty) in client.get(f"/desk/queues/{name}/").content.decode()
    for status in (Status.REGISTERED, Status.ACCEPTED, Status.IN_FOLLOW_UP):
        town.matter_in(status)
    assert client.get(f"/desk/queues/{name}/").status_code == 200


@pytest.mark.parametrize("path", SETTINGS)
def test_settings_open_for_the_administrator_and_nobody_else(at_desk: Desk, path: str) -> None:
    assert at_desk("管理员").get(f"/desk/settings/{path}").status_code == 200
    assert at_desk("王芳").get(f"/desk/settings/{path}").status_code == 403


def test_nobody_opens_the_desk_without_signing_in(client: Client, db: None) -> None:
    for path in ("", "register/", "settings/", "overview/", "receipts/", "queues/accept/"):
        answer = client.get(f"/desk/{path}")
        assert answer.status_code == 302 and "/desk/sign-in/" in answer["Location"], path


def test_every_address_says_who_may_open_it() -> None:
    for route in urlpatterns:
        assert getattr(route.callback, "access", None), route


@pytest.mark.parametrize("status", list(Status))
def test_the_page_of_a_matter_opens_in_every_status_for_whoever_sees_it(
    town: Place, at_desk: Desk, status: Status
) -> None:
    matter = town.matter_in(status, by="王芳")
    for name in EVERYBODY:
        answer = at_desk(name).get(f"/desk/matters/{matter.number}/")
        assert answer.status_code in (200, 404), (name, status)
    body = at_desk("王芳").get(f"/desk/matters/{matter.number}/").content.decode()
    assert matter.content in body
    assert "13800000017" not in body and "陈大明" not in body


@pytest.mark.parametrize("status", [Status.REGISTERED, Status.IN_HANDLING, Status.IN_FOLLOW_UP])
def test_every_action_has_a_page_that_shows_its_form_or_why_not(town: Place, at_desk: Desk, status: Status) -> None:
    matter = town.matter_in(status, by="王芳")
    for name in ("王芳", "刘敏", "孙丽", "周建国"):
        client = at_desk(name)
        sees = _sees(client, matter)
        for action in forms.FORMS:
            answer = client.get(f"/desk/matters/{matter.number}/{action}/")
            assert answer.status_code in (200, 403, 404), (action, name)
            assert answer.status_code != 404 or not sees, (action, name)


def test_overview_lists_and_receipts_open(town: Place, at_desk: Desk) -> None:
    town.matter_in(Status.CLOSED, by="王芳")
    client = at_desk("刘敏")
    for path in ("overview/", "overview/open/", "overview/over/", "overview/due/", "overview/rated/", "receipts/"):
        assert client.get(f"/desk/{path}").status_code == 200, path
    assert at_desk("孙丽").get("/desk/overview/").status_code == 403


def test_papers_and_the_residents_view_open(town: Place, at_desk: Desk) -> None:
    matter = town.matter_in(Status.CLOSED, by="王芳")
    client = at_desk("王芳")
    for path in (
        *(f"documents/{name}/" for name in ("registration", "order-1", "reply-1", "report-1")),
        "as-resident/",
    ):
        answer = client.get(f"/desk/matters/{matter.number}/{path}")
        assert answer.status_code == 200, path
        assert "陈大明" not in answer.content.decode()
    assert client.get(f"/desk/matters/{matter.number}/documents/reply-9/").status_code == 404


def _sees(client: Client, matter: Matter) -> bool:
    return client.get(f"/desk/matters/{matter.number}/").status_code == 200
