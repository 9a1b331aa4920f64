"""What is typed to be kept secret never comes back on a page, whatever went wrong meanwhile."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django import forms
from django.urls import get_resolver

from shuoshi.kernel.web import kept
from shuoshi.kernel.web.forms import Form
from tests.support.desk import signed_in
from tests.support.village import Place

TYPED = {name: f"lantern orchard {name} river" for name in ("old", "new", "repeat", "password", "otp", "code")}
ADDRESSES = ("/desk/reset/", "/desk/me/password/", "/desk/me/second-factor/", "/desk/sign-in/")


def secret_fields(form: type[forms.Form] = Form) -> Iterator[tuple[str, str]]:
    """Form and name of every field of the product that a browser hides, or fills from an authenticator."""
    for name, field in getattr(form, "base_fields", {}).items():
        hidden = isinstance(field.widget, forms.PasswordInput)
        if hidden or field.widget.attrs.get("autocomplete") == "one-time-code":
            yield form.__name__, name
    for below in form.__subclasses__():
        yield from secret_fields(below)


def test_no_field_that_a_browser_hides_is_ever_kept():
    assert get_resolver().url_patterns  # every view, and with it every form, is there
    found = set(secret_fields())
    assert {"SignInForm", "ResetForm", "PasswordForm", "AgainForm", "CodeForm"} <= {form for form, _ in found}
    assert {name for _, name in found} <= kept.SECRETS


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_form_that_waited_too_long_shows_no_secret(town: Place, address: str):
    browser = signed_in(town, "王芳")
    browser.handler.enforce_csrf_checks = True
    answer = browser.post(address, TYPED)
    assert answer.status_code == 403
    assert not any(secret in answer.content.decode() for secret in TYPED.values())


def test_an_address_of_secrets_keeps_nothing_at_all(town: Place):
    browser = signed_in(town, "王芳")
    browser.handler.enforce_csrf_checks = True
    for address in ADDRESSES[:3]:
        assert "我的新暗号" not in browser.post(address, {"passphrase": "我的新暗号 是这个"}).content.decode()
