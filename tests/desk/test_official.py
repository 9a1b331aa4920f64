"""The official account in the settings: what must be filled in, what is never shown again, and what the platform says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from shuoshi.channels.wechat.models import Enclosure, Incoming
from shuoshi.kernel import clock
from shuoshi.notices import circuits
from shuoshi.notices.models import Gateway, Way
from tests.support.official import AES_KEY, APP, NAME, TOKEN, Chat, Platform, platform, set_up
from tests.support.village import Place

Desk = Callable[[str], Client]
PAGE, WAYS = "/desk/settings/official/", "/desk/ways/"
GIVEN = {
    "do": "save", "key_id": APP, "key_secret": "hush", "name": NAME, "message_token": TOKEN, "aes_key": AES_KEY,
    "number_field": "character_string1", "state_field": "thing2", "active": "on",
}  # fmt: skip


@pytest.fixture
def played(settings: Any) -> Iterator[Platform]:
    with platform() as found:
        settings.WECHAT_API = found.address
        yield found


def test_it_is_set_up_and_its_secrets_are_never_shown_again(at_desk: Desk, settings: Any):
    admin = at_desk("管理员")
    assert f"{settings.PUBLIC_ADDRESS}/wechat/" in admin.get(PAGE).content.decode()
    assert admin.post(PAGE, GIVEN).status_code == 302
    row = Gateway.objects.get(way=Way.WECHAT)
    assert row.given["token"] == TOKEN and TOKEN.encode() not in bytes(
        Gateway.objects.values_list("wrapped_key", flat=True)[0]
    )
    body = admin.get(PAGE).content.decode()
    assert APP in body and not any(one in body for one in (TOKEN, AES_KEY, "hush"))
    assert (
        admin.post(PAGE, GIVEN | {"key_secret": "", "message_token": "", "aes_key": "", "template": "t"}).status_code
        == 302
    )
    kept = Gateway.objects.get().given
    assert (kept["token"], kept["aes_key"], kept["key_secret"], kept["template"]) == (TOKEN, AES_KEY, "hush", "t")
    assert "事情在哪里" in Chat().says("路灯坏了三天")


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"message_token": ""}, "这一项要填"),
        ({"message_token": "有空格 的"}, "3 到 32 个字母和数字"),
        ({"aes_key": AES_KEY[:-1]}, "43 个字母和数字"),
        ({"aes_key": "!" * 43}, "43 个字母和数字"),
        ({"state_field": "{{thing2.DATA}}"}, "不带花括号"),
    ],
)
def test_what_cannot_work_is_said_when_it_is_written(at_desk: Desk, changed: dict[str, str], says: str):
    answer = at_desk("管理员").post(PAGE, GIVEN | changed)
    assert answer.status_code == 422 and says in answer.content.decode() and not Gateway.objects.exists()


def test_secrets_of_one_account_are_not_carried_to_another(at_desk: Desk):
    set_up()
    answer = at_desk("管理员").post(PAGE, GIVEN | {"key_id": "wx0000000000000000", "message_token": ""})
    assert answer.status_code == 422 and Gateway.objects.get().given["key_id"] == APP


def test_nobody_but_an_administrator_gets_there(at_desk: Desk):
    assert at_desk("王芳").get(PAGE).status_code == 403


def test_the_platform_is_tried_and_shows_the_menu(at_desk: Desk, played: Platform):
    set_up()
    admin = at_desk("管理员")
    circuits.fails("wechat", "connect", clock.now())
    assert "连上了" in admin.post(PAGE, {"do": "try"}, follow=True).content.decode() and not circuits.down()
    assert "菜单放上了" in admin.post(PAGE, {"do": "menu"}, follow=True).content.decode()
    [menu] = played.sent("menu/create")
    assert [one["key"] for one in menu["button"]] == ["say", "mine", "contact"]
    assert all(len(one["name"]) <= 5 for one in menu["button"])
    played.errors["/cgi-bin/menu/create"] = [48001]
    assert "没有认证的订阅号" in admin.post(PAGE, {"do": "menu"}, follow=True).content.decode()


def test_what_is_wrong_stands_on_the_page_of_ways_and_of_health(town: Place, at_desk: Desk):
    leader = at_desk("马镇长")
    assert "最近一次有人发来" not in leader.get(WAYS).content.decode()
    set_up()
    Chat().says("路灯坏了三天")
    assert "在用</dd>" in leader.get(WAYS).content.decode()
    set_up(plain="1")
    assert (
        "明文模式" in leader.get(WAYS).content.decode() and "明文模式" in at_desk("管理员").get(PAGE).content.decode()
    )
    set_up()
    circuits.fails("wechat", "40164", clock.now())
    Incoming.objects.update(answered_at=None, not_before=clock.now() - timedelta(minutes=1))
    body = leader.get(WAYS).content.decode()
    assert "40164" in body and "等着回的" in body
    assert "IP 白名单" in at_desk("管理员").get("/desk/settings/health/").content.decode()
    Enclosure.objects.create(follower="f", kind="picture", lies="{}", at=clock.now(), not_before=clock.now(), tries=2)
    assert "还没有取到的照片、语音" in leader.get(WAYS).content.decode()
    Gateway.objects.update(active=False)
    assert "停着" in leader.get(WAYS).content.decode()
