"""Text messages by Alibaba Cloud (SendSms and QuerySendDetails of 2017-05-25), signed as ACS3-HMAC-SHA256.

Carriers allow approved texts only, with variables that hold no address: the templates lie with the provider, one for
whoever spoke and one for the staff. Each has the variable ${number}; the page where a matter is looked up stands in the
fixed part. Where the provider wants a way to stop, the first one also has ${stop}, the end of the address of a page whose
beginning stands in the fixed part as well.
https://help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from shuoshi.kernel import clock
from shuoshi.kernel.outgoing.post import Broken, NotSent, Reply, post
from shuoshi.notices.ways.base import Answer, Came, Outgoing

HOST = "dysmsapi.aliyuncs.com"
VERSION = "2017-05-25"
_REFUSED = {  # it will never go to this number; everything else may be mended
    "isv.MOBILE_NUMBER_ILLEGAL",
    "isv.BLACK_KEY_CONTROL_LIMIT",
    "isv.BLACKLIST_ERROR",
    "isv.MOBILE_BLACKLIST",
}
_ONE_NUMBER = {"isv.BUSINESS_LIMIT_CONTROL", "isv.DAY_LIMIT_CONTROL"}  # too many to one number: others may go
_TEMPLATE = {  # of the staff's template: what residents are told may go
    "isv.SMS_TEMPLATE_ILLEGAL",
    "isv.TEMPLATE_MISSING_PARAMETERS",
    "isv.TEMPLATE_PARAMS_ILLEGAL",
    "isv.INVALID_PARAMETERS",
}
_FAILED, _DELIVERED = 2, 3


class Aliyun:
    """`given`: key_id, key_secret, sign (the approved signature), template, template_staff (their codes), template_code (that of codes for lost receipts, with ${code}; may be missing), stop ("1" where
    the first template has ${stop})."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self._given = given

    def send(self, to: str, out: Outgoing) -> Answer:
        asked = {
            "PhoneNumbers": to,
            "SignName": self._given["sign"],
            "TemplateCode": self._template(out),
            "TemplateParam": json.dumps(self._variables(out), ensure_ascii=False),
            "OutId": out.key,
        }
        try:
            reply = self._ask("SendSms", asked)
        except NotSent as problem:
            return Answer(Came.LATER, problem.code, whole_way=True)
        except Broken:
            return Answer(Came.UNCERTAIN, "broken", whole_way=True)
        said = _json(reply)
        code = str(said.get("Code", ""))[:60]
        if code == "OK":
            return Answer(Came.OUT, code, ticket=str(said.get("BizId", ""))[:80])
        if not code or reply.status >= 500:
            return Answer(Came.UNCERTAIN, code or str(reply.status), whole_way=True)
        if code in _REFUSED:
            return Answer(Came.REFUSED, code)
        one = code in _ONE_NUMBER or (code in _TEMPLATE and out.to_staff and bool(self._given.get("template_staff")))
        return Answer(Came.LATER, code, whole_way=not one)

    def report(self, to: str, ticket: str, sent_at: datetime) -> bool | None:
        day = f"{clock.local(sent_at):%Y%m%d}"
        asked = {"PhoneNumber": to, "BizId": ticket, "SendDate": day, "PageSize": "10", "CurrentPage": "1"}
        try:
            said = _json(self._ask("QuerySendDetails", asked))
        except (NotSent, Broken):
            return None
        details = (said.get("SmsSendDetailDTOs") or {}).get("SmsSendDetailDTO") or []
        states = {one.get("SendStatus") for one in details if isinstance(one, dict)}
        return True if _DELIVERED in states else False if _FAILED in states else None

    def close(self) -> None:
        """Every request is a connection of its own."""

    def _template(self, out: Outgoing) -> str:
        """Of a gateway that was set up before there were two, the only one."""
        if out.code:
            return self._given.get("template_code", "")
        staff = self._given.get("template_staff", "") if out.to_staff else ""
        return staff or self._given["template"]

    def _variables(self, out: Outgoing) -> dict[str, str]:
        if out.code:
            return {"code": out.code}
        stops = self._given.get("stop") == "1" and not out.to_staff
        return {"number": out.number, **({"stop": out.token} if stops else {})}

    def _ask(self, action: str, asked: Mapping[str, str]) -> Reply:
        query = canonical_query(asked)
        at, nonce = datetime.now(UTC), secrets.token_hex(16)  # the provider compares with its own clock
        headers = signed(action, query, at, nonce, self._given["key_id"], self._given["key_secret"])
        return post(f"https://{HOST}/?{query}", b"", headers, hosts={HOST})


def canonical_query(asked: Mapping[str, str]) -> str:
    """Sorted, encoded as RFC 3986 has it."""
    return "&".join(f"{quote(name, safe='~')}={quote(asked[name], safe='~')}" for name in sorted(asked))


def signed(action: str, query: str, at: datetime, nonce: str, key_id: str, secret: str) -> dict[str, str]:
    """The headers of a POST without a body."""
    payload = hashlib.sha256(b"").hexdigest()
    headers = {
        "host": HOST,
        "x-acs-action": action,
        "x-acs-content-sha256": payload,
        "x-acs-date": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "x-acs-signature-nonce": nonce,
        "x-acs-version": VERSION,
    }
    names = ";".join(headers)  # they stand in order
    lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
    request = f"POST\n/\n{query}\n{lines}\n{names}\n{payload}"
    to_sign = f"ACS3-HMAC-SHA256\n{hashlib.sha256(request.encode()).hexdigest()}"
    signature = hmac.new(secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    headers["Authorization"] = f"ACS3-HMAC-SHA256 Credential={key_id},SignedHeaders={names},Signature={signature}"
    return headers


def _json(reply: Reply) -> dict[str, Any]:
    try:
        found = json.loads(reply.body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
