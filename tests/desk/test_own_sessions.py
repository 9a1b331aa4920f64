"""Where one is signed in stands on one's own page, and the other places can be signed out from here."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from shuoshi.people.models import Account
from tests.support.village import Place

Desk = Callable[[str], Client]
PASSWORD = "lantern orchard 47 river"
PHONE = "Mozilla/5.0 (Linux; Android 12) AppleWebKit/537.36 Chrome/109.0 Mobile Safari/537.36"


def signed_in(town: Place, name: str, agent: str) -> Client:
    client = Client(headers={"user-agent": agent})
    username = Account.objects.get(person=town.persons[name]).username
    assert client.post("/desk/sign-in/", {"username": username, "password": PASSWORD}).status_code == 302
    return client


def test_the_other_places_are_listed_and_end_while_this_one_goes_on(town: Place) -> None:
    here = signed_in(town, "王芳", "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/128.0")
    phone, colleague = signed_in(town, "王芳", PHONE), signed_in(town, "刘敏", PHONE)
    page = here.get("/desk/me/")
    assert [(one.device, one.here) for one in page.context["sessions"]] == [
        ("Firefox · Windows", True),
        ("Chrome · Android", False),
    ]
    assert "退出别处的登录" in page.content.decode()
    assert here.post("/desk/me/sign-out-elsewhere/")["Location"] == "/desk/me/"
    alone = here.get("/desk/me/")
    assert [one.here for one in alone.context["sessions"]] == [True]
    assert "/desk/me/sign-out-elsewhere/" in alone.content.decode()
    assert phone.get("/desk/me/").status_code == 302 and colleague.get("/desk/me/").status_code == 200
