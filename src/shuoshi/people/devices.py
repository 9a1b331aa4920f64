"""Which device has signed in for whom before: a signed cookie, so that guessing elsewhere delays nobody here."""

from __future__ import annotations

import secrets
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from shuoshi.kernel import keys

COOKIE = "device"
MAX_AGE = 180 * 24 * 3600  # seconds

_SALT = "shuoshi.people.devices"
_MOST = 20  # accounts one device remembers; the latest stay


def known(cookie: str, account_id: UUID) -> str | None:
    """The device's own name when its cookie is ours and this account signed in there before; None otherwise."""
    name, accounts = _read(cookie)
    return name if account_id.hex in accounts else None


def with_account(cookie: str, account_id: UUID) -> str:
    """The cookie of this device once `account_id` signed in there; a foreign or missing cookie begins a new one."""
    name, accounts = _read(cookie)
    kept = [other for other in accounts if other != account_id.hex][-(_MOST - 1) :]
    return signing.dumps([name or secrets.token_hex(16), [*kept, account_id.hex]], key=_key(), salt=_SALT)


def remember(request: HttpRequest, response: HttpResponse, account_id: UUID) -> None:
    """Put the renewed cookie on the answer to a sign-in."""
    response.set_cookie(
        COOKIE,
        with_account(request.COOKIES.get(COOKIE, ""), account_id),
        max_age=MAX_AGE,
        secure=bool(settings.SESSION_COOKIE_SECURE),
        httponly=True,
        samesite="Lax",
    )


def _read(cookie: str) -> tuple[str | None, list[str]]:
    try:
        name, accounts = signing.loads(cookie, key=_key(), salt=_SALT, max_age=MAX_AGE)
    except (signing.BadSignature, ValueError, TypeError):
        return None, []
    return str(name), [str(account) for account in accounts]


def _key() -> str:
    return keys.read(settings.KEYS, "device").hex()
