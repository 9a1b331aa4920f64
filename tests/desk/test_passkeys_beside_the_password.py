"""Passkeys beside the password: as the second factor somebody owes, and as the proof of who sits here."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from shuoshi.kernel import clock
from shuoshi.kernel.events import Event
from shuoshi.kernel.verify import verify
from shuoshi.people import actions
from shuoshi.people.models import Account, Passkey
from tests.support.authenticator import Device
from tests.support.passkeys import ADD, ADDRESS, ME, added, asked, browser, signs_in
from tests.support.village import Place

PASSWORD = "lantern orchard 47 river"


@pytest.fixture(autouse=True)
def _at_its_address(settings: Any) -> None:
    settings.PUBLIC_ADDRESS = ADDRESS


def account(town: Place, name: str) -> Account:
    return Account.objects.get(person=town.persons[name])


def test_it_answers_who_sits_here_and_what_was_typed_goes_on(town: Place) -> None:
    town.bind_factor("管理员")
    device, client = added(town, "管理员"), browser(town, "管理员")
    with clock.simulated(clock.now() + timedelta(minutes=6)):
        page = client.post("/desk/settings/people/new/", {"name": "新来的"})
        assert "改用通行密钥" in page.content.decode()
        kept = dict(page.context["kept"])
        done = client.post("/desk/settings/people/new/", {**kept, "proof": device.signs(asked(client, "prove"))})
        assert done.status_code == 302
    assert Event.objects.filter(action="prove_again").get().facts()["factor"] == "passkey"
    assert "改用通行密钥" not in browser(town, "刘敏").post("/desk/me/recovery-codes/").content.decode()


def test_whose_post_demands_a_second_factor_gives_a_key_beside_the_password_or_instead(town: Place) -> None:
    device = added(town, "马镇长")
    Account.objects.filter(person=town.persons["马镇长"]).update(totp_confirmed=False, totp_secret=None)
    assert signs_in(device), "it is both in one"
    client = browser()
    name = account(town, "马镇长").username
    assert (
        client.post("/desk/sign-in/", {"username": name, "password": PASSWORD})["Location"] == "/desk/me/second-factor/"
    )
    half = client.get("/desk/me/second-factor/")
    assert "用通行密钥确认" in half.content.decode() and "qr factor" not in half.content.decode()
    assert client.get("/desk/me/").status_code == 302
    assert client.post("/desk/me/second-factor/", {"otp": "123456"}).status_code == 422, (
        "a password alone binds nothing"
    )
    assert client.post(ADD, {"device_name": "x", "passkey": Device().creates(asked(client, "add"))}).status_code == 302
    assert Passkey.objects.count() == 1
    other = device.signs(asked(client, "prove"), verified=False)
    assert client.post("/desk/me/second-factor/", {"passkey": other}).status_code == 422
    before = client.cookies["session"].value
    assert client.post("/desk/me/second-factor/", {"passkey": device.signs(asked(client, "prove"))}).status_code == 302
    assert client.get("/desk/me/").status_code == 200 and client.cookies["session"].value != before
    key = Passkey.objects.get()
    last = client.post("/desk/me/passkeys/remove/", {"row": str(key.pk)})
    assert last.status_code == 409 and "再添加一个通行密钥" in last.content.decode() and Passkey.objects.exists()


def test_who_adds_one_proves_first_who_sits_here(town: Place) -> None:
    client = browser(town, "王芳")
    with clock.simulated(clock.now() + timedelta(minutes=6)):
        said = Device().creates(asked(client, "add"))
        page = client.post(ADD, {"device_name": "手机", "passkey": said})
        assert 'name="password"' in page.content.decode() and not Passkey.objects.exists()
        onward = client.post(ADD, {**dict(page.context["kept"]), "password": PASSWORD})
        assert 'value="手机"' in onward.content.decode() and 'data-passkey="add"' in onward.content.decode()


def owes_a_factor(town: Place, name: str = "马镇长") -> Client:
    """Signed in with the password alone, where the post demands more and nothing is bound."""
    Account.objects.filter(person=town.persons[name]).update(totp_confirmed=False, totp_secret=None)
    client = browser()
    given = {"username": account(town, name).username, "password": PASSWORD}
    assert client.post("/desk/sign-in/", given)["Location"] == "/desk/me/second-factor/"
    return client


def test_the_first_factor_may_be_a_passkey_and_comes_with_codes_on_paper(town: Place) -> None:
    client = owes_a_factor(town)
    assert ADD in client.get("/desk/me/second-factor/").content.decode()
    device = Device()
    page = client.post(ADD, {"device_name": "平板", "passkey": device.creates(asked(client, "add"))})
    codes = page.context["codes"]
    assert len(codes) == 10 and client.get(ME).status_code == 200
    assert signs_in(device)
    lost = browser()
    given = {"username": account(town, "马镇长").username, "password": PASSWORD}
    lost.post("/desk/sign-in/", given)
    assert lost.get("/desk/").status_code == 302
    wrong = lost.post("/desk/me/second-factor/", {"otp": "AAAA-AAAA-AAAA-AAAA"})
    assert wrong.status_code == 422 and "备用码不对" in wrong.content.decode()
    assert lost.post("/desk/me/second-factor/", {"otp": codes[0].lower()})["Location"] == "/desk/sign-in/"
    assert lost.get("/desk/").status_code == 200
    again = browser()
    again.post("/desk/sign-in/", given)
    assert again.post("/desk/me/second-factor/", {"otp": codes[0]}).status_code == 422, "each works once"
    for _guess in range(5):
        late = again.post("/desk/me/second-factor/", {"otp": "AAAA"})
    assert late.status_code == 429
    assert list(verify()) == []


def test_taken_off_the_keys_take_the_codes_with_them(town: Place) -> None:
    client = owes_a_factor(town)
    page = client.post(ADD, {"device_name": "平板", "passkey": Device().creates(asked(client, "add"))})
    actions.drop_passkeys(account(town, "马镇长").pk, actor=town.actor("管理员"))
    assert not account(town, "马镇长").recovery_codes.exists()
    again = owes_a_factor(town)
    assert "qr factor" in again.get("/desk/me/second-factor/").content.decode(), "binds anew"
    assert again.post("/desk/me/second-factor/", {"otp": page.context["codes"][0]}).status_code == 422


def test_who_owes_two_proves_no_less_in_front_of_a_deed(town: Place) -> None:
    client = owes_a_factor(town)
    device = Device()
    client.post(ADD, {"device_name": "平板", "passkey": device.creates(asked(client, "add"))})
    with clock.simulated(clock.now() + timedelta(minutes=6)):
        answer = client.post("/desk/me/recovery-codes/", {"password": PASSWORD})
        assert 'name="password"' not in answer.content.decode() and 'ol class="codes"' not in answer.content.decode()
        right = client.post("/desk/me/recovery-codes/", {"proof": device.signs(asked(client, "prove"))})
        assert len(right.context["codes"]) == 10
