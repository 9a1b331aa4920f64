"""When something was said, as other systems write it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from enum import StrEnum

from django.utils.translation import gettext as _

from shuoshi.kernel import clock

EARLIEST = 1900


class Order(StrEnum):
    """How a day is written where year, month and day are only numbers."""

    YEAR_FIRST = "ymd"
    MONTH_FIRST = "mdy"
    DAY_FIRST = "dmy"


_YEAR_FIRST = (
    "%Y-%m-%d %H:%M",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y/%m/%d",
    "%Y年%m月%d日 %H:%M:%S",
    "%Y年%m月%d日 %H:%M",
    "%Y年%m月%d日",
    "%Y.%m.%d",
    "%Y%m%d%H%M%S",
    "%Y%m%d%H%M",
)
_DIGITS = {"%Y%m%d%H%M%S": 14, "%Y%m%d%H%M": 12}
_CLOCKS = ("", " %I:%M:%S %p", " %H:%M:%S", " %H:%M", " %I:%M %p")
_FORMS = {
    Order.YEAR_FIRST: _YEAR_FIRST,
    Order.MONTH_FIRST: tuple(f"%m/%d/%Y{hours}" for hours in _CLOCKS),
    Order.DAY_FIRST: tuple(f"%d/%m/%Y{hours}" for hours in _CLOCKS),
}


def moment(text: str, order: Order = Order.YEAR_FIRST) -> datetime | None:
    """When it was said; None where nothing is written. A day alone is its noon, today not later than now. Raises ValueError."""
    if not text:
        return None
    (at, whole_day), now = _aware(text, order), clock.now()
    if whole_day and at.date() == clock.local(now).date():
        return min(at, now)
    if at > now:
        raise ValueError(_("时间“%(text)s”还没有到。") % {"text": text})
    if at.year < EARLIEST:
        raise ValueError(_("时间“%(text)s”太早，请核对年份。") % {"text": text})
    return at


def plain(text: str, order: Order = Order.YEAR_FIRST) -> str:
    """The same for one moment however it is written: its day, or its minute; what is no moment as it stands."""
    try:
        at, whole_day = _aware(text, order)
    except (ValueError, OverflowError):
        return text
    return at.date().isoformat() if whole_day else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")


def likely_order(texts: list[str]) -> Order:
    """How these days are probably written: a first number above 12 is a day, a second one too."""
    for text in texts:
        parts = text.strip().split(" ")[0].split("/")
        if len(parts) != 3 or len(parts[0]) == 4 or not all(part.isdecimal() for part in parts):
            continue
        if int(parts[0]) > 12:
            return Order.DAY_FIRST
        if int(parts[1]) > 12:
            return Order.MONTH_FIRST
    return Order.YEAR_FIRST


def _aware(text: str, order: Order) -> tuple[datetime, bool]:
    at, whole_day = _read(text, order)
    return (at if at.tzinfo is not None else at.replace(tzinfo=clock.INSTITUTION_ZONE)), whole_day


def _read(text: str, order: Order) -> tuple[datetime, bool]:
    """The moment, and whether only its day is written."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        pass
    else:
        return datetime.combine(day, time(12)), True
    try:
        return datetime.fromisoformat(text), False
    except ValueError:
        for form in _FORMS[order]:
            if len(text) != _DIGITS.get(form, len(text)):
                continue  # strptime takes one digit for two
            try:
                at = datetime.strptime(text, form).replace(tzinfo=clock.INSTITUTION_ZONE)
            except ValueError:
                continue
            timed = "%H" in form or "%I" in form
            return (at, False) if timed else (at.replace(hour=12), True)
    raise ValueError(_("时间“%(text)s”没有认出来，应像 2026-11-23 09:30。") % {"text": text[:30]})
