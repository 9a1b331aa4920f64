"""The WeChat official account of the institution: its settings, and its interface with the token all processes share."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction

from shuoshi.kernel import clock
from shuoshi.kernel.outgoing.post import Server
from shuoshi.notices import wording
from shuoshi.notices.models import AccessToken, Gateway, Way
from shuoshi.notices.ways.official import OFFICIAL, Api, Templates

_EARLIER = 300  # seconds before its end a token is renewed


@dataclass(frozen=True)
class Account:
    """What the platform and we know of each other.

    `name`: the account's own name for machines (gh_…), to which followers write; "" until it is known. `plain`: messages
    come unencrypted, and nothing but their address is signed. `tells`: whether there is a template for notices.
    """

    app_id: str
    name: str
    token: str
    aes_key: str
    plain: bool
    tells: bool
    api: Api


def account() -> Account | None:
    """The account in use; None where there is none. One statement."""
    row = Gateway.objects.filter(way=Way.WECHAT, active=True).first()
    return of(row) if row is not None else None


def of(row: Gateway) -> Account:
    given = row.given
    return Account(
        app_id=given.get("key_id", ""),
        name=given.get("name", ""),
        token=given.get("token", ""),
        aes_key=given.get("aes_key", ""),
        plain=given.get("plain") == "1",
        tells=bool(given.get("template")),
        api=_api(given),
    )


def sender(row: Gateway) -> Templates:
    """How notices leave by it."""
    names = {kind: wording.name_of(kind) for kind in wording.WORDS}
    return Templates(_api(row.given), row.given, names)


def server() -> Server:
    """Where the platform is; whoever runs the machine may have named another place that leads to it."""
    parts = urlsplit(settings.WECHAT_API)
    plain = parts.scheme == "http"
    host = parts.hostname or OFFICIAL
    return Server(host, parts.port or (80 if plain else 443), plain=plain, inside=host != OFFICIAL)


def _api(given: Mapping[str, str]) -> Api:
    app_id = given.get("key_id", "")
    return Api(server(), app_id, given.get("key_secret", ""), _Shared(app_id))


@dataclass(frozen=True)
class _Shared:
    """The token of one account, in the database."""

    app_id: str

    def known(self) -> str:
        row = AccessToken.objects.filter(app_id=self.app_id, until__gt=clock.now()).first()
        return str(row.token) if row is not None else ""

    def keep(self, token: str, seconds: int) -> None:
        until = clock.now() + timedelta(seconds=max(60, seconds - _EARLIER))
        with (
            suppress(IntegrityError),
            transaction.atomic(),
        ):  # another process was the first to keep one, as good as this
            row = AccessToken.objects.select_for_update().filter(app_id=self.app_id).first()
            row = row or AccessToken(app_id=self.app_id)
            row.token, row.until = token, until
            row.save()
