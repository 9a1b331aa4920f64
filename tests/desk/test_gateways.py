"""Where gateways are set, what may not be written there, and what the page of health says of one that is down."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from shuoshi.desk.health import State
from shuoshi.desk.health.leaving import _remedy
from shuoshi.kernel import clock, steady
from shuoshi.matters.vocabulary import TellBy
from shuoshi.notices import circuits, limits
from shuoshi.notices.models import Gateway, Way
from shuoshi.organization import profile
from tests.notices.told import Kept, carried, gateway
from tests.support.house import lines, wrong
from tests.support.village import Place

Desk = Callable[[str], Client]
MAIL, SMS = "/desk/settings/gateways/mail/", "/desk/settings/gateways/sms/"
GIVEN = {
    "do": "save", "host": "smtp.example.com", "port": "465", "security": "ssl", "user": "shuo",
    "password": "lantern-secret", "sender": "shuo@example.com", "active": "on",
}  # fmt: skip
TEXTS = {
    "do": "save", "provider": "aliyun", "key_id": "LTAI", "key_secret": "hush", "sign": "青禾镇", "active": "on",
    "template": "SMS_1", "template_staff": "SMS_2",
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "named", "says"),
    [
        ({"port": "22"}, [], "只能是 25、465、587、2525"),
        ({"port": "6379", "host": "127.0.0.1"}, ["127.0.0.1"], "只能是 25、465、587、2525"),
        ({"port": "25", "security": "none"}, [], "写进 SHUOSHI_MAILHOSTS"),
        ({"port": "25", "security": "none"}, ["smtp.example.com"], ""),
        ({"port": "1025", "host": "127.0.0.1", "security": "none"}, ["127.0.0.1:1025"], ""),
        ({"port": "587", "security": "starttls"}, [], ""),
    ],
)
def test_what_the_line_would_refuse_is_said_when_it_is_written(
    at_desk: Desk, settings: Any, changed: dict[str, str], named: list[str], says: str
):
    settings.MAIL_HOSTS = named
    answer = at_desk("管理员").post(MAIL, GIVEN | changed)
    assert (answer.status_code, Gateway.objects.exists()) == ((422, False) if says else (302, True))
    assert says in answer.content.decode()


def test_both_templates_are_asked_for_and_a_way_to_stop_where_it_is_demanded(at_desk: Desk, settings: Any):
    admin = at_desk("管理员")
    answer = admin.post(SMS, TEXTS | {"template_staff": ""})
    assert answer.status_code == 422 and not Gateway.objects.exists()
    admin.post(SMS, TEXTS)
    assert Gateway.objects.get().given["template_staff"] == "SMS_2" and not Gateway.objects.get().given["stop"]
    assert f"{settings.PUBLIC_ADDRESS}/n/" in admin.get(SMS).content.decode()
    admin.post(SMS, TEXTS | {"key_secret": "", "stop": "on"})
    kept = Gateway.objects.get().given
    assert kept["stop"] == "1" and kept["key_secret"] == "hush"
    [ticked] = re.findall(r'<input[^>]*name="stop"[^>]*>', admin.get(SMS).content.decode())
    assert "checked" in ticked


@pytest.mark.parametrize(("whose", "to_staff"), [("speaker", False), ("staff", True)])
def test_either_template_can_be_tried(at_desk: Desk, monkeypatch: pytest.MonkeyPatch, whose: str, to_staff: bool):
    kept = Kept()
    monkeypatch.setattr("shuoshi.notices.leaving.opened", lambda row: kept)
    gateway(Way.SMS)
    at_desk("管理员").post(SMS, {"do": "try", "try-to": "13800000009", "try-whose": whose})
    [(to, out)] = kept.sent
    assert (to, out.to_staff, bool(out.token)) == ("13800000009", to_staff, not to_staff)


@pytest.mark.server_clock
def test_a_channel_that_is_down_is_marked_and_explained(well: Place, at_desk: Desk):
    gateway(Way.SMS)
    well.raise_matter(by="王芳", tell_by=TellBy.SMS)
    carried()
    now = clock.now()
    circuits.fails("sms", "535", now)
    assert wrong(well) == {"发消息的通道": State.NEAR}, "a line that breaks once"
    for _ in range(2):
        circuits.fails("sms", "535", now)
    line = lines(well)["发消息的通道"]
    assert line.state is State.BAD and "改由人告知" in line.says and "账号" in line.do
    assert ("对方说", "535") in line.facts and ("在等的", "1") in line.facts
    page = at_desk("管理员").get("/desk/settings/gateways/").content.decode()
    assert "再试" in page.split("电子邮件")[0]
    circuits.works("sms")
    circuits.fails("robot:feishu", "resolve", now)
    says = lines(well)["发消息的通道"].says
    assert says.startswith("飞书") and "工作台上都有" in says
    circuits.works("robot:feishu")
    assert wrong(well) == {}


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("535", "账号"), ("InvalidAccessKeyId.NotFound", "账号"), ("SignatureDoesNotMatch", "账号"),
        ("isv.AMOUNT_NOT_ENOUGH", "充值"), ("isv.SMS_TEMPLATE_ILLEGAL", "模板"), ("isv.SMS_SIGN_ILLEGAL", "模板"),
        ("address", "SHUOSHI_MAILHOSTS"), ("port", "465"), ("open", "SHUOSHI_MAILHOSTS"), ("connect", "防火墙"),
        ("421", "对方说"), ("", "对方说"),
    ],
)  # fmt: skip
def test_what_to_do_follows_from_what_the_other_side_said(code: str, says: str):
    with translation.override("zh-hans"):
        assert says in _remedy(code)


@pytest.mark.server_clock
def test_the_limit_of_the_site_is_told_with_what_was_sent(well: Place, monkeypatch: pytest.MonkeyPatch):
    allowed = profile.current().telling
    monkeypatch.setattr(limits, "sent", lambda now: (allowed.sms_hour, allowed.sms_hour))
    assert wrong(well) == {"短信的限量": State.BAD}
    assert ("一小时里发的短信", f"{allowed.sms_hour} 条，最多 {allowed.sms_hour} 条") in lines(well)["短信的限量"].facts
    limits.tell(clock.now())
    steady.forget()
    assert steady.Kind.MESSAGES_FULL in {one.kind for one in steady.alarms()}
    assert "提醒" not in lines(well), "the alarm has a line of its own"
