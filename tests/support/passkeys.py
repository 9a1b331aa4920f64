"""Browsers at the one address where passkeys work, and keys added there by their owners."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.test import Client

from tests.support.authenticator import Device
from tests.support.desk import signed_in
from tests.support.village import Place

ADDRESS, HOST = "http://localhost", "localhost"
ADD, SIGN_IN, ME = "/desk/me/passkeys/add/", "/desk/sign-in/passkey/", "/desk/me/"


def browser(town: Place | None = None, name: str = "") -> Client:
    """At the configured address; signed in where a name is given."""
    client = signed_in(town, name) if town and name else Client()
    client.defaults["HTTP_HOST"] = HOST
    return client


def asked(client: Client, purpose: str) -> dict[str, Any]:
    answer = client.post("/desk/passkeys/ask/", {"purpose": purpose})
    assert answer.status_code == 200 and answer["Cache-Control"] == "no-store"
    return dict(answer.json())


def added(town: Place, name: str = "王芳", device: Device | None = None) -> Device:
    assert settings.PUBLIC_ADDRESS == ADDRESS, "passkeys know one address"
    device = device or Device()
    client = browser(town, name)
    answer = client.post(ADD, {"device_name": "办公室电脑", "passkey": device.creates(asked(client, "add"))})
    assert answer.status_code == 200 if "codes" in (answer.context or {}) else answer["Location"] == ME
    return device


def signs_in(device: Device, client: Client | None = None, **odd: Any) -> bool:
    """Whether this answer opens a session."""
    client = client or browser()
    answer = client.post(SIGN_IN, {"passkey": device.signs(asked(client, "sign_in"), **odd)})
    inside = client.get(ME).status_code == 200
    assert inside or (answer.status_code == 422 and "通行密钥没有认出来" in answer.content.decode())
    return inside
