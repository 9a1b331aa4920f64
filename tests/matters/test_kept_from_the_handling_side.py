"""A confidential speaker stays unknown to whoever handles, by whatever way somebody asks."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from shuoshi.desk import disclosure
from shuoshi.kernel import clock
from shuoshi.matters import queries, terms
from shuoshi.matters.case import Case
from shuoshi.matters.intake import PersonSaid
from shuoshi.matters.models import Entry, Matter
from shuoshi.matters.queries import earlier_of_phone, search_matters
from shuoshi.matters.vocabulary import Naming, Status, WishShown
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


def test_what_showed_who_wanted_to_withdraw_is_read_by_the_registry_alone(town: Place, confidential: Matter):
    given = terms.Withdraw(text="不用了", shown_by=WishShown.IDENTIFIED, proof_ref="核对了褚秀兰的身份证")
    matter = town.run("王芳", given, confidential)
    read = {name: " ".join(entry.words for entry in lines(town, name, matter)) for name in ("孙丽", "周建国", "王芳")}
    assert "褚秀兰" not in read["孙丽"] + read["周建国"]
    assert "褚秀兰" in read["王芳"]
    assert "不用了" in read["孙丽"]


def lines(town: Place, name: str, matter: Matter) -> Sequence[Entry]:
    view = queries.matter_page(town.actor(name), matter.number, clock.now())
    case = Case(actor=town.actor(name), matter=view.matter, standing=view.standing, now=clock.now())
    return disclosure.lines(case, view.entries)
