"""When something was said, as other systems write it."""

from __future__ import annotations

from datetime import date, datetime, time
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
)
_CLOCKS = ("", " %I:%M:%S %p", " %H:%M:%S", " %H:%M", " %I:%M %p")
_FORMS = {
    Order.YEAR_FIRST: _YEAR_FIRST,
    Order.MONTH_FIRST: tuple(f"%m/%d/%Y{hours}" for hours in _CLOCKS),
    Order.DAY_FIRST: tuple(f"%d/%m/%Y{hours}" for hours in _CLOCKS),
}


def moment(text: str, order: Order = Order.YEAR_FIRST) -> datetime | None:
    """When it was said; None where nothing is written. A day alone is its noon. Raises ValueError."""
    if not text:
        return None
    at = _read(text, order)
    if at.tzinfo is None:
        at = at.replace(tzinfo=clock.INSTITUTION_ZONE)
    if at > clock.now():
        raise ValueError(_("时间“%(text)s”还没有到。") % {"text": text})
    if at.year < EARLIEST:
        raise ValueError(_("时间“%(text)s”太早，请核对年份。") % {"text": text})
    return at


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


def _read(text: str, order: Order) -> datetime:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        pass
    else:
        return datetime.combine(day, time(12))
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        for form in _FORMS[order]:
            try:
                at = datetime.strptime(text, form).replace(tzinfo=clock.INSTITUTION_ZONE)
            except ValueError:
                continue
            return at if ("%H" in form or "%I" in form) else at.replace(hour=12)
    raise ValueError(_("时间“%(text)s”没有认出来，应像 2026-11-23 09:30。") % {"text": text[:30]})
