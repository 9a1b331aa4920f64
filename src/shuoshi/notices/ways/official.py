"""The interface of a WeChat official account: its access token, template messages, messages of its service, files, menu.

https://developers.weixin.qq.com/doc/offiaccount/ . The library beside it (channels.wechat) has a client of its own, which
asks for the token at an address nobody can change, and reads an answer of any size; so it is not used.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import urlencode

from shuoshi.kernel.outgoing.post import Broken, NotSent, Reply, Server, ask
from shuoshi.notices.ways.base import Answer, Came, Outgoing

OFFICIAL = "api.weixin.qq.com"
LARGEST_FILE = 10 * 1024 * 1024  # bytes, as of a photo (kernel.pictures)
FILE_SECONDS = 10.0  # to fetch one: deadlines wait meanwhile
_LONGEST_TEXT = 2048  # bytes of an answer
_STALE = {40001, 40014, 42001}  # the token is no more
_NEVER = {40003, 43004, 43019, 43101, 50002}  # no such follower, or one who went away: a person tells
_LATER = {45047}  # too many to this one: another time
BUSY = -1  # the platform itself, for a moment
OF_THE_ACCOUNT = {40001, 40002, 40013, 40125, 40164, 41002, 41004, 50004, 50007, 89503}  # nothing is let in
NO_TEMPLATE = "no_template"


class Said(Exception):
    """The platform answered with an error of its own. `code`: its number."""

    def __init__(self, code: int) -> None:
        self.code = code
        super().__init__(code)


class Tokens(Protocol):
    """Where the access token is kept, for all processes."""

    def known(self) -> str:
        """The one that still opens; "" where there is none."""
        ...

    def keep(self, token: str, seconds: int) -> None:
        """It opens so long from now."""
        ...


@dataclass(frozen=True)
class Api:
    """One official account. Every method raises NotSent, Broken and Said, and none of them holds a transaction open."""

    server: Server
    app_id: str
    secret: str
    tokens: Tokens

    def send_template(self, to: str, template: str, link: str, data: Mapping[str, str]) -> str:
        """A message about something; what the platform calls it."""
        values = {name: {"value": value} for name, value in data.items()}
        said = self._post(
            "/cgi-bin/message/template/send", {"touser": to, "template_id": template, "url": link, "data": values}
        )
        return str(said.get("msgid", ""))[:80]

    def send_text(self, to: str, text: str) -> None:
        """An answer to somebody who wrote within the last 48 hours."""
        self._post(
            "/cgi-bin/message/custom/send", {"touser": to, "msgtype": "text", "text": {"content": _fitting(text)}}
        )

    def file(self, media_id: str) -> bytes:
        """A picture or a voice that a follower sent; it lies there for three days."""
        query = {"media_id": media_id}
        reply = self._opened("GET", "/cgi-bin/media/get", query, b"", largest=LARGEST_FILE, seconds=FILE_SECONDS)
        return reply.body

    def set_menu(self, buttons: list[dict[str, Any]]) -> None:
        """What stands beneath the conversation."""
        self._post("/cgi-bin/menu/create", {"button": buttons})

    def look(self) -> None:
        """Whether the account is let in, and nothing else."""
        self._post("/cgi-bin/openapi/quota/get", {"cgi_path": "/cgi-bin/message/custom/send"})

    def _post(self, path: str, said: Mapping[str, Any]) -> dict[str, Any]:
        return _json(self._opened("POST", path, {}, json.dumps(said, ensure_ascii=False).encode()))

    def _opened(self, method: str, path: str, query: Mapping[str, str], body: bytes, **most: Any) -> Reply:
        """With the token that is known; where that opens nothing any more, once with a fresh one."""
        token = self.tokens.known()
        for last in (not token, True):
            token = token or self._fresh()
            target = f"{path}?{urlencode({'access_token': token, **query})}"
            reply = ask(self.server, method, target, body, {"Content-Type": "application/json; charset=utf-8"}, **most)
            code = _error(reply)
            if code in _STALE and not last:
                token = ""
                continue
            if reply.status >= 500:
                raise Broken
            if code or reply.status != 200:
                raise Said(code or reply.status)
            return reply
        raise Broken

    def _fresh(self) -> str:
        """A token of the stable kind: whoever else asks for one does not end it."""
        asked = {"grant_type": "client_credential", "appid": self.app_id, "secret": self.secret}
        try:
            reply = ask(self.server, "POST", "/cgi-bin/stable_token", json.dumps(asked).encode())
        except Broken:  # nothing was asked for yet that could have been done
            raise NotSent("broken") from None
        if code := _error(reply):
            raise Said(code)
        said = _json(reply)
        token, seconds = str(said.get("access_token", "")), said.get("expires_in", 0)
        if reply.status != 200 or not token or not isinstance(seconds, int):
            raise NotSent("token")
        self.tokens.keep(token, seconds)
        return token


class Templates:
    """Template messages to followers who proved that a matter is theirs: number, what happened, and a link.

    `given`: template; template_<kind> for kinds that have one of their own; number_field and state_field, what the
    platform calls the two variables.
    """

    def __init__(self, api: Api, given: Mapping[str, str], name_of: Mapping[str, str]) -> None:
        self._api, self._given, self._names = api, given, name_of

    def send(self, to: str, out: Outgoing) -> Answer:
        template = self._given.get(f"template_{out.kind}") or self._given.get("template", "")
        if not template:
            return Answer(Came.REFUSED, NO_TEMPLATE)
        data = {
            self._given.get("number_field") or "character_string1": out.number,
            self._given.get("state_field") or "thing2": self._names.get(out.kind, out.subject)[:20],
        }
        try:
            return Answer(Came.OUT, "0", ticket=self._api.send_template(to, template, out.link, data))
        except NotSent as problem:
            return Answer(Came.LATER, problem.code, whole_way=True)
        except Broken:
            return Answer(Came.UNCERTAIN, "broken", whole_way=True)
        except Said as problem:
            if problem.code in _NEVER:
                return Answer(Came.REFUSED, str(problem.code))
            return Answer(Came.LATER, str(problem.code), whole_way=problem.code not in _LATER)

    def report(self, to: str, ticket: str, sent_at: datetime) -> bool | None:
        return None

    def close(self) -> None:
        """Every request is a connection of its own."""


def _fitting(text: str) -> str:
    """As much of it as the platform takes, in whole signs."""
    return text.encode()[:_LONGEST_TEXT].decode(errors="ignore")


def _error(reply: Reply) -> int:
    """The number of an error; 0 where there is none, as in a file."""
    if reply.body.lstrip()[:1] != b"{":
        return 0
    code = _json(reply).get("errcode", 0)
    return code if isinstance(code, int) else -1


def _json(reply: Reply) -> dict[str, Any]:
    try:
        found = json.loads(reply.body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
