"""Drill 1: two thousand guesses at a known number, from one network and from many: none opens, the owner is served."""

from __future__ import annotations

import random
import statistics
import time
from datetime import timedelta

import pytest
from django.test import Client

from shuoshi.kernel import clock
from shuoshi.kernel.throttle import CODE_BY_NETWORK
from shuoshi.matters import query_code
from shuoshi.matters.models import Matter
from tests.portal.resident import Resident
from tests.support.village import Place

pytestmark = [pytest.mark.django_db, pytest.mark.drill(1)]

SYMBOLS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
MANY = [200, pytest.param(2_000, marks=pytest.mark.slow)]


def guess(n: int) -> str:
    return "".join(SYMBOLS[(n * 7919 + place * 104_729) % 32] for place in range(8))


def owner_is_served(matter: Matter) -> bool:
    owner = Resident(Client(REMOTE_ADDR="203.0.113.9"))
    return owner.looks_up(matter.number, query_code.code_of(matter)).status_code == 302


@pytest.mark.parametrize("guesses", MANY)
def test_guesses_from_one_network_are_heard_five_times(town: Place, guesses: int):
    matter = town.raise_matter()
    stranger = Resident(Client(REMOTE_ADDR="198.51.100.7"))
    answers = [stranger.looks_up(matter.number, guess(n)).status_code for n in range(guesses)]
    assert answers.count(422) == 5
    assert answers.count(429) == guesses - 5
    assert owner_is_served(matter)


@pytest.mark.parametrize("guesses", MANY)
def test_guesses_from_many_networks_open_nothing_and_bar_nobody(town: Place, guesses: int):
    matter = town.raise_matter()
    answers = {
        Resident(Client(REMOTE_ADDR=f"10.{n // 250}.{n % 250}.1")).looks_up(matter.number, guess(n)).status_code
        for n in range(guesses)
    }
    assert 302 not in answers
    assert owner_is_served(matter)


def test_a_hundred_thousand_guesses_find_nothing_in_a_lifetime():
    """The limiter's arithmetic: 40 bits, and what one network may try in an hour, even with ten thousand networks."""
    codes = len(SYMBOLS) ** 8
    an_hour = CODE_BY_NETWORK.free + CODE_BY_NETWORK.window / CODE_BY_NETWORK.delays[0]
    years = codes / 2 / (10_000 * an_hour) / 24 / 365
    assert codes == 2**40
    assert 100_000 / codes < 1e-6
    assert years > 50


@pytest.mark.slow
def test_known_and_unknown_numbers_take_equally_long(town: Place):
    """Mann and Whitney's test, p > 0.01; a difference that is real fails three times in a row."""
    known = town.raise_matter().number
    unknown = f"{known[:-4]}9999"
    assert any(_p(*_times(known, unknown, 250, start)) > 0.01 for start in range(3))


def _times(known: str, unknown: str, each: int, start: int) -> tuple[list[float], list[float]]:
    """Seconds of wrong tries in mixed order, each from a network of its own, in hours in which nobody else guesses."""
    taken: dict[str, list[float]] = {known: [], unknown: []}
    began = clock.now()
    order = [known, unknown] * each
    random.Random(start).shuffle(order)  # by strict turns, whatever comes every so often falls on one of them
    for n, number in enumerate(order):
        stranger = Resident(Client(REMOTE_ADDR=f"10.{start}.{n // 250}.{n % 250}"))
        with clock.simulated(began + timedelta(hours=2 * (start * each + n))):
            before = time.perf_counter()
            assert stranger.looks_up(number, guess(n)).status_code == 422
            taken[number].append(time.perf_counter() - before)
    return taken[known], taken[unknown]


def _p(one: list[float], other: list[float]) -> float:
    """How likely such a difference of ranks is where there is none (two-sided, by the normal distribution)."""
    ranks = {value: rank for rank, value in enumerate(sorted([*one, *other]), start=1)}
    n, m = len(one), len(other)
    u = sum(ranks[value] for value in one) - n * (n + 1) / 2
    spread = (n * m * (n + m + 1) / 12) ** 0.5
    return 2 * (1 - statistics.NormalDist().cdf(abs(u - n * m / 2) / spread))
