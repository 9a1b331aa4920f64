"""A passkey in a real browser with a device of its own (WebAuthn over CDP): added, signed in with, asked for again, removed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from django.contrib.sessions.backends.db import SessionStore

from shuoshi.kernel.actors import SYSTEM
from shuoshi.organization import actions as organization
from shuoshi.organization.roles import Role
from shuoshi.people.models import Account, Passkey
from tests.browser.people import PASSWORD, fill
from tests.support.browser import DESK, PHONE, Window
from tests.support.village import Place, build_town

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession

pytestmark = pytest.mark.browser

Open = Callable[..., Window]


@pytest.fixture
def home(live_shuoshi: str, settings: Any) -> str:
    """The address by name: browsers know no passkeys under a number."""
    settings.PUBLIC_ADDRESS = f"http://localhost:{urlsplit(live_shuoshi).port}"
    return str(settings.PUBLIC_ADDRESS)


@pytest.fixture
def town(transactional_db: None) -> Place:
    return build_town()


def with_device(shown: Window) -> tuple[CDPSession, str]:
    """Plug a device into this browser whose owner is there and has just shown a finger."""
    session = shown.page.context.new_cdp_session(shown.page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
    }
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session, str(made["authenticatorId"])


def types_password(shown: Window, town: Place, name: str) -> None:
    username = Account.objects.get(person=town.persons[name]).username
    fill(shown.page, "main", username=username, password=PASSWORD)
    shown.page.locator("main button.main").click()
    shown.page.wait_for_url(lambda address: "/sign-in/" not in address)


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_added_signed_in_with_asked_again_and_removed(town: Place, window: Open, home: str, width: int) -> None:
    shown = window(width)
    page, (session, device) = shown.page, with_device(shown)
    shown.go(f"{home}/desk/sign-in/")
    shown.check()
    types_password(shown, town, "王芳")

    shown.go(f"{home}/desk/me/")
    shown.check()
    page.locator("button[form=key]").click()
    page.locator("[data-passkey=add]").wait_for()
    shown.check()
    page.fill("[name=device_name]", "办公室电脑")
    page.locator("[data-passkey=add]").click()
    page.wait_for_url("**/desk/me/")
    page.get_by_text("办公室电脑").first.wait_for()
    shown.check()
    page.locator("button[form=key]").click()
    page.locator("[data-passkey=add]").click()
    page.get_by_text("这台设备已经有这个账号的通行密钥了").wait_for()

    page.context.clear_cookies()
    shown.go(f"{home}/desk/sign-in/?next=/desk/all/")
    page.locator("[data-passkey=sign_in]").click()
    page.wait_for_url(lambda address: urlsplit(address).path == "/desk/all/")
    assert Passkey.objects.get().counter > 0

    value = next(one["value"] for one in page.context.cookies() if one["name"] == "session")  # type: ignore[typeddict-item]
    stored = SessionStore(value)
    stored["proved"] = 0
    stored.save()
    shown.go(f"{home}/desk/me/")
    page.locator("button[form=unkey]").click()
    page.locator("[data-passkey=prove]").wait_for()
    shown.check()
    page.locator("[data-passkey=prove]").click()
    page.wait_for_url("**/desk/me/")
    page.locator(".flash", has_text="通行密钥删除了").wait_for()
    assert not Passkey.objects.exists()

    page.context.clear_cookies()
    shown.go(f"{home}/desk/sign-in/")
    page.locator("[data-passkey=sign_in]").click()
    page.locator("[role=alert]", has_text="通行密钥没有认出来").wait_for()
    shown.check()
    session.send("WebAuthn.clearCredentials", {"authenticatorId": device})
    session.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    page.locator("[data-passkey=sign_in]").click()
    page.get_by_text("没有完成。可以再试一次，或者用密码。").wait_for()
    assert page.locator("[data-passkey=sign_in]").is_enabled()


def test_whose_post_demands_it_gives_one_beside_the_password(town: Place, window: Open, home: str) -> None:
    shown = window(PHONE)
    page, _device = shown.page, with_device(shown)
    shown.go(f"{home}/desk/sign-in/")
    types_password(shown, town, "王芳")
    shown.go(f"{home}/desk/me/passkeys/add/")
    page.locator("[data-passkey=add]").click()
    page.wait_for_url("**/desk/me/")
    page.context.clear_cookies()
    organization.appoint(town.persons["王芳"], town.units["青禾镇"].pk, Role.LEADER, actor=SYSTEM)
    shown.go(f"{home}/desk/sign-in/")
    types_password(shown, town, "王芳")
    page.locator("[data-passkey=prove]").wait_for()
    shown.check()
    page.locator("[data-passkey=prove]").click()
    page.wait_for_url("**/desk/")


def test_a_browser_without_passkeys_says_so(town: Place, window: Open, home: str) -> None:
    shown = window(PHONE, script=False)
    shown.go(f"{home}/desk/sign-in/")
    assert not shown.page.locator("[data-passkey=sign_in]").is_visible()
    types_password(shown, town, "王芳")
    shown.go(f"{home}/desk/me/passkeys/add/")
    shown.page.get_by_text("这个浏览器用不了通行密钥").wait_for()
