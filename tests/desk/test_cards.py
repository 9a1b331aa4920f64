"""The page of cards: each with its cause in words, narrowed by colour and unit, the same number of statements always."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from shuoshi.desk.views.cards import why
from shuoshi.kernel import clock
from shuoshi.matters.models import Card
from shuoshi.matters.vocabulary import CardColour, Status
from tests.matters.test_clocks_run_out import sweep_until
from tests.support.statements import counted
from tests.support.village import Place

Desk = Callable[[str], Client]


@pytest.fixture
def late(town: Place) -> Place:
    for _each in range(3):
        town.matter_in(Status.IN_HANDLING)
    sweep_until(clock.now() + timedelta(days=40))
    return town


def test_every_card_says_its_cause(late: Place, at_desk: Desk):
    for card in Card.objects.all():
        assert "%(" not in why(card) and len(why(card)) > 10
    body = at_desk("刘敏").get("/desk/cards/").content.decode()
    assert "到期没有做" in body and "约谈单位负责人" in body and "城建办" in body


def test_it_is_narrowed_and_a_value_nobody_knows_is_none(late: Place, at_desk: Desk):
    client = at_desk("刘敏")
    reds = client.get("/desk/cards/?colour=red").content.decode()
    assert "到期没有做" in reds and "到了预警时间还没有做" not in reds
    unit = Card.objects.filter(colour=CardColour.RED).exclude(unit__name="受理中心").first()
    assert unit is not None
    only = client.get(f"/desk/cards/?unit={unit.unit_id}").content.decode()
    assert only.count("<li>") <= client.get("/desk/cards/").content.decode().count("<li>")
    assert client.get("/desk/cards/?colour=blue&unit=7&after=x").status_code == 200


def test_whose_duty_it_is_not_finds_no_page(late: Place, at_desk: Desk):
    assert at_desk("孙丽").get("/desk/cards/").status_code == 403
    assert Client().get("/desk/cards/").status_code == 302


def test_it_costs_the_same_whatever_is_in_it(late: Place, at_desk: Desk):
    client = at_desk("刘敏")
    few = fewest(client)
    for _each in range(3):
        late.matter_in(Status.IN_HANDLING)
    sweep_until(clock.now() + timedelta(days=80))
    assert few == fewest(client) <= 10


def fewest(client: Client) -> int:
    """Statements of the page, the fewest of three: what is read for all pages every few seconds may fall into one."""
    read = []
    for _time in range(3):
        with counted() as seen:
            client.get("/desk/cards/")
        read.append(seen.count)
    return min(read)


def test_an_empty_page_says_so(town: Place, at_desk: Desk):
    assert "没有牌" in at_desk("刘敏").get("/desk/cards/").content.decode()
