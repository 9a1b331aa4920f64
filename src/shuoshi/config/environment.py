"""What the operator may set, declared once with type, default and help; nothing else reads the environment."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

_SERVER = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?")
Type = Literal["text", "switch", "number", "list"]


@dataclass(frozen=True)
class Setting:
    """One variable of the environment: its name, its default as text, its type, and a sentence for the operator."""

    name: str
    default: str
    type: Type
    help: str


SETTINGS = (
    Setting("SHUOSHI_HOME", "var", "text", "The data directory: database, keys, files. Mode 0700, your user's own."),
    Setting("PORT", "8000", "number", "Where the server listens."),
    Setting("SHUOSHI_PROCESSES", "1", "number", "Web processes. Two or more want PostgreSQL; not on Windows."),
    Setting(
        "DATABASE_URL",
        "",
        "text",
        "postgres://user:password@host/name; empty means SQLite in the home. A pooler between must keep sessions.",
    ),
    Setting(
        "SHUOSHI_COPIES",
        "",
        "text",
        "Where the nightly copies go: a folder or s3://bucket/prefix; empty means `copies` in the home.",
    ),
    Setting("SHUOSHI_HOSTS", "", "list", "Host names the server answers to besides loopback, separated by commas."),
    Setting(
        "SHUOSHI_HTTPS", "", "switch", "1: residents arrive by https. Cookies become Secure, browsers are told HSTS."
    ),
    Setting("SHUOSHI_PROXY", "", "text", "Address of the reverse proxy whose X-Forwarded headers are believed."),
    Setting("SHUOSHI_LAN", "", "switch", "1: plain http from the local network is allowed; a banner says so."),
    Setting(
        "SHUOSHI_MAILHOSTS",
        "",
        "list",
        "Mail servers that may stand inside your network, as name or name:port. Others need a public address and a port of mail.",
    ),
    Setting(
        "SHUOSHI_HOOKHOSTS",
        "",
        "list",
        "Platforms that are told of changes inside your network, as name:port. Others need a public address and port 443.",
    ),
    Setting(
        "SHUOSHI_WECHATAPI",
        "https://api.weixin.qq.com",
        "text",
        "Where the interface of WeChat official accounts is reached: a relay inside your network, with http:// or https://.",
    ),
    Setting("SHUOSHI_DEBUG", "", "switch", "1: errors show their traceback. For developers, on loopback only."),
)


class BadSetting(SystemExit):
    """A setting that is unknown or cannot be read stops the start: nobody shall believe in one that does nothing."""


class Values(dict[str, str]):
    """The settings as text, defaults filled in, with readers for their types."""

    @property
    def home(self) -> Path:
        return Path(self["SHUOSHI_HOME"]).expanduser().resolve()

    def place(self, name: str) -> str:
        """The address of a bucket, or a folder from the root on."""
        return absolute(self[name]) if self[name] else ""

    def switch(self, name: str) -> bool:
        return self[name] == "1"

    def number(self, name: str) -> int:
        return int(self[name])

    def listed(self, name: str) -> list[str]:
        return [part.strip() for part in self[name].split(",") if part.strip()]


def absolute(place: str) -> str:
    """The same place as it is called from anywhere; what begins with s3:// is no folder."""
    return place if place.startswith("s3://") else str(Path(place).expanduser().absolute())


def own_certificate(values: Values) -> Path | None:
    """The certificate that `shuoshi tls` made, with its key; None where there is none, or where a proxy brings one."""
    found = values.home / "tls" / "server.pem"
    return found if found.exists() and not values["SHUOSHI_PROXY"] else None


def read(environ: Mapping[str, str] | None = None) -> Values:
    """All settings. Raises BadSetting for a SHUOSHI_* name nobody declared and for a value of the wrong type."""
    environ = os.environ if environ is None else environ
    known = {setting.name for setting in SETTINGS}
    for name in sorted(environ):
        if name.startswith("SHUOSHI_") and name not in known:
            raise BadSetting(f"{name} is not a setting of shuoshi. Known: {', '.join(sorted(known))}.")
    values = Values({setting.name: environ.get(setting.name, setting.default) for setting in SETTINGS})
    for setting in SETTINGS:
        text = values[setting.name]
        if setting.type == "switch" and text not in {"", "0", "1"}:
            raise BadSetting(f"{setting.name} is {text!r}. It is a switch: set 1, or leave it empty.")
        if setting.type == "number" and not text.isdecimal():
            raise BadSetting(f"{setting.name} is {text!r}. It is a number, such as {setting.default}.")
    if not _SERVER.fullmatch(values["SHUOSHI_WECHATAPI"]):
        raise BadSetting(
            f"SHUOSHI_WECHATAPI is {values['SHUOSHI_WECHATAPI']!r}. Write scheme and host, perhaps a port, and no path: "
            "https://api.weixin.qq.com."
        )
    if values.switch("SHUOSHI_DEBUG") and (values.switch("SHUOSHI_LAN") or values.switch("SHUOSHI_HTTPS")):
        raise BadSetting("SHUOSHI_DEBUG shows secrets in its error pages: it may not be used with LAN or HTTPS.")
    return values
