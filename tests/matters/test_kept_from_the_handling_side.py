"""A confidential speaker stays unknown to whoever handles, by whatever way somebody asks."""

from __future__ import annotations

import pytest

from shuoshi.matters.intake import PersonSaid
from shuoshi.matters.models import Matter
from shuoshi.matters.queries import earlier_of_phone, search_matters
from shuoshi.matters.vocabulary import Naming, Status
from tests.support.village import Place

PHONE = "13900001234"


@pytest.fixture
def confidential(town: Place) -> Matter:
    said = PersonSaid(name="褚秀兰", phone=PHONE)
    return town.matter_in(Status.IN_HANDLING, naming=Naming.CONFIDENTIAL, speaker=said)


def test_a_handler_who_guesses_the_number_does_not_find_the_confidential_matter(town: Place, confidential: Matter):
    for name in ("孙丽", "周建国", "马镇长"):
        assert search_matters(town.actor(name), PHONE).page.rows == []
        assert earlier_of_phone(town.actor(name), PHONE) == []


def test_its_registry_still_finds_it_by_the_number(town: Place, confidential: Matter):
    assert [row.pk for row in search_matters(town.actor("王芳"), PHONE).page.rows] == [confidential.pk]
    assert [party.matter_id for party in earlier_of_phone(town.actor("王芳"), PHONE)] == [confidential.pk]
