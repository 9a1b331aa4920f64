"""Group robots of WeCom, DingTalk and Feishu: a line of text by their webhooks, signed where they sign."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from urllib.parse import parse_qs, quote_plus, urlsplit

from shuoshi.kernel.outgoing.post import Broken, NotSent, post
from shuoshi.notices.models import Vendor
from shuoshi.notices.ways.base import Answer, Came, Outgoing

HOSTS = {
    Vendor.WECOM: "qyapi.weixin.qq.com",
    Vendor.DINGTALK: "oapi.dingtalk.com",
    Vendor.FEISHU: "open.feishu.cn",
}
_PATHS = {
    Vendor.WECOM: "/cgi-bin/webhook/send",
    Vendor.DINGTALK: "/robot/send",
    Vendor.FEISHU: "/open-apis/bot/v2/hook/",
}
_KEYS = {Vendor.WECOM: "key", Vendor.DINGTALK: "access_token"}
_LATER = {45009, 130101, 11232}  # too many messages in a minute


def fits(vendor: Vendor, address: str) -> bool:
    """Whether this is the address of such a robot: the vendor's own host and path, nothing else in it."""
    parts = urlsplit(address)
    if parts.scheme != "https" or parts.netloc != HOSTS[vendor] or parts.fragment or not address.isascii():
        return False
    if vendor == Vendor.FEISHU:
        return parts.path.startswith(_PATHS[vendor]) and len(parts.path) > len(_PATHS[vendor]) and not parts.query
    return parts.path == _PATHS[vendor] and list(parse_qs(parts.query)) == [_KEYS[vendor]]


class Group:
    """One robot."""

    def __init__(self, vendor: Vendor, address: str, secret: str) -> None:
        self._vendor, self._address, self._secret = vendor, address, secret

    def send(self, to: str, out: Outgoing) -> Answer:
        address, body = asked(self._vendor, self._address, self._secret, out.text, datetime.now(UTC))
        try:
            reply = post(address, body, {"Content-Type": "application/json; charset=utf-8"}, hosts=set(HOSTS.values()))
        except NotSent as problem:
            other = problem.code == "host"  # no address of this vendor: this robot's fault, not the vendor's
            return Answer(Came.REFUSED if other else Came.LATER, problem.code, whole_way=not other)
        except Broken:
            return Answer(Came.UNCERTAIN, "broken", whole_way=True)
        try:
            said = json.loads(reply.body)
            code = said.get("errcode", said.get("code"))
        except (ValueError, AttributeError):
            code = None
        if reply.status != 200:
            broken = reply.status >= 500
            return Answer(Came.UNCERTAIN if broken else Came.REFUSED, str(reply.status), whole_way=broken)
        if code == 0:
            return Answer(Came.OUT, "0")
        if code is None:
            return Answer(Came.UNCERTAIN, "answer")
        return Answer(Came.LATER if code in _LATER else Came.REFUSED, str(code)[:60])

    def report(self, to: str, ticket: str, sent_at: datetime) -> bool | None:
        return None

    def close(self) -> None:
        """Every request is a connection of its own."""


def asked(vendor: Vendor, address: str, secret: str, text: str, at: datetime) -> tuple[str, bytes]:
    """Address and body of one request."""
    if vendor == Vendor.FEISHU:
        content: dict[str, object] = {"msg_type": "text", "content": {"text": text}}
        if secret:
            stamp = str(int(at.timestamp()))
            content = {"timestamp": stamp, "sign": _mac(f"{stamp}\n{secret}", ""), **content}
        return address, _body(content)
    if vendor == Vendor.DINGTALK and secret:
        stamp = str(int(at.timestamp() * 1000))
        sign = _mac(secret, f"{stamp}\n{secret}")
        address += f"&timestamp={stamp}&sign={quote_plus(sign)}"
    return address, _body({"msgtype": "text", "text": {"content": text}})


def _mac(key: str, text: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()


def _body(content: dict[str, object]) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()
