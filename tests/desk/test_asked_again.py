"""Before unmasked data, recovery codes and other people's accounts: who is sitting here, proved in the last five minutes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from shuoshi.kernel import clock
from shuoshi.kernel.events import Event
from shuoshi.matters.models import Matter
from shuoshi.people import totp
from shuoshi.people.models import Account, Reveal
from tests.support.village import Place

Desk = Callable[[str], Client]
PASSWORD = "lantern orchard 47 river"
WORDS = "说事人的儿子来问，要核对是不是本人"


@pytest.fixture
def matter(town: Place) -> Matter:
    return town.raise_matter(by="王芳")


@pytest.fixture
def later(town: Place, at_desk: Desk) -> Iterator[tuple[Client, datetime]]:
    """王芳 signed in, and six minutes went by."""
    client = at_desk("王芳")
    with clock.simulated(clock.now() + timedelta(minutes=6)):
        yield client, clock.now()


def address(matter: Matter) -> str:
    return f"/desk/matters/{matter.number}/parties/{matter.parties.get(role='speaker').pk}/"


def look(client: Client, matter: Matter, **more: str) -> Any:
    return client.post(address(matter), {"reason": "other", "words": WORDS, **more})


def test_soon_after_the_sign_in_nobody_is_asked(at_desk: Desk, matter: Matter) -> None:
    assert "13800000017" in look(at_desk("王芳"), matter).content.decode()


def test_later_the_password_is_asked_for_and_what_was_typed_goes_on(
    later: tuple[Client, datetime], matter: Matter
) -> None:
    client, _now = later
    asked = look(client, matter)
    body = asked.content.decode()
    assert "13800000017" not in body and not Reveal.objects.exists()
    assert 'name="password"' in body and 'name="otp"' not in body and WORDS in body
    assert asked["Cache-Control"] == "no-store"
    kept = dict(asked.context["kept"])
    shown = client.post(address(matter), {**kept, "password": PASSWORD})
    assert "13800000017" in shown.content.decode()
    assert {look.reason for look in Reveal.objects.all()} == {WORDS}
    assert "13800000017" in look(client, matter).content.decode(), "for five minutes not asked again"
    assert Event.objects.filter(action="prove_again").count() == 1


def test_a_wrong_password_shows_nothing_and_keeps_what_was_typed(
    later: tuple[Client, datetime], matter: Matter
) -> None:
    answer = look(later[0], matter, password="not hers at all")
    assert answer.status_code == 422 and WORDS in answer.content.decode()
    assert "密码或动态口令不对" in answer.content.decode() and not Reveal.objects.exists()
    assert "not hers at all" not in answer.content.decode()


def test_guessing_waits_as_at_the_sign_in(later: tuple[Client, datetime], matter: Matter) -> None:
    for _try in range(8):
        answer = look(later[0], matter, password="guess again")
    assert answer.status_code == 429 and "分钟后再试" in answer.content.decode()
    assert look(later[0], matter, password=PASSWORD).status_code == 429 and not Reveal.objects.exists()


def test_whoever_has_a_second_factor_gives_its_code_too(
    town: Place, later: tuple[Client, datetime], matter: Matter
) -> None:
    client, now = later
    account = Account.objects.get(person=town.persons["王芳"])
    secret = totp.new_secret()
    account.totp_secret, account.totp_confirmed = secret, True
    account.save(update_fields=["totp_secret", "totp_confirmed"])
    assert 'name="otp"' in look(client, matter).content.decode()
    assert look(client, matter, password=PASSWORD).status_code == 422
    right = look(client, matter, password=PASSWORD, otp=totp.code_at(secret, now))
    assert "13800000017" in right.content.decode()


@pytest.mark.parametrize("path", ["me/recovery-codes/", "settings/people/new/"])
def test_other_deeds_with_secrets_ask_too(at_desk: Desk, path: str) -> None:
    client = at_desk("管理员")
    with clock.simulated(clock.now() + timedelta(minutes=6)):
        answer = client.post(f"/desk/{path}", {"name": "新来的"})
    assert 'name="password"' in answer.content.decode() and "新来的" in answer.content.decode()
