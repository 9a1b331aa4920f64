"""Platforms in the settings: let in with a key that is shown once, changed, given another key, ended."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from shuoshi.channels.models import Delivery, Hook, Platform, Silence
from shuoshi.channels.platforms import queries
from shuoshi.channels.platforms.models import Telling
from shuoshi.kernel import clock, verify
from shuoshi.kernel.events import Event
from shuoshi.matters.models import Matter
from shuoshi.organization.roles import Role
from tests.support.platforms import let_in, posted
from tests.support.village import Place

Desk = Callable[[str], Client]
LIST = "/desk/settings/platforms/"
NEW = f"{LIST}new/"


def given(days: int = 300, **changed: str) -> dict[str, str]:
    until = (clock.local(clock.now()).date() + timedelta(days=days)).isoformat()
    whole = {"name": "县民生服务平台", "runs_it": "王工 8600000", "posts": "on", "reads": "on", "until": until}
    return {name: value for name, value in ({"do": "save"} | whole | changed).items() if value}


def shown_key(body: str) -> str:
    return re.findall(r'<strong class="code">([a-z2-7]{32})</strong>', body)[0]


def test_the_key_is_shown_once_and_lies_nowhere(at_desk: Desk):
    desk = at_desk("管理员")
    answer = desk.post(NEW, given())
    key = shown_key(desk.get(answer["Location"]).content.decode())
    assert key not in desk.get(answer["Location"]).content.decode(), "reloaded it is gone, and still opens"
    row = Platform.objects.get()
    assert queries.of_key(key) == row and posted(key).status_code == 200
    for address in (LIST, f"{LIST}{row.pk}/"):
        body = desk.get(address).content.decode()
        assert key not in body and row.name in body
    assert not any(key in event.payload for event in Event.objects.all())


def test_another_key_takes_its_place_and_an_ended_platform_has_none(at_desk: Desk):
    desk, (row, before) = at_desk("管理员"), let_in()
    key = shown_key(desk.post(f"{LIST}{row.pk}/", {"do": "renew"}, follow=True).content.decode())
    assert queries.of_key(before) is None and queries.of_key(key) == row
    assert desk.post(f"{LIST}{row.pk}/", {"do": "end"}).status_code == 302
    assert queries.of_key(key) is None
    body = desk.get(f"{LIST}{row.pk}/").content.decode()
    assert "已经停用" in body and 'name="until"' not in body
    assert desk.post(f"{LIST}{row.pk}/", {"do": "renew"}).status_code == 409
    assert not list(verify.verify())


def test_what_it_may_is_changed_and_told(at_desk: Desk):
    desk, (row, key) = at_desk("管理员"), let_in()
    assert desk.post(f"{LIST}{row.pk}/", given(posts="")).status_code == 302
    row.refresh_from_db()
    assert (row.posts, row.reads) == (False, True) and posted(key).status_code == 403
    assert "修改平台" in desk.get(f"{LIST}{row.pk}/").content.decode()


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"posts": "", "reads": ""}, "至少选一项"),
        ({"days": -1}, "有效期已经过了"),
        ({"days": 800}, "最多两年"),
        ({"name": "县政务平台"}, "已经有一个"),
    ],
)
def test_what_cannot_be_is_said_at_the_field_and_nothing_is_lost(at_desk: Desk, changed: dict[str, str], says: str):
    let_in("县政务平台")
    answer = at_desk("管理员").post(NEW, given(**changed))
    assert answer.status_code == 422 and says in answer.content.decode()
    assert "王工 8600000" in answer.content.decode() and Platform.objects.count() == 1


def test_a_key_that_ends_soon_or_is_over_is_marked(at_desk: Desk):
    desk = at_desk("管理员")
    let_in("快到期的", until=clock.local(clock.now()).date() + timedelta(days=3))
    assert "密钥快到期了" in desk.get(LIST).content.decode()
    row, _key = let_in("到期的", until=clock.local(clock.now()).date())
    Platform.objects.filter(pk=row.pk).update(until=clock.local(clock.now()).date() - timedelta(days=1))
    assert "密钥过期了" in desk.get(LIST).content.decode()


def test_a_key_is_shown_to_nobody_but_whoever_made_it(at_desk: Desk, town: Place):
    town.person("另一位管理员", ("青禾镇", Role.ADMINISTRATOR))
    page = at_desk("管理员").post(NEW, given())["Location"]
    assert 'class="code"' not in at_desk("另一位管理员").get(page).content.decode()
    assert shown_key(at_desk("管理员").get(page).content.decode())


def test_only_an_administrator_lets_in(at_desk: Desk, town: Place):
    for who in ("王芳", "周建国"):
        assert at_desk(who).get(LIST).status_code == 403
        assert at_desk(who).post(NEW, given()).status_code == 403
    assert not Platform.objects.exists()


def test_the_page_of_a_matter_says_which_platform_sent_it(at_desk: Desk):
    _row, key = let_in()
    posted(key, last_name=None, first_name=None, phone=None)
    body = at_desk("王芳").get(f"/desk/matters/{Matter.objects.get().number}/").content.decode()
    assert "其他平台 县民生服务平台" in body and "一字未改" not in body
    assert "他在原来的平台上只看得到办到哪一步" in body


# ── telling it of changes ─────────────────────────────────────────────────────────────────────────────────────────

TOLD = "https://platform.example.cn/told?pass=hush"


def told_at(desk: Client, row: Platform, address: str = TOLD) -> str:
    return desk.post(f"{LIST}{row.pk}/", {"do": "hook", "hook-address": address}, follow=True).content.decode()


def secret_in(body: str) -> str:
    return re.findall(r'<strong class="code">(whsec_[A-Za-z0-9+/=]+)</strong>', body)[0]


def test_the_secret_of_what_it_is_told_is_shown_once(at_desk: Desk):
    desk, (row, _key) = at_desk("管理员"), let_in()
    secret = secret_in(told_at(desk, row))
    body = desk.get(f"{LIST}{row.pk}/").content.decode()
    assert secret not in body and TOLD in body.replace("&amp;", "&")
    other = secret_in(desk.post(f"{LIST}{row.pk}/", {"do": "hook_secret"}, follow=True).content.decode())
    assert other != secret and str(Hook.objects.get().secret) == other
    assert not any("hush" in event.payload or secret in event.payload for event in Event.objects.all())


def test_a_wrong_address_is_said_at_its_field_and_changes_nothing_else(at_desk: Desk):
    desk, (row, _key) = at_desk("管理员"), let_in()
    answer = desk.post(f"{LIST}{row.pk}/", {"do": "hook", "hook-address": "http://platform.example.cn"})
    body = answer.content.decode()
    assert (
        answer.status_code == 422 and "请写完整的 https 地址" in body and 'value="http://platform.example.cn"' in body
    )
    assert f'value="{row.name}"' in body and not Hook.objects.exists()


def test_what_was_told_is_listed_and_what_was_given_up_is_sent_again(at_desk: Desk):
    desk, (row, _key) = at_desk("管理员"), let_in()
    told_at(desk, row)
    desk.post(f"{LIST}{row.pk}/", {"do": "hook_try"})
    Delivery.objects.update(state=Telling.DEAD, answer="connect", settled_at=clock.now())
    body = desk.get(f"{LIST}{row.pk}/").content.decode()
    assert "送了几天没送到" in body and "连不上，或者证书不对" in body
    assert 'value="hook_again"' in body
    assert desk.post(f"{LIST}{row.pk}/", {"do": "hook_again"}).status_code == 302
    assert 'value="hook_again"' not in desk.get(f"{LIST}{row.pk}/").content.decode()


def test_an_empty_address_ends_it_and_one_that_does_not_answer_is_told(at_desk: Desk):
    desk, (row, _key) = at_desk("管理员"), let_in()
    told_at(desk, row)
    now = clock.now()
    Silence.objects.create(hook=Hook.objects.get(), since=now, failures=3, again_at=now, answer="connect")
    assert "通知送不到" in desk.get(f"{LIST}{row.pk}/").content.decode()
    assert "通知送不到" in desk.get(LIST).content.decode()
    assert "以后不通知了" in told_at(desk, row, "")
    assert not Hook.objects.get().active and not Silence.objects.exists()
    assert "试发一次通知" not in desk.get(f"{LIST}{row.pk}/").content.decode()
