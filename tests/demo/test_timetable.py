"""Moments of the demo lie in office hours and on working days, and a day gives the same moments again."""

from __future__ import annotations

from datetime import date, datetime
from random import Random

from shuoshi.demo.build import _starts
from shuoshi.demo.stories import voices
from shuoshi.demo.timetable import Timetable
from shuoshi.kernel import holidays
from shuoshi.kernel.calendar import WorkingCalendar
from shuoshi.kernel.clock import INSTITUTION_ZONE


def _times(seed: int = 1) -> Timetable:
    return Timetable(WorkingCalendar(holidays.published()), Random(seed))


def test_work_goes_on_after_lunch_and_after_the_weekend() -> None:
    times = _times()
    friday_noon = datetime(2026, 11, 20, 11, 50, tzinfo=INSTITUTION_ZONE)
    assert times.after(friday_noon, 30) == datetime(2026, 11, 20, 14, 20, tzinfo=INSTITUTION_ZONE)
    assert times.after(friday_noon, 240) == datetime(2026, 11, 23, 8, 50, tzinfo=INSTITUTION_ZONE)


def test_the_same_day_hears_the_same_voices_at_the_same_moments() -> None:
    days = _times().working_days_back(date(2026, 11, 20), 126)

    def heard(seed: int) -> list[tuple[str, datetime]]:
        dice = Random(seed)
        times = Timetable(WorkingCalendar(holidays.published()), dice)
        return [(voice.title, start) for voice, start in _starts(voices(), days, times, dice)]

    assert heard(5) == heard(5)
    assert heard(5) != heard(6)
    assert all(start.date() >= days[0] for _title, start in heard(5))
    assert len({start.date() for _title, start in heard(5)}) > 80, "spread over the half year"
