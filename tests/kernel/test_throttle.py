"""Guessing is slowed down for good, and the one who knows the code is served (drills 1 and 2)."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from shuoshi.kernel import throttle
from shuoshi.kernel.throttle import RULES, Tally

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

pytestmark = pytest.mark.django_db


def tries_until(scope: str, who: str, since: datetime, until: datetime) -> list[datetime]:
    """When somebody is heard who tries again the moment it is allowed."""
    heard, now = [], since
    while now < until:
        left = throttle.take(scope, who, now)
        if left is None:
            heard.append(now)
            now += timedelta(seconds=1)
        else:
            now += left
    return heard


def test_five_tries_are_free_and_then_the_waits_grow() -> None:
    waits = []
    now = NOW
    for _ in range(10):
        left = throttle.wait("tracking:network", "198.51.100.7", now)
        waits.append(left)
        now += left or timedelta()
        assert throttle.wait("tracking:network", "198.51.100.7", now) is None
        throttle.hit("tracking:network", "198.51.100.7", now)
    assert waits[:5] == [None] * 5
    assert waits[5:] == [1 * MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 10 * MINUTE]


def test_an_hour_without_a_try_wipes_the_slate() -> None:
    for _ in range(7):
        throttle.hit("tracking:network", "a", NOW)
    assert throttle.wait("tracking:network", "a", NOW) == 5 * MINUTE
    assert throttle.wait("tracking:network", "a", NOW + timedelta(hours=1)) is None
    throttle.hit("tracking:network", "a", NOW + timedelta(hours=1))
    assert Tally.objects.get().count == 1


def test_a_right_try_clears_and_others_never_wait() -> None:
    for _ in range(6):
        throttle.hit("tracking:network", "a", NOW)
    assert throttle.wait("tracking:network", "a", NOW)
    assert throttle.wait("tracking:network", "b", NOW) is None
    assert throttle.wait("sign_in:device", "a", NOW) is None
    throttle.clear("tracking:network", "a")
    assert throttle.wait("tracking:network", "a", NOW) is None


def test_a_code_of_ones_own_does_not_wipe_the_wrong_tries_of_a_network() -> None:
    """Four guesses, one right look-up, four guesses …: the right ones are free, the guesses add up."""
    guesses = 0
    for _ in range(10):
        for _ in range(4):
            guesses += throttle.take("tracking:network", "a", NOW) is None
        if throttle.take("tracking:network", "a", NOW) is None:
            throttle.give_back("tracking:network", "a")
    assert guesses == 5
    throttle.give_back("tracking:network", "nobody")


def test_an_attacker_gets_thirty_passwords_an_hour_at_most() -> None:
    heard = tries_until("sign_in:unknown", "liumin", NOW, NOW + timedelta(hours=5))
    worst = max(sum(start <= at < start + timedelta(hours=1) for at in heard) for start in heard)
    assert len(heard) > 60
    assert worst <= 30


def test_guessing_codes_from_one_network_yields_a_handful_an_hour() -> None:
    heard = tries_until("tracking:network", "a", NOW, NOW + timedelta(hours=3))
    worst = max(sum(start <= at < start + timedelta(hours=1) for at in heard) for start in heard)
    assert worst <= 14


def test_where_codes_are_guessed_a_hundred_thousand_networks_get_nowhere() -> None:
    """The limiter's arithmetic: what all of them are heard in an hour, against the codes there are."""
    heard = tries_until("tracking:guessed", "a", NOW, NOW + timedelta(hours=3))
    worst = max(sum(start <= at < start + timedelta(hours=1) for at in heard) for start in heard)
    assert worst <= 4
    assert 100_000 * worst * 24 / 2**40 < 1e-5


def test_a_fixed_window_ends_when_it_ends() -> None:
    for _ in range(RULES["submit:network"].free):
        assert throttle.take("submit:network", "a", NOW + 10 * MINUTE) is None
    assert throttle.take("submit:network", "a", NOW + 30 * MINUTE) == 40 * MINUTE
    assert throttle.take("submit:network", "a", NOW + 70 * MINUTE) is None


def test_the_rows_tell_no_addresses() -> None:
    throttle.hit("tracking:network", "198.51.100.7", NOW)
    row = Tally.objects.get()
    assert "198.51.100.7" not in row.who
    assert len(row.who) == 64


def test_old_tallies_are_pruned_and_young_ones_stay() -> None:
    throttle.hit("tracking:network", "old", NOW)
    throttle.hit("tracking:network", "young", NOW + timedelta(minutes=50))
    assert throttle.prune(NOW + timedelta(minutes=61)) == 1
    assert Tally.objects.count() == 1
    throttle.hit("tracking:network", "young", NOW + timedelta(minutes=61))
    assert Tally.objects.get().count == 2


def test_one_row_per_scope_and_somebody() -> None:
    throttle.hit("tracking:network", "a", NOW)
    row = Tally.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Tally.objects.create(scope=row.scope, who=row.who, window_start=NOW, last_at=NOW, count=1)


def test_a_scope_without_a_rule_is_an_error() -> None:
    with pytest.raises(KeyError):
        throttle.hit("tracking:netwrok", "a", NOW)


def test_every_wait_is_shorter_than_the_window_that_forgets_it() -> None:
    for rule in RULES.values():
        assert all(wait < rule.window for wait in rule.delays), rule


@pytest.mark.django_db(transaction=True)
def test_parallel_tries_do_not_overtake_each_other() -> None:
    heard: list[timedelta | None] = []

    def attempt() -> None:
        try:
            heard.extend(throttle.take("tracking:network", "a", NOW) for _ in range(4))
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(heard) == 20
    assert heard.count(None) == 5
