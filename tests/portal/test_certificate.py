"""The sheet by which a phone comes to trust this server, and what it says where there is nothing to trust (3.2.3)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from shuoshi.desk.health import machine
from shuoshi.desk.health.line import State
from shuoshi.kernel import authority, clock
from tests.support.village import Place

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_the_sheet_gives_the_fingerprint_the_names_and_where_to_go(town: Place, certified: Path, settings: Any):
    settings.ALLOWED_HOSTS = ["shuoshi.lan"]
    shown = Client().get("/certificate/", headers={"host": "shuoshi.lan:8000"}).content.decode()
    assert authority.of_authority(certified).fingerprint in shown
    assert "shuoshi.lan、192.168.1.20" in shown
    assert 'href="https://shuoshi.lan:8000/desk/visits/phone/"' in shown


@pytest.mark.parametrize(("host", "led_to"), [("localhost:8000", "shuoshi.lan:8000"), ("127.0.0.1", "shuoshi.lan")])
def test_printed_at_the_server_it_names_what_phones_can_type(town: Place, certified: Path, host: str, led_to: str):
    shown = Client().get("/certificate/", headers={"host": host}).content.decode()
    assert f"http://{led_to}/certificate/" in shown and f'href="https://{led_to}/"' in shown


def test_once_it_was_taken_away_it_is_gone_from_the_running_server_too(town: Place, certified: Path):
    (certified / authority.SERVER).unlink()
    assert Client().get("/certificate/").status_code == 404
    assert machine._secure(clock.now()).state is not State.BAD


def test_a_phone_gets_the_authority_and_never_a_key(town: Place, certified: Path):
    answer = Client().get("/certificate/shuoshi.crt")
    assert answer.headers["Content-Type"] == "application/x-x509-ca-cert"
    assert answer.content == authority.as_phones_take_it(certified) and b"PRIVATE" not in answer.content


def test_without_one_there_is_no_sheet(town: Place, settings: Any):
    settings.CERTIFICATE = None
    assert [Client().get(one).status_code for one in ("/certificate/", "/certificate/shuoshi.crt")] == [404, 404]


def test_the_sheet_is_read_before_https_is_trusted(town: Place, certified: Path, settings: Any):
    settings.SECURE_SSL_REDIRECT = True
    assert [Client().get(one).status_code for one in ("/certificate/", "/points/")] == [200, 301]


@pytest.mark.parametrize(("left", "state"), [(100, State.GOOD), (20, State.NEAR), (-1, State.BAD)])
def test_the_state_of_the_machine_tells_when_it_ends(town: Place, certified: Path, left: int, state: State):
    ends = authority.of_server(certified).until
    assert machine._secure(ends - timedelta(days=left)).state is state


def test_the_banner_of_plain_http_leads_to_it_and_is_gone_by_https(town: Place, certified: Path, settings: Any):
    from shuoshi.portal import institution

    settings.VALUES = type(settings.VALUES)({**settings.VALUES, "SHUOSHI_LAN": "1"})
    institution.forget()
    assert 'href="/certificate/"' in Client().get("/points/").content.decode()
    assert 'href="/certificate/"' not in Client().get("/points/", secure=True).content.decode()
