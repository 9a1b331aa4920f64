"""The calendar of this institution: years from the library, overruled by years entered here. Counting: calendar."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterable
from datetime import date

from django.db import models, transaction
from django.utils.translation import gettext as _

from shuoshi.kernel import clock, holidays
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.calendar import WorkingCalendar, Year
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.history import History
from shuoshi.kernel.refusal import Refused

_FRESH = 10.0  # seconds for which a thread trusts what it read
_MOST_OFF = (
    60  # days of a year; the State Council publishes some thirty, a region adds a few: more only moves deadlines
)
_kept = threading.local()


class CalendarYear(models.Model):
    """A year as it was entered from the State Council's notice."""

    history = History.PROJECTION
    year = models.PositiveSmallIntegerField(primary_key=True)
    official = models.BooleanField(default=True)
    holidays = models.TextField()  # JSON list of ISO dates: days off, weekends within a holiday included
    makeup = models.TextField()  # JSON list of ISO dates: Saturdays and Sundays that are worked


def load() -> WorkingCalendar:
    """The calendar as it stands. One statement; a thread keeps it for some seconds."""
    read_at, calendar = getattr(_kept, "calendar", (0.0, None))
    if calendar is None or time.monotonic() - read_at > _FRESH:
        calendar = WorkingCalendar(
            holidays.published() | {row.year: _as_year(row) for row in CalendarYear.objects.all()}
        )
        _kept.calendar = (time.monotonic(), calendar)
    return calendar


def forget() -> None:
    """Read anew at the next `load` of this thread."""
    _kept.calendar = (0.0, None)


def make_official(year: int, days_off: Iterable[date], makeup: Iterable[date], *, actor: Actor) -> CalendarYear:
    """Enter the published calendar of a year; clocks that counted on a guess are counted anew by the worker.

    `makeup` are the Saturdays and Sundays that are worked. Raises Refused when the days cannot be right. The event
    stands in the stream calendar:<year>.
    """
    now = clock.now()
    off, worked = sorted(set(days_off)), sorted(set(makeup))
    _check(year, off, worked)
    values = {"official": True, "holidays": _as_json(off), "makeup": _as_json(worked)}
    with transaction.atomic():
        story = Story(Stream("calendar", str(year)), "make_year_official", by=actor, at=now)
        row = CalendarYear.objects.select_for_update().filter(pk=year).first()
        row = story.change(row, **values) if row else story.add(CalendarYear(year=year, **values))
        story.tell()
    forget()
    return row


def _check(year: int, off: list[date], worked: list[date]) -> None:
    strangers = [day for day in off + worked if day.year != year]
    if strangers:
        raise Refused("calendar_other_year", _("%(day)s 不在 %(year)s 年。") % {"day": strangers[0], "year": year})
    weekdays = [day for day in worked if day.weekday() < 5]
    if weekdays:
        raise Refused("calendar_makeup_weekday", _("%(day)s 不是周末，不能设为调休上班日。") % {"day": weekdays[0]})
    both = sorted(set(off) & set(worked))
    if both:
        raise Refused("calendar_both", _("%(day)s 不能既放假又上班。") % {"day": both[0]})
    if len(off) > _MOST_OFF:
        raise Refused(
            "calendar_too_many", _("一年放假最多 %(most)d 天，现在是 %(n)d 天。") % {"most": _MOST_OFF, "n": len(off)}
        )
    if not off:
        raise Refused("calendar_empty", _("请填写 %(year)s 年的放假日期。") % {"year": year})


def _as_json(days: list[date]) -> str:
    return json.dumps([day.isoformat() for day in days])


def _as_year(row: CalendarYear) -> Year:
    def days(written: str) -> frozenset[date]:
        return frozenset(date.fromisoformat(day) for day in json.loads(written))

    return Year(row.year, row.official, days(row.holidays), days(row.makeup))
