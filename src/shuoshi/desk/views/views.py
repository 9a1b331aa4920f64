"""Lists kept under a name (常用视图): kept from a list as it is narrowed, opened, put in order, shown to the own unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from shuoshi.desk import filters, kept_lists
from shuoshi.desk.forms.views import KeepForm, NameForm
from shuoshi.desk.frame import DeskRequest, posted_deed, posted_row
from shuoshi.desk.kept_lists import Kept, Place
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.web import PageData, page, show, staff
from shuoshi.kernel.web.forms import posted
from shuoshi.listing import actions
from shuoshi.listing import queries as listing
from shuoshi.listing.models import KeptView
from shuoshi.listing.policies import shares_with
from shuoshi.organization import profile
from shuoshi.organization.models import Unit


@dataclass(frozen=True)
class Line:
    """One kept list. `units`: whom its owner could show it to; `by` whose it is, where it is another's."""

    kept: Kept
    label: str | Promise
    first: bool
    words: bool
    shown_to: str
    by: str
    units: Sequence[Unit]
    may_change: bool
    form: NameForm


@dataclass(frozen=True)
class ViewsPage(PageData):
    template: ClassVar[str] = "desk/views.html"
    mine: Sequence[Line]
    shared: Sequence[Line]
    form: NameForm | None  # the one that was posted and did not pass


@dataclass(frozen=True)
class KeepPage(PageData):
    """What will be kept, and how it is to be called."""

    template: ClassVar[str] = "desk/view_new.html"
    place: Place
    bar: filters.Bar
    back: str
    form: KeepForm


@page(access=staff)
def views(request: DeskRequest) -> HttpResponse:
    """All one sees, with what may be done to each. Three statements beside the frame."""
    do, form = posted_deed(request), None
    if do:
        key = posted_row(request)
        form = NameForm(posted(request), prefix=str(key)) if do == "rename" else None
        if form is None or form.is_valid():
            _carried_out(do, key, form, request.actor)
            messages.success(request, _("改好了。"))
            return redirect("desk:views")
    units = Unit.objects.in_bulk(sorted(shares_with(request.actor)))
    lines = [_line(view, request.actor, list(units.values()), form) for view in _listed(request.actor)]
    shown = ViewsPage(
        mine=[line for line in lines if not line.kept.shared],
        shared=[line for line in lines if line.kept.shared],
        form=form,
    )
    return show(request, shown)


@page(access=staff)
def new(request: DeskRequest) -> HttpResponse:
    """Keep the list of this address as it is narrowed there."""
    here = kept_lists.place(request.actor, request.GET.get("list", ""))
    if here is None:
        raise Http404
    bar = filters.read(request, profile.current())
    query = {name: value for name, value in bar.chosen.items() if name in here.names}
    typed = bar.typed if filters.TYPED in here.names else ""
    if not query and not typed:
        messages.error(request, _("这个列表还没有筛选，没有什么可以记下。先筛选，再记。"))
        return redirect(here.path if not here.also else "desk:views")
    form = KeepForm(posted(request))
    if request.method == "POST" and form.is_valid():
        whole = query | ({filters.TYPED: typed} if typed else {})
        name, first = form.cleaned_data["name"], form.cleaned_data["first"]
        view = actions.keep(here.code, name, whole, has_words=bool(typed), actor=request.actor)
        if first:
            actions.put_first(view.pk, first=True, actor=request.actor)
        messages.success(request, _("记下了，“%(name)s”在这个列表的上面，也在“全部操作”里。") % {"name": name})
        return redirect("desk:view", view.pk)
    back = filters.address(request, here.path, dict(here.also) | query, typed)
    return show(request, KeepPage(place=here, bar=bar, back=back, form=form))


@page(access=staff, methods=("GET",))
def view(request: DeskRequest, key: UUID) -> HttpResponse:
    """Lead to the list as it was kept; what the list does not know any more is dropped and said."""
    found = next((one for one in listing.seen_by(request.actor) if one.pk == key), None)
    here = kept_lists.place(request.actor, found.place) if found is not None else None
    if found is None or here is None:
        raise Http404
    address, dropped = kept_lists.leads_to(request, found, here)
    if dropped:
        said = {"view": found.name, "names": _("、").join(dropped)}
        messages.warning(request, _("“%(view)s”里有现在不能筛选的（%(names)s），去掉了。") % said)
    return redirect(address)


def _listed(actor: Actor) -> list[KeptView]:
    """With the names of their owners and units; of lists that are open to this person."""
    keys = [one.pk for one in listing.seen_by(actor)]
    rows = KeptView.objects.select_related("owner", "unit").in_bulk(keys)
    return [rows[key] for key in keys if key in rows and kept_lists.place(actor, rows[key].place) is not None]


def _line(view: KeptView, actor: Actor, units: Sequence[Unit], posted_: NameForm | None) -> Line:
    place, mine = kept_lists.place(actor, view.place), view.owner_id == actor.person_id
    assert place is not None
    form = NameForm(prefix=str(view.pk), initial={"name": view.name})
    return Line(
        kept=kept_lists.kept(view, actor),
        label=place.label,
        first=view.first,
        words=view.has_words,
        shown_to=view.unit.short_name if view.unit else "",
        by="" if mine else str(view.owner.name),
        units=() if view.has_words or not mine or view.unit else units,
        may_change=mine or view.unit_id in shares_with(actor),
        form=posted_ if posted_ is not None and posted_.prefix == str(view.pk) else form,
    )


def _carried_out(do: str, key: UUID, form: NameForm | None, actor: Actor) -> None:
    """Each button of a line. Http404 for what is not this person's to change, and for what is no button."""
    get_object_or_404(listing.changed_by(actor), pk=key)
    if form is not None:
        actions.rename(key, form.cleaned_data["name"], actor=actor)
    elif do in ("up", "down"):
        get_object_or_404(KeptView, pk=key, owner=actor.person_id)
        actions.move(key, up=do == "up", actor=actor)
    elif do in ("first", "plain"):
        get_object_or_404(KeptView, pk=key, owner=actor.person_id)
        actions.put_first(key, first=do == "first", actor=actor)
    elif do == "unshare":
        actions.share(key, None, actor=actor)
    elif do == "remove":
        actions.remove(key, actor=actor)
    elif do.startswith("share:") and do.removeprefix("share:") in {str(one) for one in shares_with(actor)}:
        actions.share(key, UUID(do.removeprefix("share:")), actor=actor)
    else:
        raise Http404
