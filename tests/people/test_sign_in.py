"""Signing in: one answer for everything wrong, waiting instead of locking, codes that work once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from time import perf_counter

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from shuoshi.kernel import clock, throttle
from shuoshi.kernel.actors import SYSTEM, Actor, ActorKind
from shuoshi.kernel.verify import verify
from shuoshi.people import actions, devices, totp
from shuoshi.people.models import Account
from shuoshi.people.sign_in import Failed, authenticate
from tests.people.staff import OTHER_NETWORK, OWN_NETWORK, PASSWORD, Staff, build

pytestmark = pytest.mark.django_db

MORNING = datetime(2026, 11, 10, 1, tzinfo=UTC)


def test_the_right_password_signs_in_and_leaves_an_event(staff: Staff) -> None:
    assert staff.signs_in() == staff.account
    assert authenticate("  WangQiang ", PASSWORD, "", device="", network=OWN_NETWORK, now=MORNING) == staff.account
    assert list(verify()) == []


def test_everything_wrong_gets_the_same_answer(staff: Staff) -> None:
    closed = build("刘敏", "liumin")
    actions.disable(closed.account.pk, actor=SYSTEM)
    bound = build("李梅", "limei")
    bound.enrols(MORNING)
    answers = {
        staff.signs_in(password="不对不对不对不对不对不对不对"),
        authenticate("nobody", PASSWORD, "", device="", network=OWN_NETWORK, now=clock.now()),
        closed.signs_in(),
        bound.signs_in("000000", at=MORNING + timedelta(minutes=5)),
        bound.signs_in("", at=MORNING + timedelta(minutes=5)),
    }
    assert answers == {Failed("wrong")}


def test_an_unknown_name_takes_as_long_as_a_wrong_password(staff: Staff, settings: object) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.Slow"]  # type: ignore[attr-defined]
    staff.account.set_password(PASSWORD)
    staff.account.save(update_fields=["password"])
    from shuoshi.people import passwords

    passwords.nobodys.cache_clear()
    times: dict[str, float] = {}
    try:
        for username in ("nobody", "wangqiang", "nobody", "wangqiang"):  # the first round fills the cache
            begun = perf_counter()
            authenticate(username, "不对不对不对不对不对不对不对", "", device="", network=OWN_NETWORK, now=clock.now())
            times[username] = perf_counter() - begun
    finally:
        passwords.nobodys.cache_clear()
    assert times["nobody"] > times["wangqiang"] / 2
    assert times["wangqiang"] > times["nobody"] / 2


class Slow(PBKDF2PasswordHasher):
    """Slow enough that skipping it would show beside the noise of the machine."""

    iterations = 400_000


@pytest.mark.drill(2)
def test_five_hundred_wrong_passwords_do_not_keep_the_owner_out_and_few_are_heard(staff: Staff) -> None:
    cookie = devices.with_account("", staff.account.pk)
    heard = []
    at = MORNING
    for _try in range(500):  # one every ten seconds, for 83 minutes, from ever new networks
        at += timedelta(seconds=10)
        answer = staff.signs_in(password="猜猜看猜猜看猜猜看猜猜看", network=f"198.51.100.{_try % 250}", at=at)
        assert isinstance(answer, Failed)
        if answer.reason == "wrong":
            heard.append(at)
    most = max(sum(begin <= moment < begin + timedelta(hours=1) for moment in heard) for begin in heard)
    assert 5 <= most <= 30
    assert staff.signs_in(at=at, network=OTHER_NETWORK) != staff.account  # an unknown device waits with the guesser
    assert staff.signs_in(at=at, device=cookie) == staff.account


@pytest.mark.drill(2)
def test_one_network_cannot_try_many_names(staff: Staff) -> None:
    answers = [
        authenticate(f"name{number}", PASSWORD, "", device="", network=OTHER_NETWORK, now=MORNING)
        for number in range(70)
    ]
    waiting = [answer for answer in answers if isinstance(answer, Failed) and answer.reason == "wait"]
    assert len(waiting) == 10
    assert "分钟后再试" in waiting[0].text
    assert staff.signs_in(at=MORNING) == staff.account


def test_right_tries_of_many_behind_one_address_are_not_counted_and_forgive_no_wrong_ones(staff: Staff) -> None:
    """The first day of a town hall: more people than a network has free tries."""
    for _ in range(throttle.SIGN_IN_NETWORK.free + 10):
        assert staff.signs_in(at=MORNING, network=OTHER_NETWORK) == staff.account
    for number in range(throttle.SIGN_IN_NETWORK.free - 1):
        authenticate(f"name{number}", PASSWORD, "", device="", network=OTHER_NETWORK, now=MORNING)
        assert staff.signs_in(at=MORNING, network=OTHER_NETWORK) == staff.account, "who has an account guesses no more"
    last, over = (
        authenticate(name, PASSWORD, "", device="", network=OTHER_NETWORK, now=MORNING) for name in ("last", "over")
    )
    assert isinstance(last, Failed) and last.reason == "wrong"
    assert isinstance(over, Failed) and over.reason == "wait"


@pytest.mark.drill(2)
def test_a_code_works_once_and_only_around_its_time(staff: Staff) -> None:
    secret, _codes = staff.enrols(MORNING)
    assert isinstance(staff.signs_in(totp.code_at(secret, MORNING), at=MORNING), Failed)  # used when it was bound
    later = MORNING + timedelta(minutes=10)
    code = totp.code_at(secret, later)
    assert staff.signs_in(code, at=later) == staff.account
    assert staff.signs_in(code, at=later) == Failed("wrong")
    earlier = totp.code_at(secret, later - timedelta(seconds=30))
    assert staff.signs_in(earlier, at=later) == Failed("wrong")  # an older step never after a newer one
    much_later = later + timedelta(minutes=10)
    ahead = totp.code_at(secret, much_later + timedelta(seconds=30))
    assert staff.signs_in(ahead, at=much_later) == staff.account
    stale = totp.code_at(secret, much_later + timedelta(minutes=2))
    assert staff.signs_in(stale, at=much_later) == Failed("wrong")


def test_a_code_on_paper_works_once_and_fresh_ones_void_the_old(staff: Staff) -> None:
    _secret, codes = staff.enrols(MORNING)
    assert len(set(codes)) == 10
    later = MORNING + timedelta(minutes=10)
    assert staff.signs_in(codes[0].lower().replace("-", " "), at=later) == staff.account
    assert staff.signs_in(codes[0], at=later) == Failed("wrong")
    actions.new_recovery_codes(staff.account.pk, actor=staff.actor)
    assert staff.signs_in(codes[1], at=later) == Failed("wrong")


def test_secrets_are_not_in_the_events_nor_plain_in_the_tables(staff: Staff) -> None:
    secret, codes = staff.enrols(MORNING)
    from shuoshi.kernel.events import Event

    told = "".join(Event.objects.values_list("payload", flat=True))
    row = Account.objects.get(pk=staff.account.pk)
    for hidden in (secret, row.password, PASSWORD, codes[0]):
        assert hidden not in told
    assert row.password.startswith("argon2")
    assert not set(codes) & set(row.recovery_codes.values_list("digest", flat=True))


def test_a_device_cookie_of_another_making_is_no_known_device(staff: Staff) -> None:
    cookie = devices.with_account("", staff.account.pk)
    assert devices.known(cookie, staff.account.pk)
    assert devices.known(cookie + "x", staff.account.pk) is None
    assert devices.known(cookie, build("刘敏", "liumin").account.pk) is None
    both = devices.with_account(cookie, build("李梅", "limei").account.pk)
    assert devices.known(both, staff.account.pk) == devices.known(cookie, staff.account.pk)


def test_a_first_password_that_nobody_used_is_over_after_its_days(staff: Staff) -> None:
    with clock.simulated(MORNING):
        account, first = actions.create_account(staff.person.pk, "second", actor=SYSTEM)
    for days, right in ((6, True), (8, False)):
        now = MORNING + timedelta(days=days)
        answer = authenticate("second", first, "", device="", network=OWN_NETWORK, now=now)
        assert answer == (account if right else Failed("wrong"))
    own = Actor(ActorKind.STAFF, person_id=staff.person.pk, account_id=account.pk)
    actions.set_password(account.pk, PASSWORD, actor=own)  # a password of one's own lasts
    late = MORNING + timedelta(days=80)
    assert authenticate("second", PASSWORD, "", device="", network=OWN_NETWORK, now=late) == account
