"""Passkeys against whoever does not play fair: another site, an answer twice, a key of somebody else, a copied key."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from shuoshi.kernel import clock, outbox, throttle
from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.events import Event
from shuoshi.kernel.verify import verify
from shuoshi.people import actions
from shuoshi.people.models import Account, Ceremony, Passkey
from tests.support.authenticator import Device
from tests.support.desk import signed_in
from tests.support.passkeys import ADD, ADDRESS, ME, SIGN_IN, added, asked, browser, signs_in
from tests.support.village import Place


@pytest.fixture(autouse=True)
def _at_its_address(settings: Any) -> None:
    settings.PUBLIC_ADDRESS = ADDRESS


def account(town: Place, name: str) -> Account:
    return Account.objects.get(person=town.persons[name])


def test_a_passkey_is_added_signs_in_and_is_told_of(town: Place) -> None:
    device = added(town)
    row = Passkey.objects.get()
    assert (row.account, row.name, row.synced, row.last_used) == (account(town, "王芳"), "办公室电脑", False, None)
    client = browser()
    assert signs_in(device, client)
    body = client.get(ME).content.decode()
    assert "办公室电脑" in body and "还没有用过" not in body
    row.refresh_from_db()
    assert row.counter == device.counter == 1 and row.last_used is not None
    told = Event.objects.filter(stream_id=str(row.account_id)).order_by("sequence")
    assert [one.action for one in told][-2:] == ["add_passkey", "sign_in"]
    assert told.last().facts() == {"factor": "passkey", "passkey": str(row.pk), "known_device": False}  # type: ignore[union-attr]
    assert not any(secret in one.payload for one in told for secret in ("办公室电脑", row.credential, row.public_key))
    assert [one.kind for one in outbox.waiting_for(town.actor("王芳"))] == ["passkey_added"]
    assert list(verify()) == []


def test_a_key_put_there_behind_the_program_is_found(town: Place) -> None:
    added(town)
    assert list(verify()) == []
    Passkey.objects.update(public_key="pQECAyYgASFYIA")
    assert "public_key" in {one.column for one in verify()}


@pytest.mark.parametrize(
    "odd",
    [
        {"origin": "http://localhost:8443"},
        {"origin": "https://localhost.evil.example"},
        {"rp": "evil.example"},
        {"verified": False},
        {"kind": "webauthn.create"},
        {"handle": b""},
        {"handle": bytes(16)},
    ],
    ids=str,
)
def test_an_answer_for_another_site_or_without_its_owner_opens_nothing(town: Place, odd: dict[str, Any]) -> None:
    device = added(town)
    assert not signs_in(device, **odd)
    assert signs_in(device), "nor does it harm the key"


def test_an_answer_opens_once_and_only_where_it_was_asked_for(town: Place) -> None:
    device = added(town, device=Device(counter=None, synced=True))
    client, thief = browser(), browser()
    question = asked(client, "sign_in")
    said = device.signs(question)
    assert thief.post(SIGN_IN, {"passkey": said}).status_code == 422, "another session was not asked"
    asked(thief, "sign_in")
    assert thief.post(SIGN_IN, {"passkey": said}).status_code == 422, "nor asked this"
    assert client.post(SIGN_IN, {"passkey": said}).status_code == 302
    client.post("/desk/sign-out/")
    assert client.post(SIGN_IN, {"passkey": said}).status_code == 422, "it was taken"
    asked(client, "sign_in")
    assert client.post(SIGN_IN, {"passkey": said}).status_code == 422
    assert Ceremony.objects.count() == 0


def test_a_newer_question_voids_the_older_and_five_minutes_end_it(town: Place) -> None:
    device, client = added(town), browser()
    first = asked(client, "sign_in")
    second = asked(client, "sign_in")
    assert client.post(SIGN_IN, {"passkey": device.signs(first)}).status_code == 422
    with clock.simulated(clock.now() + timedelta(minutes=5, seconds=1)):
        assert client.post(SIGN_IN, {"passkey": device.signs(second)}).status_code == 422
    assert signs_in(device)


def test_a_question_for_one_thing_answers_no_other(town: Place) -> None:
    device, client = added(town), browser(town, "王芳")
    said = device.signs(asked(client, "prove"))
    assert browser().post(SIGN_IN, {"passkey": said}).status_code == 422
    assert client.post(SIGN_IN, {"passkey": said}).status_code == 422
    said = Device().creates(asked(client, "add"))
    asked(client, "prove")
    assert client.post(ADD, {"device_name": "手机", "passkey": said}).status_code == 422
    assert Passkey.objects.count() == 1


def test_a_copied_key_gives_itself_away_by_its_counter(town: Place) -> None:
    device = added(town)
    copy = Device(counter=0, handle=device.handle, credential=device.credential, key=device.key)
    assert signs_in(device) and signs_in(device)
    assert not signs_in(copy)
    told = Event.objects.get(action="passkey_copied")
    assert told.facts() == {"passkey": str(Passkey.objects.get().pk), "counter": 1, "before": 2}
    assert "passkey_copied" in {one.kind for one in outbox.waiting_for(town.actor("王芳"))}
    assert "旧副本" in browser(town, "王芳").get("/desk/").content.decode()
    assert Passkey.objects.get().counter == 2


def test_another_key_under_a_known_name_opens_nothing(town: Place) -> None:
    device = added(town)
    stranger = Device(handle=device.handle, credential=device.credential)
    assert not signs_in(stranger)
    assert not signs_in(Device(handle=device.handle)), "nor one nobody added"


def test_a_key_of_somebody_else_proves_nothing_here(town: Place) -> None:
    hers, his = added(town, "王芳"), added(town, "刘敏")
    assert not signs_in(his, handle=hers.handle)
    client = browser(town, "王芳")
    with clock.simulated(clock.now() + timedelta(minutes=6)):
        answer = client.post("/desk/me/recovery-codes/", {"proof": his.signs(asked(client, "prove"))})
        assert answer.status_code == 422 and "通行密钥没有认出来" in answer.content.decode()
    taken = browser(town, "刘敏")
    again = Device(credential=hers.credential)
    answer = taken.post(ADD, {"device_name": "手机", "passkey": again.creates(asked(taken, "add"))})
    assert answer.status_code == 422 and "已经添加过了" in answer.content.decode()


@pytest.mark.parametrize(
    "odd", [{"origin": "http://evil.example"}, {"rp": "evil.example"}, {"verified": False}], ids=str
)
def test_a_key_made_for_another_site_is_not_kept(town: Place, odd: dict[str, Any]) -> None:
    client = browser(town, "王芳")
    answer = client.post(ADD, {"device_name": "手机", "passkey": Device().creates(asked(client, "add"), **odd)})
    assert answer.status_code == 422 and "没有收到设备的答复" in answer.content.decode()
    assert 'value="手机"' in answer.content.decode() and not Passkey.objects.exists()


@pytest.mark.parametrize(
    "said",
    [
        "",
        "[]",
        "{",
        "null",
        '{"id": 7}',
        "[" * 9000,
        json.dumps({"id": "AA", "rawId": "AA", "type": "public-key"}),
        "x" * 30_000,
    ],
    ids=lambda said: said[:9],
)
def test_what_is_no_answer_is_refused_like_a_wrong_one(town: Place, said: str) -> None:
    added(town)
    client = browser()
    asked(client, "sign_in")
    assert client.post(SIGN_IN, {"passkey": said}).status_code == 422
    name = Passkey.objects.get().credential
    asked(client, "sign_in")
    broken = json.dumps({"id": name, "rawId": name, "type": "public-key", "response": {"userHandle": "§", "x": [said]}})
    assert client.post(SIGN_IN, {"passkey": broken}).status_code == 422


def test_before_the_sign_in_the_question_names_nobody(town: Place) -> None:
    added(town)
    question = asked(browser(), "sign_in")
    assert question.get("allowCredentials", []) == [] and question["userVerification"] == "required"
    for purpose in ("prove", "add", "nonsense"):
        assert browser().post("/desk/passkeys/ask/", {"purpose": purpose}).status_code == 403
    named = [one["id"] for one in asked(browser(town, "王芳"), "prove")["allowCredentials"]]
    assert named == [Passkey.objects.get().credential]
    assert asked(browser(town, "刘敏"), "prove").get("allowCredentials", []) == []


def test_a_disabled_account_and_a_removed_key_open_nothing_and_end_what_is_open(town: Place) -> None:
    device, client = added(town), browser()
    spare = added(town)
    assert signs_in(device, client)
    own = browser(town, "王芳")
    key = Passkey.objects.order_by("created_at", "pk").first()
    assert key is not None
    assert browser(town, "刘敏").post("/desk/me/passkeys/remove/", {"row": str(key.pk)}).status_code == 302
    assert Passkey.objects.count() == 2, "nobody removes another's"
    assert own.post("/desk/me/passkeys/remove/", {"row": str(key.pk)})["Location"] == ME
    assert own.post("/desk/me/passkeys/remove/", {"row": str(key.pk)})["Location"] == ME, "twice is as once"
    assert own.get(ME).status_code == 200 and client.get(ME).status_code == 302
    assert not signs_in(device) and signs_in(spare)
    actions.disable(account(town, "王芳").pk, actor=SYSTEM)
    assert not signs_in(spare)
    assert list(verify()) == []


def test_a_reset_takes_the_keys_and_tells_the_owner(town: Place) -> None:
    device = added(town)
    actions.reset_password(account(town, "王芳").pk, actor=town.actor("管理员"))
    assert not Passkey.objects.exists() and not signs_in(device)
    told = [(one.kind, one.facts) for one in outbox.waiting_for(town.actor("王芳"))]
    assert ("account_changed", {"deed": "reset_password"}) in told
    assert list(verify()) == []


def test_an_administrator_takes_lost_keys_off_and_the_owner_is_told(town: Place) -> None:
    device, client = added(town), browser()
    assert signs_in(device, client)
    place = f"/desk/settings/people/{town.persons['王芳']}/"
    office = browser(town, "管理员")
    assert "解除通行密钥" in office.get(place).content.decode()
    row = str(account(town, "王芳").pk)
    assert office.post(place, {"do": "drop_passkeys", "row": row}).status_code == 302
    assert "解除通行密钥" not in office.get(place).content.decode()
    assert client.get(ME).status_code == 302 and not signs_in(device)
    assert ("account_changed", {"deed": "drop_passkeys"}) in [
        (one.kind, one.facts) for one in outbox.waiting_for(town.actor("王芳"))
    ]
    assert Event.objects.filter(action="drop_passkeys").count() == 1
    assert office.post(place, {"do": "drop_passkeys", "row": row}).status_code == 302
    assert Event.objects.filter(action="drop_passkeys").count() == 1


@pytest.mark.parametrize(
    ("address", "host", "words"),
    [
        ("http://192.168.1.5:8000", "192.168.1.5:8000", "一串数字"),
        ("http://shuoshi.lan", "shuoshi.lan", "不是 https 开头"),
        ("http://localhost:8000", "127.0.0.1:8000", "只认一个网址：http://localhost:8000"),
    ],
)
def test_where_browsers_refuse_the_page_says_why(
    town: Place, settings: Any, address: str, host: str, words: str
) -> None:
    settings.PUBLIC_ADDRESS, settings.ALLOWED_HOSTS = address, ["*"]
    client = signed_in(town, "王芳")
    client.defaults["HTTP_HOST"] = host
    body = client.get(ME).content.decode()
    assert words in body and "添加通行密钥" not in body
    assert client.post("/desk/passkeys/ask/", {"purpose": "add"}).status_code == 403
    assert "通行密钥" not in Client(HTTP_HOST=host).get("/desk/sign-in/").content.decode()


def test_many_questions_wait_and_those_that_end_in_a_sign_in_do_not_count(town: Place) -> None:
    device, client = added(town), browser()
    for _time in range(2):
        assert signs_in(device, client)
        client.post("/desk/sign-out/")
    for _time in range(throttle.PASSKEY_QUESTIONS.free):
        asked(client, "sign_in")
    assert client.post("/desk/passkeys/ask/", {"purpose": "sign_in"}).status_code == 429
    assert Ceremony.objects.count() == 1, "each voids the one before"


def test_a_network_that_sends_nonsense_waits_but_a_known_device_does_not(town: Place) -> None:
    device, client = added(town), browser()
    assert signs_in(device, client)
    client.post("/desk/sign-out/")
    stranger = browser()
    for _time in range(throttle.SIGN_IN_NETWORK.free):
        assert stranger.post(SIGN_IN, {"passkey": "{}"}).status_code == 422
    late = stranger.post(SIGN_IN, {"passkey": "{}"})
    assert late.status_code == 429 and "分钟后再试" in late.content.decode()
    assert signs_in(device, client)


def test_ten_keys_are_enough(town: Place) -> None:
    for _one in range(10):
        added(town)
    client = browser(town, "王芳")
    answer = client.post(ADD, {"device_name": "第十一个", "passkey": Device().creates(asked(client, "add"))})
    assert answer.status_code == 422 and "最多 10 个" in answer.content.decode()


def test_the_page_of_the_account_costs_the_same_with_many_keys(
    town: Place, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    client = browser(town, "王芳")
    for _one in range(2):
        added(town)
    client.get(ME)
    with django_assert_max_num_queries(14) as few:
        client.get(ME)
        spent = len(few)
    for _one in range(6):
        added(town)
    with django_assert_max_num_queries(spent):
        client.get(ME)
