"""Wherever one may go, by a few signs: behind Ctrl+K, and as a page for whoever has no script.

What is typed is posted, for it may be somebody's telephone. Everything that is found was asked through `visible_to`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.db.models import Q
from django.http import HttpResponse
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _

from shuoshi.desk import forms, kept_lists, recent, rights, words
from shuoshi.desk.frame import DeskRequest, quiet
from shuoshi.desk.initials import fits
from shuoshi.desk.views.settings.institution import doors
from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.web import PageData, page, show, staff
from shuoshi.kernel.web.navigation import Entry, Group, links_for
from shuoshi.listing import queries as listing
from shuoshi.matters import workflow
from shuoshi.matters.models import Matter
from shuoshi.matters.queries import by_number, queues
from shuoshi.matters.queries.several import cases
from shuoshi.matters.scope import visible_to

_LONGEST = 100  # characters


@dataclass(frozen=True)
class Finding:
    """What somebody looks for: the signs they typed, and the number of the matter that is open beneath."""

    typed: str
    at: str = ""


@dataclass(frozen=True)
class EverythingPage(PageData):
    template: ClassVar[str] = "desk/everything.html"
    typed: str
    groups: Sequence[Group]


@dataclass(frozen=True)
class FoundPage(PageData):
    """The part of the page that the palette shows."""

    template: ClassVar[str] = "desk/_everything.html"
    groups: Sequence[Group]


@page(access=staff)
def everything(request: DeskRequest) -> HttpResponse:
    """All doors as links; POST those that fit what was typed, and matters by their number."""
    finding = Finding(request.POST.get("q", "").strip()[:_LONGEST])
    return show(request, EverythingPage(typed=finding.typed, groups=_groups(request, finding)))


@page(access=quiet, methods=("POST",))
def found(request: DeskRequest) -> HttpResponse:
    """The same for the palette. Seven statements at most, whatever is typed."""
    typed, at = request.POST.get("q", "").strip()[:_LONGEST], _number_at(request.POST.get("at", ""))
    return show(request, FoundPage(groups=_groups(request, Finding(typed, at))))


def _groups(request: DeskRequest, finding: Finding) -> list[Group]:
    """Those with something in them, what is nearest first."""
    actor = request.actor
    keys = recent.keys(request)
    known = list(
        visible_to(actor).select_related("round").filter(Q(pk__in=keys) | Q(number=finding.at))
        if keys or finding.at
        else ()
    )
    opened = sorted((one for one in known if one.pk in keys), key=lambda one: keys.index(one.pk))
    here = next((one for one in known if one.number == finding.at), None)
    found = [
        Group(_("按编号"), tuple(_matter(one) for one in by_number(actor, finding.typed))),
        _fitting(_("这一件"), _deeds(actor, here), finding),
        _fitting(_("最近打开的"), (_matter(one) for one in opened if one != here), finding),
        _fitting(_("常用视图"), _views(actor), finding),
        *(_fitting(label, entries, finding) for label, entries in _doors(actor)),
    ]
    return [group for group in found if group.entries]


def _fitting(label: str, entries: Iterable[Entry], finding: Finding) -> Group:
    return Group(label, tuple(one for one in entries if not finding.typed or fits(finding.typed, one.label)))


def _doors(actor: Actor) -> list[tuple[str, list[Entry]]]:
    """Pages that are there for everybody, or for one's duty. No statement."""
    seven = [queue for queue in queues.QUEUES.values() if not queue.attention]
    keys = {queue.name: f"Alt+{place}" for place, queue in enumerate(seven, start=1)}
    lists = [
        Entry(str(one.label), reverse("desk:queue", args=[one.name]), keys=keys.get(one.name, ""))
        for one in queues.QUEUES.values()
    ]
    mine = (
        (_("我的账号"), "desk:me"),
        (_("我的草稿"), "desk:drafts"),
        (_("常用语"), "desk:phrases"),
        (_("改密码"), "desk:password"),
        (_("我看过谁的完整信息"), "desk:looks"),
        (_("管理常用视图"), "desk:views"),
    )
    return [
        (_("登记"), [Entry(_("登记一件事"), reverse("desk:register"))]),
        (_("队列"), lists),
        (_("本单位"), list(links_for(actor))),
        (_("我自己"), [Entry(label, reverse(name)) for label, name in mine]),
        (_("设置"), [Entry(one.label, one.url) for one in doors(marked=False)] if rights.administers(actor) else []),
    ]


def _views(actor: Actor) -> Iterable[Entry]:
    for view in listing.seen_by(actor):
        if kept_lists.place(actor, view.place) is not None:
            yield Entry(str(view.name), reverse("desk:view", args=[view.pk]))


def _matter(matter: Matter) -> Entry:
    label = _("%(title)s · %(number)s") % {"title": words.title(matter), "number": matter.number}
    return Entry(label, reverse("desk:matter", args=[matter.number]))


def _deeds(actor: Actor, matter: Matter | None) -> Iterable[Entry]:
    """What this person may do now with the matter that is open."""
    case = next(iter(cases(actor, [matter.pk], clock.now())), None) if matter is not None else None
    for offer in workflow.offers(case) if case is not None else ():
        if offer.allowed and forms.of(offer.action):
            yield Entry(offer.label, reverse("desk:act", args=[case.matter.number, offer.action]))  # type: ignore[union-attr]  # no offers without a case


def _number_at(path: str) -> str:
    """The number of the matter whose page this address is; "" for any other."""
    try:
        return str(resolve(path).kwargs.get("number", "")) if path.startswith("/desk/matters/") else ""
    except Resolver404:
        return ""
