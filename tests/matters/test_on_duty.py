"""Who is on duty at any hour, whom to call when nobody acts, and which days the roster leaves open (4.1.2)."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from shuoshi.kernel import clock
from shuoshi.kernel.actors import SYSTEM
from shuoshi.organization import actions, checklist, duty
from shuoshi.organization.duty import Because
from shuoshi.organization.models import Post
from shuoshi.organization.roles import Role
from tests.support.village import Place

NIGHT = datetime(2026, 10, 2, 2, 30, tzinfo=clock.INSTITUTION_ZONE)  # a holiday, at night


@pytest.fixture
def office(town: Place) -> Place:
    """何勇 and 罗涛 are on duty by turns at the registry; the county has an officer of its own."""
    town.person("罗涛", ("受理中心", Role.DUTY_OFFICER))
    town.person("县值班", ("县受理中心", Role.DUTY_OFFICER))
    town.person("中心主任", ("受理中心", Role.DEPARTMENT_HEAD))
    Post.objects.update(since=NIGHT - timedelta(days=30))
    return town


def tier(town: Place) -> str:
    return town.units["青禾镇"].path


def put(town: Place, name: str, starts: datetime, hours: int) -> None:
    unit = town.units["受理中心"].pk
    actions.put_on_duty(unit, town.persons[name], starts, starts + timedelta(hours=hours), actor=SYSTEM)


def named(town: Place, people: tuple[UUID, ...]) -> set[str]:
    return {name for name, pk in town.persons.items() if pk in people}


def tree(town: Place, at: datetime) -> list[tuple[Because, set[str]]]:
    return [(rung.because, named(town, rung.people)) for rung in duty.ladder(tier(town), at)]


def test_with_an_empty_roster_all_officers_are_on_duty_then_the_heads_then_the_tier_above(office: Place) -> None:
    assert tree(office, NIGHT) == [
        (Because.EVERYBODY, {"何勇", "罗涛"}),
        (Because.HEAD, {"中心主任"}),
        (Because.LEADER, {"马镇长"}),
        (Because.EVERYBODY, {"县值班"}),
    ]


def test_the_roster_names_one_then_the_next_then_the_others(office: Place) -> None:
    put(office, "何勇", NIGHT - timedelta(hours=2), 8)
    put(office, "罗涛", NIGHT + timedelta(hours=6), 8)
    assert duty.on_duty(tier(office), NIGHT) == [office.persons["何勇"]]
    assert tree(office, NIGHT)[:3] == [
        (Because.ON_DUTY, {"何勇"}),
        (Because.DEPUTY, {"罗涛"}),
        (Because.OTHERS, {"何勇", "罗涛"}),
    ]


def test_the_deputy_of_whoever_is_on_duty_is_called_second(office: Place) -> None:
    office.person("代班", ("受理中心", Role.DUTY_OFFICER))
    Post.objects.filter(person=office.persons["代班"]).update(
        since=NIGHT - timedelta(days=1), acting_for=Post.objects.get(person=office.persons["何勇"])
    )
    put(office, "何勇", NIGHT - timedelta(hours=2), 8)
    assert tree(office, NIGHT)[1] == (Because.DEPUTY, {"代班"})


def test_whoever_left_the_post_is_on_duty_no_more(office: Place) -> None:
    put(office, "何勇", NIGHT - timedelta(hours=2), 8)
    Post.objects.filter(person=office.persons["何勇"]).update(until=NIGHT - timedelta(hours=1))
    assert duty.on_duty(tier(office), NIGHT) == [office.persons["罗涛"]]
    assert duty.on_roster([office.units["受理中心"].pk], NIGHT) == []


def test_a_tier_without_officers_begins_with_its_head(office: Place) -> None:
    Post.objects.filter(role=Role.DUTY_OFFICER).exclude(unit=office.units["县受理中心"]).update(
        until=NIGHT - timedelta(hours=1)
    )
    assert duty.on_duty(tier(office), NIGHT) == []
    assert tree(office, NIGHT)[0] == (Because.HEAD, {"中心主任"})


def test_nobody_is_called_twice(office: Place) -> None:
    rungs = duty.ladder(tier(office), NIGHT)
    called: set[UUID] = set()
    steps = 0
    while (rung := duty.next_rung(rungs, called)) is not None:
        assert called.isdisjoint(rung.people)
        called |= set(rung.people)
        steps += 1
    assert named(office, tuple(called)) == {"何勇", "罗涛", "中心主任", "马镇长", "县值班"}
    assert steps == 4


def test_the_tree_costs_two_statements(office: Place, django_assert_num_queries: object) -> None:
    put(office, "何勇", NIGHT - timedelta(hours=2), 8)
    with django_assert_num_queries(2):  # type: ignore[operator]
        duty.ladder(tier(office), NIGHT)


def test_a_day_without_anybody_is_named_on_the_list_of_what_to_do(office: Place) -> None:
    monday = datetime(2026, 9, 28, 8, 0, tzinfo=clock.INSTITUTION_ZONE)
    with clock.simulated(monday):
        for unit, name in (("受理中心", "何勇"), ("县受理中心", "县值班")):
            actions.put_on_duty(
                office.units[unit].pk, office.persons[name], monday, monday + timedelta(days=2), actor=SYSTEM
            )
        actions.put_on_duty(
            office.units["受理中心"].pk,
            office.persons["罗涛"],
            monday + timedelta(days=2),
            monday + timedelta(days=8),
            actor=SYSTEM,
        )
        assert {(gap.unit.short_name, gap.day.day) for gap in duty.gaps(monday)} == {
            ("县受理中心", day) for day in (30, 1, 2, 3, 4)
        }
        says = [one.says for one in checklist.advice() if one.code == "roster"]
    assert len(says) == 1
    assert "县受理中心" in says[0]
    assert "9月30日" in says[0]


def test_a_gap_of_hours_is_a_gap(office: Place) -> None:
    with clock.simulated(NIGHT):
        put(office, "何勇", NIGHT - timedelta(hours=1), 12)
        put(office, "何勇", NIGHT + timedelta(hours=13), 24 * 9)
        days = {gap.day for gap in duty.gaps(NIGHT) if gap.unit.short_name == "受理中心"}
    assert days == {NIGHT.date()}
