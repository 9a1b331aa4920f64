"""How long what is open has been open: each figure of the overview is the length of the list it opens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.test import Client

from shuoshi.kernel import clock
from shuoshi.matters.vocabulary import Status
from tests.support.village import Place

Desk = Callable[[str], Client]


def test_each_age_opens_its_list(town: Place, at_desk: Desk) -> None:
    now = clock.now() + timedelta(days=201)
    numbers = []
    for days in (1, 3.5, 14, 16, 29, 31, 200):
        with clock.simulated(now - timedelta(days=days)):
            numbers.append(town.raise_matter(by="王芳").number)
    with clock.simulated(now - timedelta(days=20)):
        closed = town.matter_in(Status.CLOSED, by="王芳").number
    with clock.simulated(now):
        client = at_desk("刘敏")
        figures = client.get("/desk/overview/").context["figures"]
        assert list(figures.ages) == [1, 2, 2, 2] and figures.open.n == 7
        opened = []
        for place in range(4):
            rows = client.get(f"/desk/overview/age-{place}/").context["rows"].rows
            opened.append({row.number for row in rows})
    assert opened == [set(numbers[:1]), set(numbers[1:3]), set(numbers[3:5]), set(numbers[5:])]
    assert closed not in set.union(*opened)
