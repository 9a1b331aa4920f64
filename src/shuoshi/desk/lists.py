"""The lists behind the figures of the overview, in words; what is in each, matters.queries.overview says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db.models import QuerySet
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.desk import filters
from shuoshi.desk.frame import DeskRequest
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.web import Page
from shuoshi.matters.models import Matter
from shuoshi.matters.queries import queues, search_matters
from shuoshi.matters.queries.find import SearchedBy
from shuoshi.matters.queries.overview import (
    ENOUGH,
    Figure,
    answered_on_time,
    contradicted,
    ended_as,
    in_the_weeks,
    late_work,
    looked_at,
    of_age,
    overdue,
    printed_again,
    recent,
    satisfied,
    unfinished,
)
from shuoshi.matters.vocabulary import Channel, Exit


@dataclass(frozen=True)
class Listed:
    label: str | Promise
    matters: Callable[[Actor, datetime], QuerySet[Matter]]


@dataclass(frozen=True)
class Share:
    """A rate as it may be said: percent without decimals, with the count below 30; 样本不足 below 5; — at none."""

    words: str
    counts: str


def share(figure: Figure) -> Share:
    whole = figure.of or 0
    if whole == 0:
        return Share("—", "")
    if whole < ENOUGH:
        return Share(str(_("样本不足")), f"{figure.n}/{whole}")
    percent = round(figure.n * 100 / whole)
    if 0 < figure.n < whole:  # neither all nor none may be rounded to
        percent = min(max(percent, 1), 99)
    return Share(f"{percent}%", f"{figure.n}/{whole}" if whole < 30 else "")


def channel_name(code: str) -> str:
    return str(Channel(code).label)


def exit_name(code: str) -> str:
    return str(Exit(code).label)


@dataclass(frozen=True)
class Narrowed:
    """A page of a list as its bar narrows it, what was searched where something was typed, and the words to mark."""

    rows: Page[Matter]
    said: str | Promise = ""
    marked: str = ""


def narrowed(request: DeskRequest, matters: QuerySet[Matter], bar: filters.Bar) -> Narrowed:
    after = request.GET.get("after", "")
    if not bar.typed:
        return Narrowed(queues.rows(matters, bar.filters, after))
    found = search_matters(request.actor, bar.typed, bar.filters, after, among=matters)
    return Narrowed(found.page, filters.SAID[found.by], to_mark(found.by, bar.typed))


def to_mark(by: SearchedBy, typed: str) -> str:
    """What was typed, where it was looked for in titles and texts: a number somebody gave is no word of them."""
    return typed if by in (SearchedBy.WORDS, SearchedBy.TAIL) else ""


def _ended(exit_: Exit) -> str:
    return _now("近 30 天办结的事：%(exit)s") % {"exit": exit_.label}


_ended_lazily = lazy(_ended, str)


AGES = (_("3 天以内"), _("4 到 15 天"), _("16 到 30 天"), _("30 天以上"))
LISTS = {
    "open": Listed(_("没有办结的事"), unfinished),
    "over": Listed(_("已经超期的事"), overdue),
    "late": Listed(_("单位超期没有答复的事"), late_work),
    "due": Listed(_("近 30 天按时答复的事"), answered_on_time),
    "rated": Listed(_("近 30 天评价满意的事"), satisfied),
    "recent": Listed(_("近 30 天登记的事"), recent),
    "weeks": Listed(_("近 12 周登记的事"), in_the_weeks),
    "reprinted": Listed(_("近 30 天登记、回执印过不止一次的事"), printed_again),
    "looked-at": Listed(_("近 30 天办结、抽查回访过的事"), looked_at),
    "contradicted": Listed(_("近 30 天办结、抽查和记录不一样的事"), contradicted),
    **{
        f"ended-{one.value}": Listed(_ended_lazily(one), partial(ended_as, one.value))
        for one in Exit
        if one != Exit.DRILL
    },
    **{f"age-{place}": Listed(label, partial(of_age, place)) for place, label in enumerate(AGES)},
}
