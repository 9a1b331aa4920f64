"""The page of cards asks for talks first, and whoever leads writes them down there."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from shuoshi.kernel import clock
from shuoshi.matters.models import Card
from tests.matters.refused_beside import the_day_after
from tests.support.village import Place

Desk = Callable[[str], Client]


@pytest.fixture
def asked(town: Place) -> Iterator[Card]:
    with the_day_after(town) as card:
        yield card


def test_the_page_shows_what_is_due_first_and_then_what_was_agreed(town: Place, asked: Card, at_desk: Desk):
    leader = at_desk("马镇长")
    assert "等着约谈的" in leader.get("/desk/cards/").content.decode()
    assert "记约谈" not in at_desk("刘敏").get("/desk/cards/").content.decode()
    form = leader.get(f"/desk/cards/?talk={asked.pk}").content.decode()
    assert "谈了什么" in form and "周建国" in form
    now = clock.local(clock.now()).strftime("%Y-%m-%dT%H:%M")
    given = {
        "do": "save",
        "talk": str(asked.pk),
        "person": town.persons["周建国"],
        "talked_at": now,
        "text": "本周答复。",
    }
    assert leader.post("/desk/cards/", given).status_code == 302
    page = leader.get("/desk/cards/").content.decode()
    assert "等着约谈的" not in page and "马镇长约谈周建国：本周答复。" in page
