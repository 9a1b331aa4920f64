"""What somebody holds before they leave, and to whom it goes: for whoever heads or administers their unit (4.3.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from shuoshi.desk.forms import choices
from shuoshi.desk.forms.handing_over import DutiesForm, HandOverForm
from shuoshi.desk.frame import DeskRequest, posted_deed
from shuoshi.kernel import clock
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.web import PageData, page, show, staff
from shuoshi.kernel.web.forms import posted
from shuoshi.matters import actions as matters
from shuoshi.matters.case import HANDLING, headed, scopes
from shuoshi.matters.models import Matter
from shuoshi.matters.queries.held import in_hand_of, to_hand_over
from shuoshi.organization import actions, deputies, handing_over, policies
from shuoshi.organization import queries as organization
from shuoshi.organization.absence import Absence
from shuoshi.organization.actions.absences import may_enter_for
from shuoshi.organization.models import DutyRoster
from shuoshi.organization.roles import Role
from shuoshi.people import leaving
from shuoshi.people.models import Person


@dataclass(frozen=True)
class HandOverPage(PageData):
    """`rest` is what goes to whoever is appointed next; `elsewhere` how much of it others have to hand over, and who."""

    template: ClassVar[str] = "desk/hand_over.html"
    name: str
    form: HandOverForm | None
    refused: Sequence[tuple[Matter, str]]
    roster: Sequence[DutyRoster]
    places: Sequence[Absence]
    duties: DutiesForm | None
    rest: Sequence[leaving.Held]
    elsewhere: int
    heads: str
    nothing: bool


@page(access=staff)
def hand_over(request: DeskRequest, key: UUID) -> HttpResponse:
    """Everything somebody holds, in one page, handed over in one go; 404 to whoever is neither head nor administrator."""
    now = clock.now()
    person = _person(request, key, now)
    mine = [one for one in to_hand_over(request.actor, key) if _may_change(request, one)]
    data, do = posted(request), posted_deed(request)
    form = HandOverForm(
        data if data is not None and data.get("do") == "matters" else None,
        matters=mine,
        colleagues=_colleagues(mine, key, now),
        initial={"reason": ""},
    )
    duties = _duties_form(request, data, key)
    refused: Sequence[tuple[Matter, str]] = ()
    if do == "matters" and mine and form.is_valid():
        done = matters.hand_over(form.to, form.cleaned_data["reason"], actor=request.actor)
        messages.success(request, _("交接了 %(n)d 件。") % {"n": done.done})
        refused = [(one, done.refused[one.pk]) for one in mine if one.pk in done.refused]
        if not refused:
            return redirect("desk:hand_over", key)
    elif do == "duties" and duties is not None and duties.is_valid() and _duties_done(request, key, duties, now):
        messages.success(request, _("值班和代理交接好了。"))
        return redirect("desk:hand_over", key)
    held = leaving.held(key, None, now)
    roster, places = list(handing_over.on_roster(key, now)), list(handing_over.deputy_in(key, now))
    elsewhere = in_hand_of(key).count() - len(mine)
    return show(
        request,
        HandOverPage(
            name=str(person.name),
            form=form if mine else None,
            refused=refused,
            roster=roster,
            places=places,
            duties=duties if roster or places else None,
            rest=[one for one in held if not one.by_name],
            elsewhere=max(elsewhere, 0),
            heads=_heads(key, now) if elsewhere > 0 else "",
            nothing=not held,
        ),
        status=422 if do else None,
    )


def _person(request: DeskRequest, key: UUID, now: datetime) -> Person:
    """One of the staff whom this person heads or administers; nobody hands over for themselves."""
    posts = list(organization.posts_at(now).filter(person=key))
    if key == request.actor.person_id or not posts or not may_enter_for(request.actor, posts):
        raise Http404
    return get_object_or_404(Person, pk=key)


def _may_change(request: DeskRequest, matter: Matter) -> bool:
    """Whoever heads its unit, or leads the tier; what the table says is asked when it is done."""
    actor = request.actor
    places = (actor, *(actor.in_place_of(absent) for absent in actor.stands_in))
    return any(matter.lead_unit_id in headed(one) or matter.tier_path in scopes(one, (Role.LEADER,)) for one in places)


def _colleagues(found: Sequence[Matter], key: UUID, now: datetime) -> dict[UUID, choices.Pairs]:
    """By unit who handles for it, without whoever leaves; four statements at most."""
    if not found:
        return {}
    posts = organization.posts_at(now).filter(unit__in={one.lead_unit_id for one in found}, role__in=HANDLING)
    away, people = choices.who_is_away(), dict[UUID, dict[str, str]]()
    for post in posts.exclude(person=key).order_by("since", "id"):
        people.setdefault(post.unit_id, {}).setdefault(str(post.person_id), choices.described(post, away))
    return {unit: list(named.items()) for unit, named in people.items()}


def _duties_form(request: DeskRequest, data: QueryDict | None, key: UUID) -> DutiesForm | None:
    if not policies.may_arrange(request.actor):
        return None
    people = [(value, label) for value, label in choices.staff() if value != str(key)]
    return DutiesForm(data if data is not None and data.get("do") == "duties" else None, people=people)


def _duties_done(request: DeskRequest, key: UUID, form: DutiesForm, now: datetime) -> bool:
    """All of it or, with the reason at the field, as far as it went."""
    try:
        for line in handing_over.on_roster(key, now):
            actions.hand_over_duty(line.pk, form.taker_given, actor=request.actor)
        for absence in handing_over.deputy_in(key, now):
            actions.change_deputy(absence.pk, form.taker_given, actor=request.actor)
    except Refused as refused:
        form.add_error("taker", refused.text)
        return False
    return True


def _heads(key: UUID, now: datetime) -> str:
    """Who could hand over what is out of the actor's sight or reach."""
    found = deputies.heads_over([key], now).get(key, [])[:3]
    names = Person.objects.in_bulk(found)
    return _("、").join(str(names[one].name) for one in found)
