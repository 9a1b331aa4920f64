"""Years entered here overrule the library and end the guessing (architecture.md 7)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from shuoshi.kernel import calendars, clock
from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.calendars import CalendarYear
from shuoshi.kernel.events import Event
from shuoshi.kernel.refusal import Refused

pytestmark = pytest.mark.django_db

OFF = [date(2027, 1, 1), date(2027, 2, 5), date(2027, 2, 12)]
MAKEUP = [date(2027, 2, 20)]


def test_published_years_come_with_the_product() -> None:
    calendar = calendars.load()
    assert not calendar.is_provisional(date(2026, 10, 1))
    assert calendar.is_provisional(date(2027, 1, 4))


def test_loading_costs_one_statement_and_then_none(statements) -> None:
    with statements() as seen:
        calendars.load()
        calendars.load()
    assert seen.count == 1, seen


def test_an_entered_year_is_official_and_known_at_once() -> None:
    assert calendars.load().is_working_day(date(2027, 2, 12))
    calendars.make_official(2027, OFF, MAKEUP, actor=SYSTEM)
    calendar = calendars.load()
    assert not calendar.is_provisional(date(2027, 3, 1))
    assert not calendar.is_working_day(date(2027, 2, 12))
    assert calendar.is_working_day(date(2027, 2, 20))
    assert calendar.is_provisional(date(2028, 3, 1))


def test_entering_tells_an_event() -> None:
    at = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
    with clock.simulated(at):
        calendars.make_official(2027, OFF, MAKEUP, actor=SYSTEM)
    event = Event.objects.get(stream_kind="calendar", stream_id="2027")
    assert (event.action, event.recorded_at) == ("make_year_official", at)


def test_a_correction_replaces_the_year_in_the_same_stream() -> None:
    calendars.make_official(2027, OFF, MAKEUP, actor=SYSTEM)
    calendars.make_official(2027, OFF[:2], [], actor=SYSTEM)
    assert CalendarYear.objects.count() == 1
    assert calendars.load().is_working_day(date(2027, 2, 12))
    assert Event.objects.filter(stream_kind="calendar", stream_id="2027").count() == 2


@pytest.mark.parametrize(
    ("off", "makeup", "code"),
    [
        ([date(2028, 1, 1)], [], "calendar_other_year"),
        (OFF, [date(2027, 2, 22)], "calendar_makeup_weekday"),
        ([*OFF, date(2027, 2, 20)], MAKEUP, "calendar_both"),
        ([], MAKEUP, "calendar_empty"),
        ([date(2027, 6, 1) + timedelta(days=n) for n in range(61)], [], "calendar_too_many"),
    ],
)
def test_days_that_cannot_be_right_are_refused(off: list[date], makeup: list[date], code: str) -> None:
    with pytest.raises(Refused) as refused:
        calendars.make_official(2027, off, makeup, actor=SYSTEM)
    assert refused.value.code == code
    assert not CalendarYear.objects.exists()
