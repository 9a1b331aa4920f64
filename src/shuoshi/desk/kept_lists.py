"""Lists kept under a name (常用视图): which lists there are, where a kept one leads, and the row of them above a list.

What was kept is a list of known parameters and nothing else: what its list does not know any more is dropped and said,
here what has no place in it, on the list itself what has no such value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuoshi.desk import filters, lists, rights
from shuoshi.desk.frame import DeskRequest
from shuoshi.kernel.actors import Actor
from shuoshi.listing import queries as listing
from shuoshi.listing.models import KeptView
from shuoshi.matters.queries import queues

PLAIN = "all"  # in an address: the list as it is, although one kept another to begin with
_LEDGER = "ledger."


@dataclass(frozen=True)
class Place:
    """A list that can be kept narrowed: its name in rows, its words, its address, and the parameters it knows."""

    code: str
    label: str | Promise
    path: str
    names: tuple[str, ...]
    also: tuple[tuple[str, str], ...] = ()  # parameters that choose the list itself


@dataclass(frozen=True)
class Kept:
    """One as it is linked: `current` where this page shows it, `shared` where it is another's."""

    key: UUID
    name: str
    url: str
    current: bool
    shared: bool


@dataclass(frozen=True)
class Beside:
    """The row above a list: those kept of it, and where the list as it stands now is kept; "" where nothing narrows it,
    or it is kept already."""

    views: Sequence[Kept]
    new_url: str
    plain_url: str  # "" where the list does not begin with one of them


def place(actor: Actor, code: str) -> Place | None:
    """The list of this name; None for what is none, or not open to this person."""
    if code.startswith(_LEDGER):
        listed = place(actor, code.removeprefix(_LEDGER))
        if listed is None or listed.code == "search":
            return None
        label = _("导出台账：%(list)s") % {"list": listed.label}
        return Place(code, label, reverse("desk:ledger"), (*filters.NAMES, filters.WEEK), also=(("list", listed.code),))
    everything = (*filters.NAMES, filters.WEEK, filters.TYPED)
    sort, _dot, name = code.partition(".")
    if code == "search":
        return Place(code, gettext_lazy("查找"), reverse("desk:search"), everything)
    if sort == "queue" and name in queues.QUEUES:
        return Place(code, queues.QUEUES[name].label, reverse("desk:queue", args=[name]), everything)
    if sort == "figure" and name in lists.LISTS and rights.sees_overview(actor):
        return Place(code, lists.LISTS[name].label, reverse("desk:listed", args=[name]), everything)
    return None


def beside(request: DeskRequest, code: str, bar: filters.Bar) -> Beside:
    """What stands above this list; one statement, with `begins_with`."""
    here = place(request.actor, code)
    assert here is not None
    found = [view for view in _seen(request) if view.place == code]
    now = bar.chosen | ({filters.TYPED: bar.typed} if bar.typed else {})
    carried = {name: request.GET[name] for name in (*here.names, filters.KEPT) if request.GET.get(name)}
    mine = [view for view in found if view.first and view.owner_id == request.actor.person_id]
    views = [kept(view, request.actor, now) for view in found]
    kept_already = any(view.current and not view.shared for view in views)
    return Beside(
        views=views,
        new_url=f"{reverse('desk:view_new')}?{urlencode({'list': code, **carried})}"
        if now and not kept_already
        else "",
        plain_url=f"{here.path}?{PLAIN}=1" if mine else "",
    )


def kept(view: KeptView, actor: Actor, now: dict[str, str] | None = None) -> Kept:
    shared = view.owner_id != actor.person_id
    return Kept(view.pk, str(view.name), reverse("desk:view", args=[view.pk]), view.parameters == now, shared)


def begins_with(request: DeskRequest, code: str) -> HttpResponse | None:
    """Where the list begins for this person, when it was asked for plain; None where it begins with itself."""
    if request.method != "GET" or request.GET:
        return None
    mine = [view for view in _seen(request) if view.place == code and view.first]
    first = next((view for view in mine if view.owner_id == request.actor.person_id), None)
    here = place(request.actor, code)
    return redirect(leads_to(request, first, here)[0]) if first is not None and here is not None else None


def leads_to(request: DeskRequest, view: KeptView, here: Place) -> tuple[str, list[str]]:
    """Where a kept one leads, and the names of parameters its list does not know any more."""
    given = view.parameters
    query = {name: given[name] for name in here.names if name in given and name != filters.TYPED}
    dropped = sorted(set(given) - set(here.names))
    typed = given.get(filters.TYPED, "") if filters.TYPED in here.names else ""
    if not query and not typed and not here.also:
        return f"{here.path}?{PLAIN}=1", dropped
    return filters.address(request, here.path, dict(here.also) | query, typed), dropped


def _seen(request: DeskRequest) -> list[KeptView]:
    """Asked once a page."""
    if not hasattr(request, "kept_views"):
        request.kept_views = listing.seen_by(request.actor)  # type: ignore[attr-defined]  # for this page only
    found: list[KeptView] = request.kept_views  # type: ignore[attr-defined]  # for this page only
    return found
