"""Drill 1: two thousand guesses at a known number, from one network and from many: none opens, the owner is served."""

from __future__ import annotations

import pytest
from django.test import Client

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
