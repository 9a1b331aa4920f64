"""How a speaker chooses to be told, and ends it; a link that a scanner opens does nothing."""

from __future__ import annotations

import pytest
from django.test import Client

from shuoshi.kernel import clock
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import TellBy
from shuoshi.notices.models import Message, State, Why
from shuoshi.people.models import ContactKind, ContactPoint
from tests.notices.told import MORNING, carried
from tests.portal.resident import Resident
from tests.support.desk import signed_in
from tests.support.village import Place, build_town


@pytest.fixture
def town(db: None) -> Place:
    with clock.simulated(MORNING):
        yield build_town()  # type: ignore[misc]


@pytest.fixture
def called(town: Place) -> Message:
    town.accept(town.raise_matter(by="王芳", tell_by=TellBy.CALL))
    return carried()[0] if carried()[0].to == "speaker" else next(one for one in carried() if one.to == "speaker")


def state(matter: Matter) -> tuple[str, bool]:
    matter.refresh_from_db()
    return matter.tell_by, matter.no_messages


def test_a_scanner_that_opens_the_link_changes_nothing(town: Place, called: Message):
    matter = Matter.objects.get(pk=called.about_id)
    for method in ("get", "head"):
        for agent in ("Mozilla/5.0 (scanner)", "curl/8"):
            answer = getattr(Client(HTTP_USER_AGENT=agent), method)(f"/n/{called.token}/")
            assert answer.status_code == 200
    assert state(matter) == (TellBy.CALL, False)
    page = Client().get(f"/n/{called.token}/").content.decode()
    assert matter.number in page and "路灯" not in page and "陈" not in page.split("<main")[1]
    assert Client().get("/n/2222222222222222/").status_code == 404


def test_a_button_behind_the_link_ends_what_waits_and_what_would_come(town: Place, called: Message):
    matter = Matter.objects.get(pk=called.about_id)
    for _ in range(2):
        assert "不再通知您" in Client().post(f"/n/{called.token}/").content.decode()
    assert state(matter) == (TellBy.PAGE, True)
    assert set(Message.objects.filter(to="speaker").values_list("state", "why")) == {(State.STOPPED, Why.ASKED_NOT_TO)}
    count = Message.objects.filter(to="speaker").count()
    town.assign(town.classify(matter))
    carried()
    assert Message.objects.filter(to="speaker").count() == count


def test_staff_do_not_end_it_for_the_speaker(town: Place, called: Message):
    matter = Matter.objects.get(pk=called.about_id)
    assert signed_in(town, "孙丽").post(f"/n/{called.token}/").status_code == 403
    assert state(matter) == (TellBy.CALL, False)


def test_behind_the_code_one_chooses_another_way_and_an_address(town: Place, called: Message):
    matter = Matter.objects.get(pk=called.about_id)
    me = Resident(Client())
    me.opens(matter)
    address = f"/track/{matter.number}/notices/"
    assert "电子邮件" in me.browser.get(address).content.decode()
    assert me.browser.post(address, {"tell_by": "email", "address": "chen"}).status_code == 422
    assert me.browser.post(address, {"tell_by": "email", "address": "chen@example.com"}).status_code == 302
    assert state(matter) == (TellBy.EMAIL, False)
    assert str(ContactPoint.objects.get(kind=ContactKind.EMAIL).value) == "chen@example.com"
    me.browser.post(address, {"tell_by": "page"})
    assert state(matter) == (TellBy.PAGE, True)
    assert Client().post(address, {"tell_by": "call"}).status_code == 302, "not opened here"
    assert state(matter) == (TellBy.PAGE, True)
    me.browser.post(address, {"tell_by": "call"})
    assert state(matter) == (TellBy.CALL, False)


def test_whoever_left_no_number_cannot_be_called(town: Place):
    from shuoshi.matters.intake import PersonSaid

    matter = town.raise_matter(speaker=PersonSaid(name="陈大明"))
    me = Resident(Client())
    me.opens(matter)
    address = f"/track/{matter.number}/notices/"
    assert "打电话" not in me.browser.get(address).content.decode().split("<form")[1].split("</form")[0]
    assert me.browser.post(address, {"tell_by": "call"}).status_code == 422
