"""Tags and filters of every page: icons, clocks in words, days and moments. State labels belong to matters' faces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django import template
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from shuoshi.kernel import calendars
from shuoshi.kernel import clock as clocks_now
from shuoshi.kernel.calendar import Left, LeftUnit, Limit, OfficeHours

register = template.Library()

_WEEKDAYS = ("一", "二", "三", "四", "五", "六", "日")
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    """A drawing from the sprite. Decoration: words stand beside it."""
    return _drawing(name, classes)


@lru_cache(maxsize=512)
def _drawing(name: str, classes: str) -> SafeString:
    """A page has a hundred of them, and finding the sprite's address takes longer than all the rest."""
    return format_html(
        '<svg class="i{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        f" {classes}" if classes else "",
        static("shuoshi/icons.svg"),
        name,
    )


@dataclass(frozen=True)
class Face:
    """A clock as it is drawn: tone safe, near, over or stop; the words; the absolute time beneath."""

    tone: str
    icon: str
    words: str
    due_at: datetime
    minutes: str = ""  # "before" or "after" where a script may renew the words each minute


@register.simple_tag
def clock(deadline: Any, hours: OfficeHours | None = None, stopped: str = "") -> SafeString:
    """The clock chip of an open promise. `deadline` needs due_at, and for yellow also started_at and limit.

    `stopped` are the words of a clock that does not run (暂停计时); then only they are drawn.
    """
    return chip(None if deadline is None else face_of(deadline, hours or OfficeHours(), stopped))


def chip(face: Face | None) -> SafeString:
    """A face as it is drawn, the moment beside it; nothing where there is none. No template: a list has fifty."""
    if face is None:
        return SafeString("")
    left = format_html(' data-left="{}"', _("还剩 {n} 分钟")) if face.minutes == "before" else ""
    over = format_html(' data-over="{}"', _("已超 {n} 分钟")) if face.minutes else ""
    return format_html(
        '<span class="clock" data-clock="{}">{}<time datetime="{}"{}{}>{}</time></span> <span class="abs">{}</span>',
        face.tone,
        icon(face.icon),
        clocks_now.local(face.due_at).isoformat(),
        left,
        over,
        face.words,
        moment(face.due_at),
    )


def face_of(deadline: Any, hours: OfficeHours, stopped: str = "") -> Face:
    """How this clock looks now. No SQL beyond the calendar, which a thread keeps for some seconds."""
    now, due = clocks_now.now(), deadline.due_at
    if stopped:
        return Face("stop", "c-stop", stopped, due)
    calendar = calendars.load()
    left = calendar.remaining(now, due, hours)
    minutes = "" if left.unit is not LeftUnit.MINUTES else "after" if left.late else "before"
    if left.late:
        return Face("over", "c-over", words_of(left, due), due, minutes)
    near = _is_near(deadline, now, hours)
    return Face("near" if near else "safe", "c-near" if near else "c-safe", words_of(left, due), due, minutes)


def words_of(left: Left, due: datetime) -> str:
    """还剩 2 个工作日, 今天 17:00 前, 还剩 25 分钟; 已超 3 小时, 已超 2 个工作日 (ux.md §7)."""
    n = {"n": left.amount}
    if left.unit is LeftUnit.TODAY:
        return _("今天 %(time)s 前") % {"time": f"{clocks_now.local(due):%H:%M}"}
    if left.late:
        late = {
            LeftUnit.WORKING_DAYS: ngettext("已超 %(n)d 个工作日", "已超 %(n)d 个工作日", left.amount),
            LeftUnit.HOURS: _("已超 %(n)d 小时"),
            LeftUnit.MINUTES: _("已超 %(n)d 分钟"),
        }
        return late[left.unit] % n
    rest = {
        LeftUnit.WORKING_DAYS: ngettext("还剩 %(n)d 个工作日", "还剩 %(n)d 个工作日", left.amount),
        LeftUnit.HOURS: _("还剩 %(n)d 小时"),
        LeftUnit.MINUTES: _("还剩 %(n)d 分钟"),
    }
    return rest[left.unit] % n


@register.filter
def day(value: datetime | date | None, style: str = "") -> str:
    """11月26日（周四）; the year only if another; "short" leaves the weekday out. None gives nothing.

    "full", for paper that is read in other years: 2026年11月26日.
    """
    if value is None:
        return ""
    on = clocks_now.local(value).date() if isinstance(value, datetime) else value
    other_year = style == "full" or on.year != clocks_now.local(clocks_now.now()).year
    if (translation.get_language() or "").startswith("en"):
        text = f"{on.day} {_MONTHS_EN[on.month - 1]}" + (f" {on.year}" if other_year else "")
        return text if style in ("short", "full") else f"{_WEEKDAYS_EN[on.weekday()]} {text}"
    text = (f"{on.year}年" if other_year else "") + f"{on.month}月{on.day}日"
    if style in ("short", "full"):
        return text
    week = "週" if translation.get_language() == "zh-hant" else "周"
    return f"{text}（{week}{_WEEKDAYS[on.weekday()]}）"


@register.filter
def moment(value: datetime | None, style: str = "") -> str:
    """11月26日（周四）17:00; with "short" 11月26日 17:00, with "full" 2026年11月26日 17:00."""
    if value is None:
        return ""
    gap = " " if style or (translation.get_language() or "").startswith("en") else ""
    return f"{day(value, style)}{gap}{clocks_now.local(value):%H:%M}"


@register.filter
def limit(value: str | Limit | None) -> str:
    """7wd → 7 个工作日, 60cd → 60 日, 4wh → 4 个工作小时, 30min → 30 分钟."""
    if not value:
        return ""
    parsed = value if isinstance(value, Limit) else Limit.parse(value)
    if parsed.unit == "wd" and parsed.amount == 0:
        return pgettext("limit", "当天")
    if parsed.unit == "min" and parsed.amount >= 120 and parsed.amount % 60 == 0:
        return _("%(n)d 小时") % {"n": parsed.amount // 60}
    n = parsed.amount
    words = {
        "wd": ngettext("%(n)d 个工作日", "%(n)d 个工作日", n),
        "wh": ngettext("%(n)d 个工作小时", "%(n)d 个工作小时", n),
        "cd": ngettext("%(n)d 日", "%(n)d 日", n),
        "min": _("%(n)d 分钟"),
    }
    return words[parsed.unit.value] % {"n": n}


@register.filter
def lasting(seconds: int) -> str:
    """How long a recording is: 42 秒, 1 分 05 秒."""
    minutes, rest = divmod(int(seconds), 60)
    if not minutes:
        return _("%(n)d 秒") % {"n": rest}
    return _("%(minutes)d 分 %(seconds)02d 秒") % {"minutes": minutes, "seconds": rest}


@register.filter
def of_language(words: dict[str, str]) -> str:
    """Words kept in three languages, in the language of the page."""
    language = (translation.get_language() or "zh-hans").lower()
    return words["en" if language.startswith("en") else "zh-Hant" if "hant" in language else "zh-Hans"]


@register.filter
def tel(value: str | None) -> str:
    """The digits of a number, for tel: links."""
    return "".join(character for character in (value or "") if character.isdigit() or character == "+")


@register.simple_tag(takes_context=True)
def here(context: template.Context, **changes: object) -> str:
    """This address with parameters changed; an empty value takes one away. For filters, pages and languages."""
    request: HttpRequest = context["request"]
    query = {name: value for name, value in request.GET.items() if name not in changes}
    query |= {name: str(value) for name, value in changes.items() if value not in (None, "")}
    return request.path + (f"?{urlencode(query)}" if query else "")


def _is_near(deadline: Any, now: datetime, hours: OfficeHours) -> bool:
    started, written = getattr(deadline, "started_at", None), getattr(deadline, "limit", "")
    if started is None:
        return False
    if not written:  # a date was ordered: four fifths of the way
        return bool(now >= started + (deadline.due_at - started) * 4 / 5)
    return now >= calendars.load().warn_at(started, deadline.due_at, Limit.parse(written), hours)
