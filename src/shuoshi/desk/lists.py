"""The lists behind the figures of the overview, each by the same condition as its figure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shuoshi.desk import filters
from shuoshi.desk.frame import DeskRequest
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.clocks import Outcome
from shuoshi.kernel.web import Page
from shuoshi.matters.models import Deadline, Matter, Rating
from shuoshi.matters.queries import queues, search_matters, visible_to
from shuoshi.matters.queries.counting import last_of_its_round, that_count
from shuoshi.matters.queries.overview import ENOUGH, MONTH, Figure, aged, reprinted
from shuoshi.matters.vocabulary import OPEN, Channel, DeadlineKind, Satisfaction
from shuoshi.organization import profile


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
    return Share(f"{round(figure.n * 100 / whole)}%", f"{figure.n}/{whole}" if whole < 30 else "")


def category_name(code: str) -> str:
    try:
        return str(profile.current().category(code))
    except KeyError:
        return code


def channel_name(code: str) -> str:
    return str(Channel(code).label)


def narrowed(request: DeskRequest, matters: QuerySet[Matter], bar: filters.Bar) -> tuple[Page[Matter], str | Promise]:
    """A page of a list as its bar narrows it, and what was searched where something was typed."""
    after = request.GET.get("after", "")
    if not bar.typed:
        return queues.rows(matters, bar.filters, after), ""
    found = search_matters(request.actor, bar.typed, bar.filters, after, among=matters)
    return found.page, filters.SAID[found.by]


def _open(actor: Actor, now: datetime) -> QuerySet[Matter]:
    return visible_to(actor).filter(status__in=OPEN)


def _over(actor: Actor, now: datetime) -> QuerySet[Matter]:
    return _open(actor, now).filter(next_due_at__lt=now)


def _on_time(actor: Actor, now: datetime) -> QuerySet[Matter]:
    due = Deadline.objects.filter(kind=DeadlineKind.COMPLETION, due_at__gte=now - MONTH, due_at__lt=now)
    met = that_count(due).filter(outcome=Outcome.MET)
    return visible_to(actor).filter(pk__in=met.values("matter"))


def _satisfied(actor: Actor, now: datetime) -> QuerySet[Matter]:
    good = last_of_its_round(Rating.objects.all(), now - MONTH).filter(result__gte=Satisfaction.FAIR)
    return visible_to(actor).filter(pk__in=good.values("matter"))


def _recent(actor: Actor, now: datetime) -> QuerySet[Matter]:
    return visible_to(actor).filter(registered_at__gte=now - MONTH)


def _aged(place: int) -> Callable[[Actor, datetime], QuerySet[Matter]]:
    return lambda actor, now: visible_to(actor).filter(aged(place, now))


def _reprinted(actor: Actor, now: datetime) -> QuerySet[Matter]:
    return visible_to(actor).filter(reprinted(now))


AGES = (_("3 天以内"), _("4 到 15 天"), _("16 到 30 天"), _("30 天以上"))
LISTS = {
    "open": Listed(_("没有办结的事"), _open),
    "over": Listed(_("已经超期的事"), _over),
    "due": Listed(_("近 30 天按时答复的事"), _on_time),
    "rated": Listed(_("近 30 天评价满意的事"), _satisfied),
    "recent": Listed(_("近 30 天登记的事"), _recent),
    "reprinted": Listed(_("近 30 天登记、回执印过不止一次的事"), _reprinted),
    **{f"age-{place}": Listed(label, _aged(place)) for place, label in enumerate(AGES)},
}
