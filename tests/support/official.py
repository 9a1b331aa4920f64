"""The WeChat platform, played: what it sends, written from its specification alone, and the interface it answers at.

https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/Before_Develop/Message_encryption_and_decryption.html
"""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import re
import secrets
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.test import Client

from shuoshi.kernel import clock
from shuoshi.kernel.actors import SYSTEM
from shuoshi.notices import actions
from shuoshi.notices.models import Gateway, Provider, Way

APP, NAME, TOKEN = "wx6f2b8c1d0e9a7b35", "gh_7f083739789a", "lantern47"
AES_KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
TEMPLATE = "ngqIpbwh8bUfcSsECmogfXcV14J0tQlEpBO27izEYtY"
_numbers = itertools.count(23_000_000_001)


def set_up(**changed: str) -> Gateway:
    """The account as an administrator enters it; `plain="1"` for plain mode."""
    given = {
        "key_id": APP, "key_secret": "hush", "name": NAME, "token": TOKEN, "aes_key": AES_KEY, "plain": "",
        "template": TEMPLATE, "number_field": "character_string1", "state_field": "thing2",
    }  # fmt: skip
    return actions.set_gateway(Way.WECHAT, Provider.WECHAT, given | changed, active=True, actor=SYSTEM)


def signed(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def sealed(message: str, *, app: str = APP, aes_key: str = AES_KEY) -> str:
    """As the specification has it: sixteen random bytes, the length, the message, the app id; padded to 32, AES-CBC."""
    plain = secrets.token_bytes(16) + struct.pack(">I", len(message.encode())) + message.encode() + app.encode()
    pad = 32 - len(plain) % 32
    encryptor = _cipher(aes_key).encryptor()
    return base64.b64encode(encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()).decode()


def opened(given: str, *, app: str = APP) -> str:
    """What `sealed` closed; fails where it was closed for another account."""
    decryptor = _cipher(AES_KEY).decryptor()
    plain = decryptor.update(base64.b64decode(given)) + decryptor.finalize()
    plain = plain[: -plain[-1]]
    (length,) = struct.unpack(">I", plain[16:20])
    assert plain[20 + length :].decode() == app
    return plain[20 : 20 + length].decode()


def _cipher(aes_key: str) -> Cipher[modes.CBC]:
    key = base64.b64decode(aes_key + "=")
    return Cipher(algorithms.AES(key), modes.CBC(key[:16]))


def xml(**fields: str) -> str:
    return "<xml>" + "".join(f"<{name}>{escape(value)}</{name}>" for name, value in fields.items()) + "</xml>"


def message(kind: str = "text", *, who: str = "oChen", to: str = NAME, number: int | None = None, **fields: str) -> str:
    """A message as the platform writes it; an event has no number."""
    about = {"ToUserName": to, "FromUserName": who, "CreateTime": str(int(clock.now().timestamp())), "MsgType": kind}
    if kind != "event":
        about["MsgId"] = str(number or next(_numbers))
    return xml(**about, **fields)


@dataclass
class Posted:
    """One request of the platform: the query it signs, and the body. Sent again it is the very same."""

    query: dict[str, str]
    body: bytes

    def send(self) -> Any:
        query = "&".join(f"{name}={value}" for name, value in self.query.items())
        return Client(enforce_csrf_checks=True).generic("POST", f"/wechat/?{query}", self.body, "text/xml")


def posted(said: str, *, plain: bool = False, token: str = TOKEN, ago: int = 0, nonce: str = "", **seal: str) -> Posted:
    """`ago`: seconds before now that it was signed."""
    stamp, nonce = str(int(clock.now().timestamp()) - ago), nonce or secrets.token_hex(5)
    query = {"signature": signed(token, stamp, nonce), "timestamp": stamp, "nonce": nonce, "openid": "oChen"}
    if plain:
        return Posted(query, said.encode())
    closed = sealed(said, **seal)
    query |= {"encrypt_type": "aes", "msg_signature": signed(token, stamp, nonce, closed)}
    return Posted(query, xml(ToUserName=NAME, Encrypt=closed).encode())


def words(answer: Any, *, plain: bool = False) -> str:
    """What a passive reply says to the follower; "" where the request was only acknowledged."""
    assert answer.status_code == 200, (answer.status_code, answer.content)
    body = answer.content.decode()
    if body == "success":
        return ""
    if not plain:
        stamp, nonce, closed = (_of(body, name) for name in ("TimeStamp", "Nonce", "Encrypt"))
        assert _of(body, "MsgSignature") == signed(TOKEN, stamp, nonce, closed)
        body = opened(closed)
    assert (_of(body, "FromUserName"), _of(body, "MsgType")) == (NAME, "text")
    return _of(body, "Content")


def _of(body: str, name: str) -> str:
    found = re.search(rf"<{name}>(?:<!\[CDATA\[(.*?)\]\]>|(.*?))</{name}>", body, re.DOTALL)
    assert found is not None, (name, body)
    return found[1] if found[1] is not None else found[2]


@dataclass
class Chat:
    """A follower who writes to the account and reads what comes back at once."""

    who: str = "oChen"

    def says(self, text: str) -> str:
        return self.sends("text", Content=text)

    def sends(self, kind: str, **fields: str) -> str:
        return words(posted(message(kind, who=self.who, **fields)).send())

    def does(self, event: str, key: str = "") -> str:
        return self.sends("event", Event=event, EventKey=key)

    def tells(self, what: str, *answers: str) -> str:
        """Words, where, who, and whatever else; the last answer."""
        said = self.says(what)
        for answer in answers:
            said = self.says(answer)
        return said


@dataclass
class Platform:
    """api.weixin.qq.com on this machine. `errors`: by path, error codes it answers with, in their order."""

    address: str = ""
    errors: dict[str, list[int]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)

    def sent(self, path: str) -> list[dict[str, Any]]:
        return [said for where, said in self.asked if where.endswith(path)]

    def answer(self, path: str, query: dict[str, list[str]], said: dict[str, Any]) -> bytes:
        self.asked.append((path, said))
        if code := self._error(path):
            return _json(errcode=code, errmsg="as asked for")
        if path == "/cgi-bin/stable_token":
            self.tokens.append(f"token-{len(self.tokens) + 1}")
            good = (said["appid"], said["secret"]) == (APP, "hush")
            return _json(access_token=self.tokens[-1], expires_in=7200) if good else _json(errcode=40125)
        if query.get("access_token") != self.tokens[-1:]:
            return _json(errcode=40001)
        if path == "/cgi-bin/media/get":
            return self.files.get(query["media_id"][0]) or _json(errcode=40007)
        return _json(errcode=0, errmsg="ok", msgid=200228332)

    def _error(self, path: str) -> int:
        waiting = self.errors.get(path, [])
        return waiting.pop(0) if waiting else 0


@contextmanager
def platform() -> Iterator[Platform]:
    """The platform while it answers, at an address of this machine."""
    played = Platform()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            self._answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        def _answer(self, said: dict[str, Any]) -> None:
            parts = urlsplit(self.path)
            body = played.answer(parts.path, parse_qs(parts.query), said)
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *said: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    played.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield played
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _json(**said: Any) -> bytes:
    return json.dumps(said).encode()
