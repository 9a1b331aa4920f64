"""Many networks guessing codes: each has one try left at that number, the owner is served, administrators are told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from shuoshi.kernel import clock, steady
from shuoshi.kernel.throttle import CODE_BY_NUMBER, CODE_BY_SITE, CODE_WHEN_GUESSED
from shuoshi.matters import query_code
from shuoshi.matters.models import Matter
from tests.portal.resident import Resident
from tests.support.village import Place

pytestmark = pytest.mark.django_db
WRONG = "AAAA AAAA"
UNKNOWN = "SS-QH-20200101-0001"


def at(network: str) -> Resident:
    return Resident(Client(REMOTE_ADDR=network))


def guesses(number: str, count: int) -> None:
    for n in range(count):
        assert at(f"10.9.{n}.1").looks_up(number, WRONG).status_code == 422


def kinds() -> list[steady.Kind]:
    steady.forget()
    return [alarm.kind for alarm in steady.alarms()]


@pytest.mark.parametrize("known", [True, False])
def test_a_number_under_many_guesses_leaves_each_network_one(town: Place, known: bool):
    number = town.raise_matter().number if known else UNKNOWN
    guesses(number, CODE_BY_NUMBER.free)
    stranger = at("198.51.100.7")
    assert [stranger.looks_up(number, WRONG).status_code for _ in range(4)] == [422, 429, 429, 429]
    with clock.simulated(clock.now() + CODE_WHEN_GUESSED.delays[0]):
        assert [stranger.looks_up(number, WRONG).status_code for _ in range(2)] == [422, 429]
    assert at("198.51.100.8").looks_up(number, WRONG).status_code == 422, "one network does not spend another's try"


def test_the_owner_is_served_at_once_and_again(town: Place):
    matter = town.raise_matter()
    guesses(matter.number, CODE_BY_NUMBER.free)
    owner = at("203.0.113.9")
    for _ in range(5):
        assert owner.looks_up(matter.number, query_code.code_of(matter)).status_code == 302


def test_no_own_code_buys_new_guesses_at_a_guessed_number(town: Place):
    mine, other = town.raise_matter(), town.raise_matter()
    guesses(other.number, CODE_BY_NUMBER.free)
    stranger = at("198.51.100.7")
    assert stranger.looks_up(other.number, WRONG).status_code == 422
    assert stranger.looks_up(mine.number, query_code.code_of(mine)).status_code == 302
    assert stranger.looks_up(other.number, WRONG).status_code == 429


def test_other_numbers_go_on_as_before_and_an_hour_later_this_one_too(town: Place):
    guessed, other = town.raise_matter(), town.raise_matter()
    guesses(guessed.number, CODE_BY_NUMBER.free)
    assert [at("198.51.100.7").looks_up(other.number, WRONG).status_code for _ in range(6)] == [422] * 5 + [429]
    with clock.simulated(clock.now() + timedelta(hours=1, minutes=1)):
        stranger = at("198.51.100.9")
        assert [stranger.looks_up(guessed.number, WRONG).status_code for _ in range(5)] == [422] * 5


@pytest.mark.minute
def test_administrators_are_told_of_a_number_and_of_the_whole_site(town: Place):
    matter = town.raise_matter()
    guesses(matter.number, CODE_BY_NUMBER.free - 1)
    assert steady.Kind.NUMBER_GUESSED not in kinds()
    guesses_at_many(town, matter)
    assert {steady.Kind.NUMBER_GUESSED, steady.Kind.CODES_GUESSED} <= set(kinds())
    stranger = at("198.51.100.7")
    other = town.raise_matter()
    assert [stranger.looks_up(other.number, WRONG).status_code for _ in range(2)] == [422, 429]
    assert stranger.looks_up(other.number, query_code.code_of(other)).status_code == 429, "its own network waits"
    assert at("203.0.113.9").looks_up(other.number, query_code.code_of(other)).status_code == 302


def guesses_at_many(town: Place, matter: Matter) -> None:
    """The rest of what the site bears, a number of its own each; then one more at the matter."""
    for n in range(CODE_BY_SITE.free - CODE_BY_NUMBER.free):
        at(f"10.8.{n // 250}.{n % 250}").looks_up(f"SS-QH-20200101-{n:04d}", WRONG)
    at("10.7.0.1").looks_up(matter.number, WRONG)
