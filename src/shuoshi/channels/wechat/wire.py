"""What the platform sends and is answered, in its own forms: signatures, encryption, XML. All of it refused before it costs.

Encrypted mode is what is meant: the signature of plain mode covers token, time and nonce, and nothing that is said. The
library knows ciphers and messages; what is compared, and what is parsed at all, is decided here, before it.
https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Receiving_standard_messages.html
"""

from __future__ import annotations

import hashlib
import hmac
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.parsers import expat

from shuoshi.notices.wechat import Account

LARGEST = 64 * 1024  # bytes
WINDOW = timedelta(minutes=5)  # between their clock and ours
LONGEST_TEXT = 600  # signs of an answer: 2048 bytes as it travels
_DEEPEST, _MOST = 8, 200  # elements; a message has some ten
_WORDS = {"text": "Content", "voice": "Recognition", "location": "Label"}
_UNREAD = (LookupError, TypeError, ValueError, struct.error, expat.ExpatError)


class NotTheirs(Exception):
    """Nothing that the platform sent just now. `why`: signature, old, plain, app, xml, replayed."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Heard:
    """One message or event. `kind`: text, image, voice, location …, or `event:` and its name; `key`: the same again has
    the same.

    `latitude`, `longitude`: as the platform says them, GCJ-02 degrees as text.
    """

    key: str
    follower: str  # openid
    kind: str
    text: str = ""  # also what a voice was understood as, and what a location is called
    media_id: str = ""
    latitude: str = ""
    longitude: str = ""
    pressed: str = ""  # the key of a menu's button


def echo(account: Account, query: Mapping[str, str], now: datetime) -> str:
    """What the platform wants to read when the address is entered there. Raises NotTheirs."""
    _check_signature(account, query, now)
    return query.get("echostr", "")[:200]


def nonce_of(query: Mapping[str, str]) -> str:
    """The signed address in one: used for one message only."""
    return _digest(query.get("timestamp", ""), query.get("nonce", ""))


def read(account: Account, query: Mapping[str, str], body: bytes, now: datetime) -> Heard:
    """What was sent. Raises NotTheirs."""
    _check_signature(account, query, now)
    try:
        whole = _fields(body)
        if "Encrypt" in whole:
            whole = _fields(_opened(account, query, whole["Encrypt"]).encode())
        elif not account.plain:
            raise NotTheirs("plain")
        return _heard(account, whole)
    except _UNREAD:
        raise NotTheirs("xml") from None


def answered(account: Account, to: str, text: str, nonce: str, now: datetime) -> str:
    """The answer to the request; "success" where there is none to give now."""
    if not text:
        return "success"
    from wechatpy.replies import TextReply

    said = text[:LONGEST_TEXT].replace("]]>", "]] >")  # it stands in a section of characters
    reply = TextReply(source=account.name, target=to, content=said, time=int(now.timestamp())).render()
    if account.plain:
        return str(reply)
    return str(_crypto(account).encrypt_message(reply, nonce[:40], str(int(now.timestamp()))))


def _check_signature(account: Account, query: Mapping[str, str], now: datetime) -> None:
    stamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
    if not account.token or not hmac.compare_digest(
        _signed(account.token, stamp, nonce), query.get("signature", "").encode()
    ):
        raise NotTheirs("signature")
    try:
        at = datetime.fromtimestamp(int(stamp), UTC)
    except (ValueError, OverflowError, OSError):
        raise NotTheirs("old") from None
    if abs(now - at) > WINDOW:
        raise NotTheirs("old")


def _opened(account: Account, query: Mapping[str, str], sealed: str) -> str:
    """The message within. Its own signature covers what is sealed."""
    from wechatpy.exceptions import WeChatException

    stamp, nonce, given = query.get("timestamp", ""), query.get("nonce", ""), query.get("msg_signature", "")
    if not hmac.compare_digest(_signed(account.token, stamp, nonce, sealed), given.encode()):
        raise NotTheirs("signature")
    try:
        return str(_crypto(account).decrypt_message({"Encrypt": sealed}, given, stamp, nonce))
    except WeChatException:
        raise NotTheirs("app") from None


def _crypto(account: Account) -> Any:
    from wechatpy.crypto import WeChatCrypto  # with all of the library, which only this way needs

    return WeChatCrypto(account.token, account.aes_key, account.app_id)


def _signed(*parts: str) -> bytes:
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest().encode()


def _fields(data: bytes) -> dict[str, str]:
    """The words of each element below the outermost. Nothing is defined in it: no DTD, no entities of its own, few elements.

    Raises NotTheirs.
    """
    found: dict[str, str] = {}
    within: list[str] = []
    count = 0

    def begins(name: str, attributes: object) -> None:
        nonlocal count
        count += 1
        within.append(name)
        if len(within) > _DEEPEST or count > _MOST:
            raise NotTheirs("xml")

    def says(text: str) -> None:
        if len(within) == 2:
            found[within[1]] = found.get(within[1], "") + text

    def refuse(*said: object) -> None:
        raise NotTheirs("xml")

    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler, parser.CharacterDataHandler = begins, says
    parser.EndElementHandler = lambda name: within.pop()
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    parser.Parse(data, True)
    return found


def _heard(account: Account, said: Mapping[str, str]) -> Heard:
    follower, kind = said["FromUserName"].strip(), said["MsgType"].strip().lower()
    if said["ToUserName"].strip() != account.name:
        raise NotTheirs("app")
    if not follower or len(follower) > 64:
        raise NotTheirs("xml")
    pressed = said.get("EventKey", "").strip()[:64]
    if kind == "event":
        event = f"event:{said['Event'].strip().lower()[:40]}"
        return Heard(
            _digest(account.app_id, follower, said["CreateTime"], event, pressed), follower, event, pressed=pressed
        )
    if not said["MsgId"].strip().isdecimal():
        raise NotTheirs("xml")
    return Heard(
        _digest(account.app_id, said["MsgId"].strip()),
        follower,
        kind[:40],
        text=said.get(_WORDS.get(kind, ""), "").replace("\x00", "").strip()[:4000],
        media_id=said.get("MediaId", "").strip()[:200],
        latitude=said.get("Location_X", "").strip()[:20],
        longitude=said.get("Location_Y", "").strip()[:20],
    )


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


# ── the platform's side, for whoever plays it ──────────────────────────────────────────────────────────────────────────


def as_the_platform(account: Account, message: str, nonce: str, now: datetime) -> tuple[dict[str, str], bytes]:
    """The address and the body in which the platform would send a message: signed, and sealed where the account wants it."""
    stamp = str(int(now.timestamp()))
    query = {"signature": _signed(account.token, stamp, nonce).decode(), "timestamp": stamp, "nonce": nonce}
    if account.plain:
        return query, message.encode()
    whole = str(_crypto(account).encrypt_message(message, nonce, stamp))
    signed = _signed(account.token, stamp, nonce, _fields(whole.encode())["Encrypt"]).decode()
    return query | {"encrypt_type": "aes", "msg_signature": signed}, whole.encode()


def words_of(account: Account, answer: bytes) -> str:
    """What an answer of ours says to the follower; "" where it was only acknowledged. Raises NotTheirs."""
    if answer == b"success":
        return ""
    found = _fields(answer)
    if "Encrypt" in found:
        query = {"timestamp": found["TimeStamp"], "nonce": found["Nonce"], "msg_signature": found["MsgSignature"]}
        found = _fields(_opened(account, query, found["Encrypt"]).encode())
    return found.get("Content", "")
