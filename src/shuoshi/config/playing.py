"""The other side of the ways in, as it would speak to the server that runs here. Who may play it, playing_cli says."""

from __future__ import annotations

import base64
import http.client
import json
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import make_msgid
from http.cookies import SimpleCookie
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4
from xml.sax.saxutils import escape

import click
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from shuoshi.channels.hotline import keeping as exchanges
from shuoshi.channels.hotline.models import Exchange
from shuoshi.channels.visits import keeping as phones
from shuoshi.channels.visits import records
from shuoshi.channels.visits.policies import VISITORS
from shuoshi.channels.wechat import wire
from shuoshi.desk import frame
from shuoshi.kernel import clock, crypto
from shuoshi.kernel.actors import SYSTEM
from shuoshi.notices import actions as gateways
from shuoshi.notices import wechat
from shuoshi.notices.models import Gateway, Provider, Way
from shuoshi.organization import actors
from shuoshi.organization import queries as organization
from shuoshi.people.models import Account

PLAYED = "演示交换机"
_PHONE = "演示手机"
_BOUNDARY = "shuoshi-demo-part"
_SECONDS = 30


class NotPlayed(Exception):
    """It could not be played; `str()` says why, with the remedy."""


@dataclass
class Line:
    """The server of this home, at its own port and nowhere else. Keeps cookies, as a browser does."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, body: bytes = b"", kind: str = "", **headers: str) -> tuple[int, bytes]:
        """Status and body of the answer. Raises NotPlayed where nothing runs."""
        told = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} | headers
        if kind:
            told["Content-Type"] = kind
        line = http.client.HTTPConnection("localhost", self.port, timeout=_SECONDS)
        try:
            line.request(method, path, body or None, {name: value for name, value in told.items() if value})
            answer = line.getresponse()
            read = answer.read()
        except OSError as problem:
            raise NotPlayed(f"Nothing answers at port {self.port}. Start it first: shuoshi run") from problem
        finally:
            line.close()
        for given in answer.headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(given).items()}
        return answer.status, read


def call(line: Line, caller: str, *, missed: bool, rings: float, talks: float) -> None:
    """A call from ringing to its end, told by an exchange that is let in for it."""
    row = Exchange.objects.filter(name=PLAYED, active=True).first()
    _row, key = exchanges.renew(row.pk, actor=SYSTEM) if row else exchanges.connect(PLAYED, "", actor=SYSTEM)
    call_id = f"demo-{uuid4().hex}"

    def push(event: str, **also: str) -> None:
        told = urlencode({"event": event, "callId": call_id, "from": caller, **also}).encode()
        status, _body = line.ask("POST", f"/pbx/{key}/", told, "application/x-www-form-urlencoded")
        click.echo(f"{event:8} {status}")
        if status not in (200, 204):
            raise NotPlayed(f"The server answered {status}.")

    push("newCall")
    time.sleep(rings)
    if not missed:
        push("answer", user="demo")
        time.sleep(talks)
    push("hangup")


def follower(line: Line, who: str, words: Sequence[str]) -> None:
    """Messages of one follower, each answered before the next is sent."""
    account = wechat.account() or _invented_account()
    if not account.name:
        raise NotPlayed("The official account in the settings has no name (gh_…) yet. Enter it there.")
    for said in words:
        now = clock.now()
        number = str(int(now.timestamp() * 1_000_000))
        about = {"ToUserName": account.name, "FromUserName": who, "CreateTime": str(int(now.timestamp()))}
        about |= {"MsgType": "text", "Content": said, "MsgId": number}
        message = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in about.items())
        query, body = wire.as_the_platform(account, f"<xml>{message}</xml>", secrets.token_hex(5), now)
        status, answer = line.ask("POST", f"/wechat/?{urlencode(query)}", body, "text/xml")
        if status != 200:
            raise NotPlayed(f"The server answered {status} {answer.decode(errors='replace')[:80]}")
        click.echo(f"> {said}\n{wire.words_of(account, answer)}\n")


def mail(sender: str, subject: str, words: str) -> None:
    """A mail put into the mailbox that is read; the line to it is the one of the worker."""
    from shuoshi.channels.mail import inbox
    from shuoshi.channels.mail.models import Inbox
    from shuoshi.channels.mail.server import Down

    row = Inbox.objects.filter(active=True).first()
    if row is None:
        raise NotPlayed("No mailbox is read. Connect one in the settings, “收信的邮箱”: any IMAP server of yours does.")
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, row.address, subject
    made["Message-ID"], made["Date"] = make_msgid(domain="example.com"), clock.now()
    made.set_content(words)
    try:
        with inbox.opened(row.given, time.monotonic() + _SECONDS) as opened:
            opened.put(made.as_bytes(), clock.now())
    except Down as problem:
        raise NotPlayed(f"The mailbox cannot be reached ({problem.code}).") from problem
    click.echo(f"Arrived at {row.address}. The worker reads it within a minute.")


def visit(line: Line, by: str, name: str, words: str) -> None:
    """A phone is enrolled, sends one record, and is revoked: nothing stays that could send another."""
    account = _visitor(by)
    actor, session = actors.of(account), _signed_in(line, account)
    device, key = phones.enrol(_PHONE, actor=actor)
    try:
        status, told = line.ask("GET", f"/desk/visits/phone/state/?device={device.pk}")
        if status != 200:
            raise NotPlayed(f"The server answered {status} to the phone.")
        state = json.loads(told)
        record = _record(str(device.pk), key, state["areas"][0][0], name, words)
        place = records.place_of_record(UUID(record["visit"]))
        public = base64.b64decode(state["public"])
        sealed = crypto.seal_as_phone(public, place, json.dumps(record, ensure_ascii=False).encode())
        fields = {"visit": record["visit"], "device": str(device.pk), "key": key}
        kind = f"multipart/form-data; boundary={_BOUNDARY}"
        origin = {"X-CSRFToken": state["csrf"], "Origin": f"http://localhost:{line.port}"}
        status, told = line.ask("POST", "/desk/visits/phone/record/", _multipart(fields, sealed), kind, **origin)
        if status != 200:
            raise NotPlayed(f"The server answered {status} {told.decode(errors='replace')[:200]}")
        click.echo(f"The server has the record. See /desk/visits/{record['visit']}/")
    finally:
        phones.revoke(device.pk, actor=actor)  # which also signs its holder out
        session.delete()


def messages(*, follow: bool) -> None:
    """What the gateway of the demo wrote down, and with `follow` what it writes from now on."""
    from shuoshi.notices.ways.file import NAME

    path = Path(settings.HOME) / NAME
    if not path.exists() and not follow:
        raise NotPlayed("No text message has left yet.")
    read = 0
    while True:
        if path.exists():
            with path.open(encoding="utf-8") as file:
                file.seek(read)
                click.echo(file.read(), nl=False)
                read = file.tell()
        if not follow:
            return
        time.sleep(1)


def _invented_account() -> wechat.Account:
    """An account of no platform: nothing is fetched from or told to it. Raises NotPlayed where one is switched off."""
    if Gateway.objects.filter(way=Way.WECHAT).exists():
        raise NotPlayed(
            "The official account in the settings is switched off. Switch it on there, or play another way."
        )
    given = {
        "key_id": f"wx{secrets.token_hex(8)}",
        "key_secret": secrets.token_hex(16),
        "name": f"gh_{secrets.token_hex(6)}",
        "token": secrets.token_hex(8),
        "aes_key": base64.b64encode(secrets.token_bytes(32)).decode().rstrip("="),
        "plain": "",
    }
    row = gateways.set_gateway(Way.WECHAT, Provider.WECHAT, given, active=True, actor=SYSTEM)
    return wechat.of(row)


def _visitor(username: str) -> Account:
    """Who has the phone in hand."""
    accounts = Account.objects.select_related("person").filter(is_active=True)
    if username:
        found = accounts.filter(username=username.casefold()).first()
    else:
        people = organization.posts_at().filter(role__in=sorted(VISITORS)).values("person")
        found = accounts.filter(person__in=people).order_by("username").first()
    if found is None:
        raise NotPlayed("Nobody of that user name is here. See: shuoshi sign-in")
    return found


def _signed_in(line: Line, account: Account) -> SessionBase:
    """A session as if the phone had signed in, which is closed afterwards."""
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore()
    frame.begin(request, account)
    request.session["owes"] = ""
    request.session.save()
    line.cookies[settings.SESSION_COOKIE_NAME] = str(request.session.session_key)
    return request.session


def _record(device: str, key: str, area: str, name: str, words: str) -> dict[str, Any]:
    """As the phone writes it."""
    said: dict[str, Any] = {"content": words, "naming": "named" if name else "anonymous", "name": name, "phone": ""}
    said |= {"place": "", "files": []}
    now = clock.now().isoformat()
    return {
        "visit": str(uuid4()), "device": device, "key": key, "area": area, "begun": now, "ended": now, "met": True,
        "book": False, "plan": "", "household": "演示的一户", "beside": "", "signed": "", "said": [said], "files": [],
    }  # fmt: skip


def _multipart(fields: Mapping[str, str], sealed: bytes) -> bytes:
    parts = [
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="sealed"; filename="sealed"\r\n'
    return b"".join([*parts, f"{head}\r\n".encode(), sealed, f"\r\n--{_BOUNDARY}--\r\n".encode()])
