"""Drill 4: disable, demote, change a password, take a key off, end one session: the others are dead at their next request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from shuoshi.kernel.actors import SYSTEM
from shuoshi.matters.models import Entry
from shuoshi.organization import actions as organization
from shuoshi.organization.models import Post
from shuoshi.organization.roles import Role
from shuoshi.people import actions
from shuoshi.people.models import Account, Passkey, SignedIn
from tests.support.desk import signed_in
from tests.support.passkeys import ADDRESS, added, browser
from tests.support.village import Place

pytestmark = [pytest.mark.django_db, pytest.mark.drill(4)]

NAME = "王芳"
PASSWORD, NEW = "lantern orchard 47 river", "磨盘山下的旧水渠，修于 1964"


@pytest.fixture(autouse=True)
def _at_its_address(settings: Any) -> None:
    settings.PUBLIC_ADDRESS = ADDRESS


def account(town: Place) -> Account:
    return Account.objects.get(person=town.persons[NAME])


def office(town: Place, do: str) -> None:
    """An administrator presses a button on the page of the account."""
    client = browser(town, "管理员")
    answer = client.post(f"/desk/settings/people/{town.persons[NAME]}/", {"do": do, "row": str(account(town).pk)})
    assert answer.status_code in (200, 302)


def own(town: Place, address: str, **given: str) -> None:
    """The owner does it, in a browser of another day."""
    client = browser(town, NAME)
    assert client.post(address, given).status_code == 302
    assert client.get("/desk/me/").status_code == 200, "where it was done it goes on"


def demoted(town: Place) -> None:
    town.person("另一位登记员", ("受理中心", Role.REGISTRAR))
    organization.end_post(Post.objects.get(person=town.persons[NAME]).pk, actor=town.actor("管理员"))


def promoted(town: Place) -> None:
    organization.appoint(town.persons[NAME], town.units["受理中心"].pk, Role.DISPATCHER, actor=town.actor("管理员"))


DEEDS: dict[str, Callable[[Place], None]] = {
    "disabled": lambda town: office(town, "switch"),
    "reset": lambda town: office(town, "reset"),
    "authenticator taken off": lambda town: office(town, "drop_totp"),
    "passkeys taken off": lambda town: office(town, "drop_passkeys"),
    "demoted": demoted,
    "promoted": promoted,
    "password changed": lambda town: own(
        town, "/desk/me/password/", password=PASSWORD, new_password=NEW, password_again=NEW
    ),
    "a passkey removed": lambda town: own(town, "/desk/me/passkeys/remove/", row=str(Passkey.objects.get().pk)),
    "all others ended": lambda town: own(town, "/desk/me/sign-out-elsewhere/"),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_the_other_sessions_are_dead_at_their_next_request(town: Place, deed: str) -> None:
    town.bind_factor(NAME)
    added(town, NAME)
    matter = town.accept(town.raise_matter(by=NAME))
    others = [signed_in(town, NAME) for _place in range(4)]
    colleague = signed_in(town, "刘敏")
    assert all(client.get("/desk/").status_code == 200 for client in (*others, colleague))
    DEEDS[deed](town)
    before = Entry.objects.count()
    page, button, script, file = others
    assert led_to_the_sign_in(page.get("/desk/"))
    answer = button.post(
        f"/desk/matters/{matter.number}/note/", {"text": "试一试", "turn": str(matter.turn), "key": "k"}
    )
    assert led_to_the_sign_in(answer) and Entry.objects.count() == before
    assert script.post("/desk/queues/accept/changes/", {"since": "0"}).status_code == 401
    assert led_to_the_sign_in(file.get("/desk/balance/xlsx/"))
    assert all(led_to_the_sign_in(client.get("/desk/me/")) for client in others), "nor does one wake up again"
    assert colleague.get("/desk/").status_code == 200


def test_one_session_is_ended_and_no_other(town: Place) -> None:
    here, phone, library = (signed_in(town, NAME) for _place in range(3))
    colleague = signed_in(town, "刘敏")
    listed = {one.here: one for one in phone.get("/desk/me/").context["sessions"]}[True]
    theirs = SignedIn.objects.get(account__person=town.persons["刘敏"]).pk
    address = "/desk/me/sign-out-elsewhere/"
    assert "退出这一处" in here.get("/desk/me/").content.decode()
    assert here.post(address, {"row": str(listed.key)}).status_code == 302
    assert here.post(address, {"row": str(listed.key)}).status_code == 302, "twice is as once"
    assert here.post(address, {"row": str(theirs)}).status_code == 302
    assert here.post(address, {"row": "nonsense"}).status_code == 404
    assert led_to_the_sign_in(phone.get("/desk/me/"))
    assert all(client.get("/desk/me/").status_code == 200 for client in (here, library, colleague))


def test_an_account_opened_again_brings_no_session_back(town: Place) -> None:
    client = signed_in(town, NAME)
    actions.disable(account(town).pk, actor=SYSTEM)
    actions.enable(account(town).pk, actor=SYSTEM)
    assert led_to_the_sign_in(client.get("/desk/me/"))


def led_to_the_sign_in(answer: Any) -> bool:
    return answer.status_code == 302 and answer["Location"].startswith("/desk/sign-in/")


def test_a_cookie_kept_from_before_signing_out_is_worth_nothing(town: Place) -> None:
    client, thief = signed_in(town, NAME), Client()
    thief.cookies["session"] = client.cookies["session"].value
    assert thief.get("/desk/me/").status_code == 200
    client.post("/desk/sign-out/")
    assert led_to_the_sign_in(thief.get("/desk/me/"))
