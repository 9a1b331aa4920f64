"""Counting working days, calendar days, working hours and minutes (domain.md §2.2, §11.4)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuoshi.kernel import holidays
from shuoshi.kernel.calendar import Left, LeftUnit, Limit, OfficeHours, Unit, WorkingCalendar
from shuoshi.kernel.clock import INSTITUTION_ZONE

HOURS = OfficeHours()
CALENDAR = WorkingCalendar(holidays.published())


def at(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=INSTITUTION_ZONE)


def due(start: str, limit: str, hours: OfficeHours = HOURS) -> str:
    return f"{CALENDAR.due(at(start), Limit.parse(limit), hours).at:%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("start", "limit", "end"),
    [
        ("2026-11-23 09:00", "1wd", "2026-11-24 17:30"),  # the day of the start is not counted
        ("2026-11-23 23:50", "1wd", "2026-11-24 17:30"),
        ("2026-11-20 09:00", "1wd", "2026-11-23 17:30"),  # over a weekend
        ("2026-11-21 09:00", "1wd", "2026-11-23 17:30"),  # begun on a Saturday
        ("2026-11-23 09:00", "0wd", "2026-11-23 17:30"),  # the same day
        ("2026-11-23 18:00", "0wd", "2026-11-24 17:30"),  # after closing time
        ("2026-11-21 09:00", "0wd", "2026-11-23 17:30"),
        ("2026-02-13 09:00", "1wd", "2026-02-14 17:30"),  # a Saturday that is worked before Spring Festival
        ("2026-02-13 09:00", "2wd", "2026-02-24 17:30"),  # nine days of festival
        ("2026-02-27 09:00", "1wd", "2026-02-28 17:30"),  # and a worked Saturday after it
        ("2026-09-30 09:00", "1wd", "2026-10-08 17:30"),  # National Day
        ("2026-10-09 09:00", "1wd", "2026-10-10 17:30"),  # a worked Saturday in October
        ("2026-12-31 09:00", "1wd", "2027-01-04 17:30"),  # 1 January 2027 is a Friday
    ],
)
def test_working_days(start: str, limit: str, end: str) -> None:
    assert due(start, limit) == end


@pytest.mark.parametrize(
    ("start", "limit", "end"),
    [
        ("2026-11-23 09:00", "15cd", "2026-12-08 17:30"),
        ("2026-11-23 09:00", "60cd", "2027-01-22 17:30"),
        ("2026-11-13 09:00", "15cd", "2026-11-30 17:30"),  # 28 November is a Saturday: rolled to Monday
        ("2026-09-16 09:00", "15cd", "2026-10-08 17:30"),  # 1 October: rolled over the whole holiday
        ("2026-01-30 09:00", "15cd", "2026-02-14 17:30"),  # a Saturday that is worked is no reason to roll
    ],
)
def test_calendar_days_end_on_a_working_day(start: str, limit: str, end: str) -> None:
    assert due(start, limit) == end


@pytest.mark.parametrize(
    ("start", "limit", "end"),
    [
        ("2026-11-23 08:30", "3wh", "2026-11-23 11:30"),
        ("2026-11-23 09:00", "3wh", "2026-11-23 12:00"),  # ends when the span does, not at its reopening
        ("2026-11-23 10:00", "4wh", "2026-11-23 16:00"),  # across lunch
        ("2026-11-23 13:00", "1wh", "2026-11-23 15:00"),  # begun during lunch
        ("2026-11-23 16:30", "4wh", "2026-11-24 11:30"),  # across the night
        ("2026-11-20 17:00", "1wh", "2026-11-23 09:00"),  # across a weekend
        ("2026-11-21 10:00", "2wh", "2026-11-23 10:30"),
        ("2026-09-30 17:00", "1wh", "2026-10-08 09:00"),
    ],
)
def test_working_hours_run_inside_office_hours(start: str, limit: str, end: str) -> None:
    assert due(start, limit) == end


def test_minutes_run_around_the_clock() -> None:
    assert due("2026-11-21 23:50", "30min") == "2026-11-22 00:20"
    assert due("2026-11-23 10:00", "1440min") == "2026-11-24 10:00"


def test_a_unit_with_other_hours_closes_at_its_own_time() -> None:
    summer = OfficeHours.parse("08:00-12:00, 15:00-18:00")
    assert due("2026-11-23 09:00", "1wd", summer) == "2026-11-24 18:00"
    assert due("2026-11-23 11:00", "2wh", summer) == "2026-11-23 16:00"
    assert str(summer) == "08:00-12:00, 15:00-18:00"


def test_a_due_in_utc_is_the_same_instant() -> None:
    from datetime import UTC

    local = at("2026-11-24 00:30")  # still 23 November in UTC
    assert CALENDAR.due(local.astimezone(UTC), Limit.parse("1wd"), HOURS) == CALENDAR.due(
        local, Limit.parse("1wd"), HOURS
    )


def test_a_year_nobody_published_is_counted_provisionally() -> None:
    within = CALENDAR.due(at("2026-12-28 09:00"), Limit.parse("2wd"), HOURS)
    across = CALENDAR.due(at("2026-12-28 09:00"), Limit.parse("7wd"), HOURS)
    assert not within.provisional
    assert across.provisional
    assert f"{across.at:%Y-%m-%d}" == "2027-01-07"  # 29, 30, 31 December, then 4 to 7 January
    assert CALENDAR.is_provisional(date(2027, 3, 1))
    assert not CALENDAR.is_provisional(date(2026, 3, 1))


@pytest.mark.parametrize(
    "day",
    ["2027-01-01", "2027-02-05", "2027-02-08", "2027-04-05", "2027-06-09", "2027-09-15", "2031-01-22", "2033-06-01"],
)
def test_statutory_holidays_are_off_in_provisional_years(day: str) -> None:
    assert date.fromisoformat(day).weekday() < 5
    assert not CALENDAR.is_working_day(date.fromisoformat(day))


def test_the_statutory_year_has_thirteen_days_wherever_the_moon_is_known() -> None:
    for number in range(2027, 2036):
        overlap = 1 if number in (2028, 2031) else 0  # Mid-Autumn falls into the National Day
        assert len(holidays.provisional(number).holidays) == 13 - overlap, number


def test_provisional_rule_is_borne_out_by_published_years() -> None:
    """The fixed days of the rule are days off in 2025 and 2026 as they were published."""
    for number in (2025, 2026):
        for day in holidays.provisional(number).holidays:
            assert not CALENDAR.is_working_day(day), day


def test_a_year_beyond_the_table_still_counts() -> None:
    assert due("2050-01-03 09:00", "1wd") == "2050-01-04 17:30"
    assert not CALENDAR.is_working_day(date(2050, 10, 3))


@pytest.mark.parametrize(
    ("start", "limit", "warning"),
    [
        ("2026-11-23 17:30", "1wd", "2026-11-24 12:00"),  # half of 7 working hours
        ("2026-11-23 17:30", "2wd", "2026-11-24 17:30"),
        ("2026-11-23 17:30", "3wd", "2026-11-25 17:30"),  # one working day left comes before 80 %
        ("2026-11-20 17:30", "5wd", "2026-11-26 17:30"),  # both at once
        ("2026-11-20 17:30", "10wd", "2026-12-02 17:30"),  # 80 % comes before one working day left
        ("2026-11-23 08:30", "4wh", "2026-11-23 10:30"),
        ("2026-11-23 23:00", "30min", "2026-11-23 23:15"),
    ],
)
def test_yellow(start: str, limit: str, warning: str) -> None:
    parsed = Limit.parse(limit)
    end = CALENDAR.due(at(start), parsed, HOURS).at
    assert f"{CALENDAR.warn_at(at(start), end, parsed, HOURS):%Y-%m-%d %H:%M}" == warning


@pytest.mark.parametrize(
    ("now", "end", "left"),
    [
        ("2026-11-23 09:00", "2026-11-25 17:30", Left(LeftUnit.WORKING_DAYS, 2, late=False)),
        ("2026-11-20 09:00", "2026-11-23 17:30", Left(LeftUnit.WORKING_DAYS, 1, late=False)),
        ("2026-11-23 09:00", "2026-11-23 17:30", Left(LeftUnit.TODAY, 0, late=False)),
        ("2026-11-23 17:05", "2026-11-23 17:30", Left(LeftUnit.MINUTES, 25, late=False)),
        ("2026-11-20 22:00", "2026-11-21 10:00", Left(LeftUnit.HOURS, 12, late=False)),  # a Saturday
        ("2026-11-23 17:40", "2026-11-23 17:30", Left(LeftUnit.MINUTES, 10, late=True)),
        ("2026-11-23 20:45", "2026-11-23 17:30", Left(LeftUnit.HOURS, 3, late=True)),
        ("2026-11-21 12:00", "2026-11-20 17:30", Left(LeftUnit.HOURS, 18, late=True)),  # no working day since
        ("2026-11-24 07:30", "2026-11-23 17:30", Left(LeftUnit.HOURS, 14, late=True)),  # before opening
        ("2026-11-24 08:30", "2026-11-23 17:30", Left(LeftUnit.WORKING_DAYS, 1, late=True)),
        ("2026-11-24 20:00", "2026-11-20 17:30", Left(LeftUnit.WORKING_DAYS, 2, late=True)),  # today counted
    ],
)
def test_what_is_left_or_late_in_the_words_of_the_page(now: str, end: str, left: Left) -> None:
    assert CALENDAR.remaining(at(now), at(end), HOURS) == left


def test_working_days_between_counts_the_end_and_not_the_start() -> None:
    assert CALENDAR.working_days_between(date(2026, 2, 13), date(2026, 2, 28)) == 6  # 14, 24–28 February
    assert CALENDAR.working_days_between(date(2026, 2, 28), date(2026, 2, 13)) == 0


@pytest.mark.parametrize("written", ["", "7", "wd", "7 wd", "-1wd", "0wh", "0cd", "0min", "1h", "1.5wd", "12345wd"])
def test_what_is_no_limit_is_refused_with_an_example(written: str) -> None:
    with pytest.raises(ValueError, match="7wd"):
        Limit.parse(written)


@pytest.mark.parametrize("written", ["08:30", "12:00-08:30", "08:30-12:00, 11:00-17:00", ""])
def test_office_hours_that_overlap_or_run_backwards_are_refused(written: str) -> None:
    with pytest.raises(ValueError):
        OfficeHours.parse(written)


LIMITS = st.builds(
    Limit, st.integers(1, 90), st.sampled_from([Unit.WORKING_DAYS, Unit.WORKING_HOURS, Unit.CALENDAR_DAYS])
) | st.builds(Limit, st.integers(1, 3000), st.just(Unit.MINUTES))
STARTS = st.datetimes(datetime(2025, 1, 1), datetime(2036, 6, 1)).map(  # noqa: DTZ001
    lambda start: start.replace(tzinfo=INSTITUTION_ZONE)
)


@given(STARTS, LIMITS)
def test_a_limit_ends_after_its_start_and_warns_between(start: datetime, limit: Limit) -> None:
    end = CALENDAR.due(start, limit, HOURS).at
    assert end > start
    assert start < CALENDAR.warn_at(start, end, limit, HOURS) < end
    assert Limit.parse(str(limit)) == limit
    if limit.unit is not Unit.MINUTES:
        assert CALENDAR.is_working_day(end.date())
        assert time(8, 30) < end.time() <= time(17, 30)


@given(STARTS, st.integers(1, 60))
def test_a_limit_in_working_days_agrees_with_counting_them(start: datetime, amount: int) -> None:
    end = CALENDAR.due(start, Limit(amount, Unit.WORKING_DAYS), HOURS).at
    assert CALENDAR.working_days_between(start.date(), end.date()) == amount
    assert end - start > timedelta(hours=amount)
