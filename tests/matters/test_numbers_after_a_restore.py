"""After a restore no number is given that may stand on a receipt from between the copy and the loss."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from shuoshi.kernel import clock, numbering
from shuoshi.kernel.verify import verify
from shuoshi.matters import actions
from shuoshi.matters.actions.intake import series
from shuoshi.organization import queries as organization
from tests.support.village import Place

pytestmark = pytest.mark.django_db

MORNING = datetime(2026, 11, 26, 9, 40, tzinfo=clock.INSTITUTION_ZONE)


def brought_back(copied_at: datetime = MORNING) -> str:
    return actions.pass_over_lost_numbers("copy-20261126T014000Z-00000000", copied_at)


def test_the_next_number_lies_beyond_those_that_went_out(town: Place):
    with clock.simulated(MORNING) as time:
        numbers = [town.raise_matter().number for _ in range(3)]
        assert numbers[-1] == "SS-QH-20261126-0003"
        time.move_to(MORNING + timedelta(minutes=50))
        said = brought_back()
        assert said == "SS-QH-20261126-1201", "a hundred for each hour of the day, and the whole ones of what there was"
        assert town.raise_matter().number == said
    assert list(verify()) == []


def test_the_same_copy_brought_back_twice_on_a_day_gives_other_numbers(town: Place):
    name = series(organization.institution(), "20261126")
    with clock.simulated(MORNING) as time:
        first = brought_back()
        given = {town.raise_matter().number for _ in range(5)}
        numbering.Counter.objects.filter(series=name).delete()  # as the copy has it
        time.move_to(MORNING + timedelta(hours=5))
        assert first in given
        assert brought_back() not in given
        assert town.raise_matter().number not in given


def test_a_house_that_registers_hundreds_a_day_goes_on_further(town: Place):
    numbering.go_on_after(series(organization.institution(), "20261120"), 780)
    with clock.simulated(MORNING.replace(hour=0)):
        assert brought_back() == "SS-QH-20261126-0801"


def test_days_between_copy_and_restore_and_days_to_come_are_covered_and_earlier_ones_stay(town: Place):
    whose = organization.institution()
    numbering.go_on_after(series(whose, "20261120"), 7)
    numbering.go_on_after(series(whose, "20261203"), 2)  # begun by a clock that was ahead
    with clock.simulated(MORNING):
        brought_back(MORNING - timedelta(days=2))
    standing = {name[-4:]: last for name, last in numbering.standing(series(whose, "")).items()}
    assert standing == {"1120": 7, "1124": 1000, "1125": 1000, "1126": 1000, "1203": 1100}


def test_a_copy_from_a_clock_that_was_ahead_covers_today_as_well(town: Place):
    with clock.simulated(MORNING):
        assert brought_back(MORNING + timedelta(days=400)) == "SS-QH-20261126-1001"


def test_it_stands_in_the_history_of_the_institution(town: Place):
    with clock.simulated(MORNING):
        brought_back(MORNING - timedelta(hours=8))
    newest = organization.history("institution", organization.institution().pk)[0]
    assert newest.deed == "从备份恢复"
    assert newest.actor == "system"


def test_a_home_without_an_institution_has_nothing_to_pass_over(db: None):
    assert brought_back() == ""
    assert not numbering.Counter.objects.exists()
