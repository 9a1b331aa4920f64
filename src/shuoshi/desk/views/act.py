"""One door for every row of the table: GET shows the form of an action, POST carries it out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from shuoshi.desk import composing, forms, onward, photos, unfinished
from shuoshi.desk.frame import DeskRequest
from shuoshi.desk.views.matter import Head, case, found, head
from shuoshi.kernel.drafts import Loaded
from shuoshi.kernel.refusal import Stale
from shuoshi.kernel.web import PageData, kept, number_in, page, show, staff
from shuoshi.kernel.web.forms import posted
from shuoshi.matters import actions, meanwhile, workflow
from shuoshi.matters.models import Matter, Result, ResultPoint
from shuoshi.matters.queries.matter import MatterView
from shuoshi.matters.queries.queues import Queue
from shuoshi.matters.scope import visible_to
from shuoshi.matters.vocabulary import Action, ResultState
from shuoshi.matters.workflow import Offer
from shuoshi.people.models import Person


@dataclass(frozen=True)
class Reading:
    """A result with its answers, demand by demand."""

    result: Result
    points: Sequence[ResultPoint]


@dataclass(frozen=True)
class ActionPage(PageData):
    """The form under the head and the words of the matter; htmx cuts #doing out of it.

    `stale` is set when somebody acted while it was being filled in: the form then holds what was typed.
    """

    template: ClassVar[str] = "desk/act.html"
    head: Head
    view: MatterView
    matter: Matter
    offer: Offer
    form: forms.ActionForm
    reading: Reading | None  # what is signed, sent back, or read to the resident
    origin: str  # where the matter was opened from
    queue: Queue | None  # that place, if it is a queue: then its next matter is one press away
    stale: Stale | None = None
    in_place_of: str = ""  # the name of whoever is away, in whose place it is done
    kept: bool = False  # it holds words that nobody typed on this page, and nothing else keeps: they came back with it
    unsent: Loaded | None = None  # what this person left in it before, which it is filled in with


@dataclass(frozen=True)
class RefusedPage(PageData):
    """Why the action is not there for this person now, with what was written for it meanwhile."""

    template: ClassVar[str] = "desk/act_refused.html"
    head: Head
    view: MatterView
    matter: Matter
    offer: Offer
    kept_texts: Sequence[str]
    stale: Stale | None = None


@page(access=staff)
def act(request: DeskRequest, number: str, action: str) -> HttpResponse:
    """Show the form of one action on one matter, or carry it out. Who was slower than others is told before anything."""
    made = forms.of(Action(action)) if action in Action.values else None
    if made is None:
        raise Http404
    view = found(request, number)
    data = posted(request)
    stale = _stale(request, view, made.action)
    if stale is not None and data is not None:
        data = _to_be_seen(data)
    unsent = unfinished.of(request.account.pk, view.matter, made.action) if request.method == "GET" else None
    back = data is not None
    if data is None and unsent is not None:
        data = unfinished.filled_in(unsent)
    waiting = photos.waiting(request, data)
    about = forms.About(matter=view.matter, actor=request.actor, profile=view.profile)
    form = made(data, about=about, turn=view.matter.turn, waiting=waiting)
    if request.method == "POST" and form.is_valid():
        actions.run(made.action, view.matter.pk, form.terms(), actor=request.actor, turn=form.turn, key=form.key)
        waiting.settle()
        return _done(request, view.matter, made.action, waiting.refused)
    if request.method == "POST":
        unfinished.keep(request, request.account.pk, view.matter, made.action)
    offer = next((one for one in view.offers if one.action == made.action), None)
    if offer is None:
        offer = Offer(
            made.action, False, "status", _("这件事现在是“%(state)s”，没有这一步。") % {"state": head(view).state}
        )
    if not offer.allowed:
        texts = kept.texts(request) or unfinished.texts(unsent)
        refused = RefusedPage(head(view), view, view.matter, offer, kept_texts=texts, stale=stale)
        return show(request, refused, status=409 if stale else 403)
    reading = _reading(view, made.reads)
    shown = ActionPage(
        head(view),
        view,
        view.matter,
        offer,
        form,
        reading,
        origin=onward.origin(request),
        queue=onward.queue_of(onward.origin(request)),
        stale=stale,
        kept=back,
        unsent=None if back else unsent,
        in_place_of=absent_name(offer),
    )
    return show(request, shown, status=409 if stale else None)


def absent_name(offer: Offer) -> str:
    """Whose place is taken; a statement only where one is."""
    return str(Person.objects.get(pk=offer.acting_for).name) if offer.acting_for else ""


def _stale(request: DeskRequest, view: MatterView, action: Action) -> Stale | None:
    """What happened since the posted form was drawn; None where nothing did, or where it only comes back to be seen."""
    turn = number_in(request.POST.get("turn", ""))
    if kept.AGAIN in request.POST or turn is None or turn == view.matter.turn:
        return None
    return meanwhile.stale(case(request, view), workflow.row(action), turn)


def _reading(view: MatterView, states: frozenset[ResultState]) -> Reading | None:
    """The latest result in one of these states."""
    points = [point for point in view.points if point.result.state in states] if states else []
    if not points:
        return None
    latest = max((point.result for point in points), key=lambda result: result.ordinal)
    return Reading(latest, [point for point in points if point.result_id == latest.pk])


def _to_be_seen(data: QueryDict) -> QueryDict:
    """The same data for a form that shows it and carries nothing out."""
    seen = data.copy()
    seen[kept.AGAIN] = "1"
    return seen


def _done(request: DeskRequest, matter: Matter, action: Action, refused: Sequence[str]) -> HttpResponse:
    """On, with one sentence; to the own day when the matter is out of sight now."""
    composing.sent(request.account.pk, matter, action)
    unfinished.sent(request.account.pk, matter, action)
    messages.success(request, _("“%(deed)s”办好了。") % {"deed": action.label})
    for sentence in refused:
        messages.warning(request, sentence)
    in_sight = onward.NEXT in request.POST or visible_to(request.actor).filter(pk=matter.pk).exists()
    return onward.after(request, matter, action) if in_sight else redirect("desk:my_day")
