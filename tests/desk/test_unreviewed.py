"""4.4.2: that nobody is left to decide on a review stands on the page of the matter and on the page of health."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from shuoshi.desk.health import State
from shuoshi.desk.health.work import lines
from shuoshi.kernel import clock
from shuoshi.matters import terms
from shuoshi.matters.queries.unreviewed import nobody_decides
from shuoshi.matters.vocabulary import Status
from shuoshi.organization.roles import Role
from tests.matters.test_reviewed import ask, nobody_is_left_to_review
from tests.support.village import Place

Desk = Callable[[str], Client]
SAID = "没有人能作复核决定"


@pytest.fixture
def county(town: Place) -> Place:
    town.person("县长", ("青禾县", Role.LEADER))
    return town


def _health(town: Place) -> tuple[State, str]:
    line = next(one for one in lines(clock.now(), town.actor("管理员")) if one.name == "复核")
    return line.state, str(line.facts)


def test_nobody_left_is_said_until_somebody_may_decide(county: Place, at_desk: Desk) -> None:
    reviewed = ask(county, county.matter_in(Status.IN_FOLLOW_UP))
    assert nobody_decides() == [] and _health(county)[0] is State.GOOD
    stuck = nobody_is_left_to_review(county)
    assert nobody_decides() == [stuck.number]
    state, facts = _health(county)
    assert state is State.NEAR and stuck.number in facts
    client = at_desk("王芳")
    assert SAID in client.get(f"/desk/matters/{stuck.number}/").content.decode()
    assert SAID not in client.get(f"/desk/matters/{reviewed.number}/").content.decode()
    stuck = county.run("刘敏", terms.RuleConflict(granted=False, text="不是亲戚"), stuck)
    assert nobody_decides() == []
    assert SAID not in client.get(f"/desk/matters/{stuck.number}/").content.decode()
