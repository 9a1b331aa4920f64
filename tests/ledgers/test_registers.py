"""Registers of any days hold what the events tell of these days, and as many lines as the balance counts."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

import pytest

from shuoshi.kernel import clock
from shuoshi.kernel.events import Event
from shuoshi.ledgers.registers import REGISTERS, listed
from shuoshi.matters import terms
from shuoshi.matters.queries import periods
from shuoshi.matters.queries.balance import balance
from shuoshi.matters.queries.periods import Period
from shuoshi.matters.vocabulary import Status
from shuoshi.organization import profile
from tests.matters.adding_up import at, changes, days_until, line_of
from tests.matters.divided import divide
from tests.matters.test_drills import practised
from tests.support.village import Place

AGAIN = terms.Reopen(text="又坏了两盏")


def told(model: str, column: str, period: Period) -> int:
    """How many rows of a model were first told of with a moment of the period: a naive fold over all events."""
    found = 0
    for event in Event.objects.filter(stream_kind="matter"):
        for note in json.loads(event.payload)["rows"]:
            moment = note.get("set", {}).get(column)
            if note.get("new") and note["row"].startswith(f"matters.{model}:") and moment:
                found += period.begins <= datetime.fromisoformat(moment) < period.ends
    return found


@pytest.fixture
def weeks(town: Place) -> date:
    """Three weeks over a year end, with one that came back, one divided and a drill; returns their first day."""
    year = clock.local(clock.now()).year + 1
    with clock.simulated(at(year, 12, 21)) as simulation:
        first = town.matter_in(Status.CLOSED)
        practised(town)
        simulation.move_to(at(year, 12, 30))
        town.run(town.speaker(first), AGAIN, first)
        town.matter_in(Status.PARKED)
        divide(town)
        simulation.move_to(at(year + 1, 1, 4))
        town.matter_in(Status.CLOSED)
        town.matter_in(Status.SCREENED_OUT)
        simulation.move_to(at(year + 1, 1, 11))
    return date(year, 12, 21)


def test_for_any_days_the_books_agree_with_the_events_and_with_each_other(town: Place, weeks: date):
    leader = town.actor("马镇长")
    with clock.simulated(at(weeks.year + 1, 1, 11)):
        facts = changes()
        for length in (1, 3, 7, 21):
            for period in days_until(weeks + timedelta(days=20), weeks, length):
                line = balance(leader, period).whole
                assert line == line_of(period, facts) and line.adds_up, period.name
                count = {name: listed(name, leader, period)[1].count() for name in REGISTERS}
                assert count["registered"] == line.new and count["ended"] == line.ended_matters, period.name
                assert count["followed-up"] == told("followup", "at", period)
        whole = Period(weeks, days=21)
        drills = 1
        given = told("assignment", "assigned_at", whole)
        assert given - drills <= listed("assigned", leader, whole)[1].count() <= given


def test_what_was_parked_stays_in_the_book_until_it_is_taken_up_again(town: Place):
    matter = town.matter_in(Status.PARKED)
    leader, today = town.actor("马镇长"), clock.local(clock.now()).date()
    later = Period(today + timedelta(days=10), days=5)
    with clock.simulated(later.ends):
        assert [row.matter_id for row in listed("parked", leader, later)[1]] == [matter.pk]
        town.run("周建国", terms.StrikeOff(text="材料到了"), matter)
        assert listed("parked", leader, later)[1].exists()
        cells = REGISTERS["parked"].cells(profile.current(), listed("parked", leader, later)[1][0])
        assert cells[-1] == "办理中" and cells[-2] != ""
    after = later.next.next
    with clock.simulated(after.ends):
        assert not listed("parked", leader, after)[1].exists()


@pytest.mark.once
@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        (date(2025, 2, 1), date(2025, 2, 28), "2025-02"),
        (date(2025, 1, 1), date(2025, 3, 31), "2025-Q1"),
        (date(2025, 1, 1), date(2025, 12, 31), "2025"),
        (date(2025, 2, 1), date(2025, 4, 30), "2025-02-01--2025-04-30"),
        (date(2025, 2, 3), date(2025, 2, 3), "2025-02-03--2025-02-03"),
    ],
)
def test_days_that_are_a_whole_month_are_that_month(first: date, last: date, name: str):
    period = periods.between(first, last)
    assert period is not None and period.name == name and periods.named(name) == period
    assert (period.first, period.last) == (first, last)


@pytest.mark.once
@pytest.mark.parametrize(
    "name",
    ["2025-02-03--2025-02-02", "2025-02-30--2025-03-01", "1999-01-01--2025-01-01", "2090-01-01--2090-01-02",
     "2010-01-01--2025-01-01", "2025-02-03--", "2025-2-3--2025-2-4"],
)  # fmt: skip
def test_days_that_are_none_too_many_or_not_begun_are_no_period(name: str):
    assert periods.named(name) is None
