"""What leaves by https: the providers' own forms and signatures, to their hosts only. Drill 22 for robots."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
from base64 import b64encode
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from shuoshi.kernel.outgoing import post
from shuoshi.kernel.outgoing.post import Broken, NotSent, Reply
from shuoshi.notices.models import Vendor
from shuoshi.notices.ways import Came, Outgoing, aliyun, robots

AT = datetime(2026, 11, 24, 2, 0, 0, tzinfo=UTC)
OUT = Outgoing("k1", "staff", "SS-QH-20261124-0001", "https://x/desk/", "有一件事要您看")
ADDRESSES = {
    Vendor.WECOM: "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx",
    Vendor.DINGTALK: "https://oapi.dingtalk.com/robot/send?access_token=abc",
    Vendor.FEISHU: "https://open.feishu.cn/open-apis/bot/v2/hook/0000",
}


@pytest.mark.parametrize(
    "address",
    [
        "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1",
        "https://qyapi.weixin.qq.com:8443/cgi-bin/webhook/send?key=1",
        "https://qyapi.weixin.qq.com@127.0.0.1/cgi-bin/webhook/send?key=1",
        "https://qyapi.weixin.qq.com.evil.example/cgi-bin/webhook/send?key=1",
        "https://127.0.0.1/cgi-bin/webhook/send?key=1",
        "https://qyapi.weixin.qq.com/cgi-bin/other?key=1",
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1&to=2",
        "https://oapi.dingtalk.com/robot/send?access_token=abc",
        "",
    ],
)
def test_only_the_vendors_own_address_is_a_robot(address: str):
    assert not robots.fits(Vendor.WECOM, address)


def test_the_addresses_of_all_three_are_known():
    for vendor, address in ADDRESSES.items():
        assert robots.fits(vendor, address)
        assert sum(robots.fits(other, address) for other in Vendor) == 1


def test_each_vendor_gets_its_own_form_and_signature():
    address, body = robots.asked(Vendor.WECOM, ADDRESSES[Vendor.WECOM], "", "字", AT)
    assert address == ADDRESSES[Vendor.WECOM] and json.loads(body) == {"msgtype": "text", "text": {"content": "字"}}

    address, _body = robots.asked(Vendor.DINGTALK, ADDRESSES[Vendor.DINGTALK], "SECa", "字", AT)
    asked = parse_qs(urlsplit(address).query)
    stamp = str(int(AT.timestamp() * 1000))
    wanted = b64encode(hmac.new(b"SECa", f"{stamp}\nSECa".encode(), hashlib.sha256).digest()).decode()
    assert asked["timestamp"] == [stamp] and unquote(asked["sign"][0]) == wanted

    _address, body = robots.asked(Vendor.FEISHU, ADDRESSES[Vendor.FEISHU], "s", "字", AT)
    said = json.loads(body)
    stamp = str(int(AT.timestamp()))
    wanted = b64encode(hmac.new(f"{stamp}\ns".encode(), b"", hashlib.sha256).digest()).decode()
    assert said["sign"] == wanted and said["timestamp"] == stamp and said["content"] == {"text": "字"}


@pytest.mark.parametrize(
    ("reply", "came", "whole"),
    [
        (Reply(200, b'{"errcode":0,"errmsg":"ok"}'), Came.OUT, False),
        (Reply(200, b'{"code":0}'), Came.OUT, False),
        (Reply(200, b'{"errcode":93000}'), Came.REFUSED, False),
        (Reply(200, b'{"errcode":45009}'), Came.LATER, False),
        (Reply(302, b""), Came.REFUSED, False),
        (Reply(502, b""), Came.UNCERTAIN, True),
        (Reply(200, b"<html>"), Came.UNCERTAIN, False),
        (NotSent("connect"), Came.LATER, True),
        (NotSent("host"), Came.REFUSED, False),
        (Broken(), Came.UNCERTAIN, True),
    ],
)
def test_what_a_robot_answers(monkeypatch: pytest.MonkeyPatch, reply: Any, came: Came, whole: bool):
    def answer(*args: Any, **named: Any) -> Reply:
        if isinstance(reply, Exception):
            raise reply
        return reply

    monkeypatch.setattr(robots, "post", answer)
    found = robots.Group(Vendor.WECOM, ADDRESSES[Vendor.WECOM], "").send("", OUT)
    assert (found.came, found.whole_way) == (came, whole), "of one robot, or of its vendor"


@pytest.mark.parametrize("inside", ["127.0.0.1", "169.254.169.254", "10.0.0.3", "::1", "fd00::1", "100.64.0.1"])
@pytest.mark.drill(22)
def test_a_name_that_leads_inside_is_not_asked(monkeypatch: pytest.MonkeyPatch, inside: str):
    family = socket.AF_INET6 if ":" in inside else socket.AF_INET
    found = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", 443)),
        (family, socket.SOCK_STREAM, 6, "", (inside, 443)),
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **named: found)
    monkeypatch.setattr(socket, "create_connection", lambda *args: pytest.fail("it went there"))
    with pytest.raises(NotSent, match="address"):
        post.post(ADDRESSES[Vendor.WECOM], b"", {}, hosts=set(robots.HOSTS.values()))


@pytest.mark.drill(22)
def test_the_connection_goes_to_the_address_that_was_looked_at(monkeypatch: pytest.MonkeyPatch):
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("203.0.114.7", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **named: found)
    asked: list[Any] = []

    def connect(where: Any, *args: Any) -> socket.socket:
        asked.append(where)
        raise OSError

    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(NotSent, match="connect"):
        post.post(ADDRESSES[Vendor.WECOM], b"", {}, hosts=set(robots.HOSTS.values()))
    assert asked == [("203.0.114.7", 443)]


@pytest.mark.parametrize("address", ["https://example.com/x", "http://qyapi.weixin.qq.com/", "https://[::1]/"])
def test_no_host_but_those_on_the_list(address: str):
    with pytest.raises(NotSent, match="host"):
        post.post(address, b"", {}, hosts=set(robots.HOSTS.values()))


GIVEN = {"key_id": "LTAI", "key_secret": "hush", "sign": "青禾镇", "template": "SMS_1"}


def test_a_text_message_is_signed_as_the_provider_asks():
    query = aliyun.canonical_query({"SignName": "青禾 镇", "PhoneNumbers": "13800000017"})
    assert query == "PhoneNumbers=13800000017&SignName=%E9%9D%92%E7%A6%BE%20%E9%95%87"
    headers = aliyun.signed("SendSms", query, AT, "n1", "LTAI", "hush")
    names = "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version"
    empty = hashlib.sha256(b"").hexdigest()
    request = (
        f"POST\n/\n{query}\nhost:dysmsapi.aliyuncs.com\nx-acs-action:SendSms\nx-acs-content-sha256:{empty}\n"
        f"x-acs-date:2026-11-24T02:00:00Z\nx-acs-signature-nonce:n1\nx-acs-version:2017-05-25\n\n{names}\n{empty}"
    )
    text = "ACS3-HMAC-SHA256\n" + hashlib.sha256(request.encode()).hexdigest()
    wanted = hmac.new(b"hush", text.encode(), hashlib.sha256).hexdigest()
    assert headers["Authorization"] == (f"ACS3-HMAC-SHA256 Credential=LTAI,SignedHeaders={names},Signature={wanted}")


@pytest.mark.parametrize(
    ("reply", "came", "whole"),
    [
        (Reply(200, b'{"Code":"OK","BizId":"9^1"}'), Came.OUT, False),
        (Reply(400, b'{"Code":"isv.MOBILE_NUMBER_ILLEGAL"}'), Came.REFUSED, False),
        (Reply(400, b'{"Code":"isv.BUSINESS_LIMIT_CONTROL"}'), Came.LATER, False),
        (Reply(400, b'{"Code":"isv.AMOUNT_NOT_ENOUGH"}'), Came.LATER, True),
        (Reply(404, b'{"Code":"InvalidAccessKeyId.NotFound"}'), Came.LATER, True),
        (Reply(503, b""), Came.UNCERTAIN, True),
        (NotSent("resolve"), Came.LATER, True),
        (Broken(), Came.UNCERTAIN, True),
    ],
)
def test_what_the_provider_answers(monkeypatch: pytest.MonkeyPatch, reply: Any, came: Came, whole: bool):
    asked: list[str] = []

    def answer(url: str, *args: Any, **named: Any) -> Reply:
        asked.append(url)
        if isinstance(reply, Exception):
            raise reply
        return reply

    monkeypatch.setattr(aliyun, "post", answer)
    found = aliyun.Aliyun(GIVEN).send("13800000017", OUT)
    assert (found.came, found.whole_way) == (came, whole)
    [url] = asked
    query = parse_qs(urlsplit(url).query)
    assert json.loads(query["TemplateParam"][0]) == {"number": OUT.number}, "carriers allow no address in a variable"
    assert "hush" not in url and found.ticket == ("9^1" if came is Came.OUT else "")


RESIDENT = Outgoing("k2", "accepted", "SS-1", "https://x/n/abc2/", "受理了", stop="https://x/n/abc2/", token="abc2")
STAFF = Outgoing("k3", "staff", "SS-1", "https://x/desk/", "请您看一件事", to_staff=True)
TWO = GIVEN | {"template_staff": "SMS_2"}


@pytest.mark.parametrize(
    ("given", "out", "template", "variables"),
    [
        (TWO, RESIDENT, "SMS_1", {"number": "SS-1"}),
        (TWO, STAFF, "SMS_2", {"number": "SS-1"}),
        (TWO | {"stop": "1"}, RESIDENT, "SMS_1", {"number": "SS-1", "stop": "abc2"}),
        (TWO | {"stop": "1"}, STAFF, "SMS_2", {"number": "SS-1"}),
        (GIVEN, STAFF, "SMS_1", {"number": "SS-1"}),
    ],
    ids=["resident", "staff", "resident may stop", "staff may not", "set up before there were two"],
)
def test_residents_and_the_duty_officer_have_a_template_each(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], out: Outgoing, template: str, variables: dict[str, str]
):
    asked: list[str] = []

    def answer(url: str, *args: Any, **named: Any) -> Reply:
        asked.append(url)
        return Reply(200, b'{"Code":"OK"}')

    monkeypatch.setattr(aliyun, "post", answer)
    assert aliyun.Aliyun(given).send("13800000017", out).came is Came.OUT
    query = parse_qs(urlsplit(asked[0]).query)
    assert query["TemplateCode"] == [template] and json.loads(query["TemplateParam"][0]) == variables


@pytest.mark.parametrize(("out", "whole"), [(STAFF, False), (RESIDENT, True)])
def test_a_template_of_the_staff_that_is_wrong_keeps_no_resident_waiting(
    monkeypatch: pytest.MonkeyPatch, out: Outgoing, whole: bool
):
    wrong = Reply(400, b'{"Code":"isv.SMS_TEMPLATE_ILLEGAL"}')
    monkeypatch.setattr(aliyun, "post", lambda *args, **named: wrong)
    found = aliyun.Aliyun(TWO).send("13800000017", out)
    assert (found.came, found.whole_way) == (Came.LATER, whole)


@pytest.mark.parametrize(("status", "arrived"), [(1, None), (2, False), (3, True)])
def test_what_became_of_a_text_message(monkeypatch: pytest.MonkeyPatch, status: int, arrived: bool | None):
    said = {"Code": "OK", "SmsSendDetailDTOs": {"SmsSendDetailDTO": [{"SendStatus": status}]}}
    monkeypatch.setattr(aliyun, "post", lambda *args, **named: Reply(200, json.dumps(said).encode()))
    assert aliyun.Aliyun(GIVEN).report("13800000017", "9^1", AT) is arrived
