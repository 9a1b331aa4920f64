"""Lists on the desk: how a rate is said, and a list as its bar narrows it. Which lists there are, queries.figures says."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shuoshi.desk import filters
from shuoshi.desk.frame import DeskRequest
from shuoshi.kernel.web import Page
from shuoshi.matters.models import Matter
from shuoshi.matters.queries import queues, search_matters
from shuoshi.matters.queries.figures import AGES, LISTS
from shuoshi.matters.queries.find import SearchedBy
from shuoshi.matters.queries.overview import ENOUGH, Figure
from shuoshi.matters.vocabulary import Channel, Exit

__all__ = ["AGES", "LISTS", "Narrowed", "Share", "channel_name", "exit_name", "narrowed", "share", "to_mark"]


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
