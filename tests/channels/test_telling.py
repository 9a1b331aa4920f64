"""Platforms are told of changes by themselves (3.1.3): signed, at least once, for days, and never beyond the net. Drill 22."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils import translation
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from shuoshi.channels.models import Delivery, Hook, Silence
from shuoshi.channels.platforms import hooking, keeping, queries, telling
from shuoshi.channels.platforms.models import Platform, Telling
from shuoshi.channels.platforms.posting import Sent, post
from shuoshi.kernel import clock, outbox, verify
from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.outbox import Notice
from shuoshi.kernel.refusal import Refused
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Status
from tests.support.hooks import Receiver, authority, receiver, silent_port
from tests.support.platforms import let_in
from tests.support.village import Place

pytestmark = pytest.mark.django_db


@pytest.fixture
def there(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """A platform's server within the network, which whoever runs the machine has named."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority(tmp_path)))
    with receiver(tmp_path) as found:
        settings.HOOK_HOSTS = [found.host]
        yield found


def hooked(there: Receiver, name: str = "县民生服务平台") -> tuple[Platform, str]:
    platform, _key = let_in(name)
    return platform, hooking.set_up(platform.pk, there.address, actor=SYSTEM)


def sent(platform: Platform, key: str = "1") -> Matter:
    row = post(
        platform,
        Sent(content="路灯坏了三天。", service="general", place="村口", name="赵大爷", phone="13800000017", key=key),
    )
    return Matter.objects.get(pk=row.matter_id)


def tell() -> int:
    telling.carry(clock.now())
    return telling.deliver(clock.now())


def deliver_at(now: datetime) -> int:
    with clock.simulated(now):
        return telling.deliver(now)


def test_a_step_is_told_signed_and_without_words(town: Place, there: Receiver):
    platform, secret = hooked(there)
    matter = sent(platform)
    assert tell() == 0, "that it was registered it knows from the answer"
    town.accept(matter)
    assert tell() == 1
    [(headers, body)] = there.got
    said = Webhook(secret).verify(body, headers)
    assert said["type"] == "matter.changed" and said["data"]["status"] == Status.ACCEPTED
    state = queries.own(platform, said["data"]["id"])
    with translation.override(settings.LANGUAGE_CODE):  # whatever language was asked for last
        assert state is not None and said["data"] == state.told()
    assert not any(word in body.decode() for word in (matter.number, "13800000017", "赵大爷", "村口", "路灯"))
    assert Delivery.objects.get().state == Telling.TOLD and tell() == 0


def test_what_was_changed_on_the_way_is_seen(town: Place, there: Receiver):
    platform, secret = hooked(there)
    hooking.attempt(platform.pk, actor=SYSTEM)
    tell()
    [(headers, body)] = there.got
    assert json.loads(body)["type"] == "ping"
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(body.replace(b"ping", b"pong"), headers)
    other = hooking.renew(platform.pk, actor=SYSTEM)
    with pytest.raises(WebhookVerificationError):
        Webhook(other).verify(body, headers)
    hooking.attempt(platform.pk, actor=SYSTEM)
    tell()
    headers, body = there.got[-1]
    Webhook(other).verify(body, headers)


def test_only_the_platform_by_which_it_came_is_told(town: Place, there: Receiver):
    hooked(there, "别的平台")
    platform, _secret = hooked(there)
    town.accept(sent(platform))
    assert tell() == 1
    assert there.said[0]["data"]["id"] == platform.posted.get().name


def test_without_a_hook_nothing_waits(town: Place):
    platform, _key = let_in()
    town.accept(sent(platform))
    assert tell() == 0 and not Delivery.objects.exists()
    assert not Notice.objects.filter(channel=outbox.Channel.PROGRAM, state=outbox.State.PENDING).exists()


def test_whoever_does_not_answer_is_tried_again_with_growing_pauses_and_nothing_is_lost(town: Place, there: Receiver):
    platform, _secret = hooked(there)
    there.answer = lambda nth: 500 if nth < 3 else 200
    town.accept(sent(platform))
    town.accept(sent(platform, "2"))
    now = clock.now()
    assert tell() == 1 and tell() == 0, "the second waits for the first to be tried again"
    again = Silence.objects.get().again_at
    assert telling.FIRST_PAUSE <= again - now < telling.FIRST_PAUSE * 2
    assert deliver_at(again) == 1
    later = Silence.objects.get().again_at
    assert later - again >= telling.FIRST_PAUSE * 2
    assert deliver_at(later) == 2 and not Silence.objects.exists()
    assert sorted(one["data"]["id"] for one in there.said[-2:]) == sorted(
        platform.posted.values_list("name", flat=True)
    )
    keys = [headers["webhook-id"] for headers, _body in there.got]
    assert len(set(keys)) == 2, "tried again it is the same message"


def test_what_is_not_taken_keeps_no_other_and_is_left_to_people_after_days(town: Place, there: Receiver):
    platform, _secret = hooked(there)
    town.accept(sent(platform))
    name = platform.posted.get().name
    there.answer = lambda _nth: 422 if there.said[-1]["data"].get("id") == name else 200
    now = clock.now()
    assert tell() == 1 and not Silence.objects.exists(), "it answers"
    town.accept(sent(platform, "2"))
    assert tell() == 1 and Delivery.objects.filter(state=Telling.TOLD).count() == 1
    for _ in range(telling.TRIES):
        now += telling.LONGEST_PAUSE
        deliver_at(now)
    [dead] = Delivery.objects.filter(state=Telling.DEAD)
    assert (dead.answer, dead.posted.name, dead.tries) == ("422", name, telling.TRIES)
    there.answer = lambda _nth: 200
    assert hooking.again(platform.pk, actor=SYSTEM) == 1 and hooking.again(platform.pk, actor=SYSTEM) == 0
    assert deliver_at(now) == 1 and there.said[-1]["data"]["id"] == name


def test_days_of_silence_leave_all_that_waits_to_people(town: Place, there: Receiver):
    platform, _secret = hooked(there)
    there.answer = lambda _nth: 503
    for n in range(3):
        town.accept(sent(platform, str(n)))
    tell()
    later = clock.now() + telling.GIVEN_UP_AFTER + timedelta(hours=2)
    deliver_at(later)
    assert Delivery.objects.filter(state=Telling.DEAD).count() == 3
    assert [one.state for one in queries.lately(Hook.objects.get())] == [Telling.DEAD] * 3
    there.answer = lambda _nth: 200
    with clock.simulated(later):
        assert hooking.again(platform.pk, actor=SYSTEM) == 3
        assert telling.deliver(later) == 3


def test_platforms_take_turns_and_a_trial_goes_first(town: Place, there: Receiver):
    busy, _secret = hooked(there, "忙的平台")
    for n in range(3):
        town.accept(sent(busy, str(n)))
    other, _secret = hooked(there)
    town.accept(sent(other))
    hooking.attempt(busy.pk, actor=SYSTEM)
    telling.carry(clock.now())
    assert telling.deliver(clock.now()) == 5
    names = [one["data"].get("id") for one in there.said]
    assert names.index(None) <= 1 and names.index(other.posted.get().name) <= 1


def test_what_changes_while_it_is_told_is_told_again(town: Place, there: Receiver):
    platform, _secret = hooked(there)
    matter = sent(platform)
    town.accept(matter)
    telling.carry(clock.now())
    [key] = Delivery.objects.values_list("pk", flat=True)
    claimed = {"state": Telling.SENDING, "leased_until": clock.now() + telling.LEASE}
    Delivery.objects.filter(pk=key).update(**claimed)  # another worker has read how it stands, and sends it
    Notice.objects.update(to_carry=True)
    telling.carry(clock.now())
    assert Delivery.objects.filter(state=Telling.WAITING).count() == 1
    later = clock.now() + telling.LEASE * 2
    assert telling.give_back(later) == 1, "its worker died: what waits tells it all"
    assert sorted(Delivery.objects.values_list("state", flat=True)) == [Telling.STOPPED, Telling.WAITING]


def test_a_pause_that_a_wrong_clock_set_is_not_waited_for(town: Place, there: Receiver):
    platform, _secret = hooked(there)
    town.accept(sent(platform))
    telling.carry(clock.now())
    Delivery.objects.update(not_before=clock.now() + timedelta(days=400))
    assert telling.deliver(clock.now()) == 1


def test_a_worker_that_died_in_the_middle_is_made_good(town: Place, there: Receiver, monkeypatch: pytest.MonkeyPatch):
    platform, _secret = hooked(there)
    town.accept(sent(platform))
    with monkeypatch.context() as killed:
        killed.setattr(telling, "_record", _dies)
        with pytest.raises(SystemExit):
            tell()
    assert len(there.got) == 1 and tell() == 0
    now = clock.now() + telling.LEASE + timedelta(seconds=1)
    assert telling.give_back(now) == 1 and deliver_at(now) == 1
    assert there.got[0][0]["webhook-id"] == there.got[1][0]["webhook-id"], "told twice, it is known as the same"


def _dies(*args: Any, **named: Any) -> None:
    raise SystemExit


def test_changes_while_it_waits_are_told_once_as_it_stands_then(town: Place, there: Receiver):
    platform, _secret = hooked(there)
    matter = sent(platform)
    town.accept(matter)
    telling.carry(clock.now())
    Matter.objects.filter(pk=matter.pk).update(turn=matter.turn + 5)
    Notice.objects.update(to_carry=True)
    telling.carry(clock.now())
    assert Delivery.objects.count() == 1 and telling.deliver(clock.now()) == 1


def test_a_platform_that_ended_or_may_not_ask_is_told_nothing(town: Place, there: Receiver):
    platform, _secret = hooked(there)
    town.accept(sent(platform))
    telling.carry(clock.now())
    keeping.end(platform.pk, actor=SYSTEM)
    assert telling.deliver(clock.now()) == 0 and not there.got
    assert Delivery.objects.get().state == Telling.STOPPED


def test_the_address_and_the_secret_lie_sealed_and_are_proved(town: Place, there: Receiver):
    platform, secret = hooked(there)
    row = Hook.objects.get()
    assert (str(row.address), str(row.secret)) == (there.address, secret)
    with connection.cursor() as cursor:
        cursor.execute("SELECT address, secret FROM channels_hook")
        raw = b"".join(bytes(value) for value in cursor.fetchone())
    assert b"localhost" not in raw and secret.encode() not in raw
    assert not list(verify.verify())
    assert queries.history(platform.pk)[0].deed == str(keeping.Deed.SET_HOOK.label)


@pytest.mark.once
@pytest.mark.parametrize(
    "address",
    [
        "http://platform.example.cn/a",
        "https://",
        "https://user:pw@platform.example.cn/a",
        "https://platform.example.cn:99999/",
        "https://platform.example.cn:8443/",
        "https://127.0.0.1:8000/a",
        "https://platform.example.cn/a b",
        "https://platform.example.cn/#a",
        "https://[::1",
        "ftp://platform.example.cn",
        "https://platform.example.cn/" + "a" * 500,
        "https://:pw@platform.example.cn/",
        "https://@platform.example.cn/",
        "https://a..b/",
        "https://.b/",
    ],
)
def test_what_is_no_address_of_https_is_refused(town: Place, address: str):
    platform, _key = let_in()
    with pytest.raises(Refused, match="hook_"):
        hooking.set_up(platform.pk, address, actor=SYSTEM)


# ── drill 22 ──────────────────────────────────────────────────────────────────────────────────────────────────────


def refused_at(address: str) -> str:
    """At which step a hook at this address fails."""
    platform, _key = let_in()
    hooking.set_up(platform.pk, address, actor=SYSTEM)
    hooking.attempt(platform.pk, actor=SYSTEM)
    began = time.monotonic()
    telling.deliver(clock.now())
    assert time.monotonic() - began < 12
    [one] = Delivery.objects.filter(hook__platform=platform)
    assert one.state == Telling.WAITING
    return one.answer


@pytest.mark.once
@pytest.mark.drill(22)
@pytest.mark.parametrize(
    ("address", "step"),
    [
        ("https://127.0.0.1/a", "address"),
        ("https://169.254.169.254/latest/meta-data/", "address"),
        ("https://[::1]/a", "address"),
        ("https://[::ffff:10.0.0.1]/a", "address"),
        ("https://2130706433/a", "address"),
        ("https://localhost/a", "address"),
        ("https://[64:ff9b::a00:1]/a", "address"),
        ("https://[::10.0.0.1]/a", "address"),
        ("https://[fec0::1]/a", "address"),
    ],
)
def test_nothing_within_the_network_is_reached(town: Place, address: str, step: str):
    assert refused_at(address) == step


@pytest.mark.once
@pytest.mark.drill(22)
def test_a_redirect_is_not_followed(town: Place, there: Receiver):
    there.answer = lambda _nth: 302
    assert refused_at(there.address) == "302" and len(there.got) == 1


@pytest.mark.once
@pytest.mark.drill(22)
def test_who_drips_is_cut_within_seconds(town: Place, there: Receiver):
    there.drip = True
    assert refused_at(there.address) == "broken"


@pytest.mark.once
@pytest.mark.drill(22)
def test_who_answers_without_end_is_cut(town: Place, there: Receiver):
    there.answer, there.sends = lambda _nth: 200, b"a" * (1 << 20)
    assert refused_at(there.address) == "broken"


@pytest.mark.once
@pytest.mark.drill(22)
def test_another_certificate_is_not_trusted(town: Place, there: Receiver, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    assert refused_at(there.address) == "connect" and not there.got


@pytest.mark.once
@pytest.mark.drill(22)
def test_where_nobody_listens_nothing_is_sent(town: Place, settings: Any):
    port = silent_port()
    settings.HOOK_HOSTS = [f"localhost:{port}"]
    assert refused_at(f"https://localhost:{port}/") == "connect"
