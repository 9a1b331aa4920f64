"""Who is away and who acts meanwhile: one's own absences, and for whoever heads or administers a unit those of its people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from shuoshi.desk.forms import choices
from shuoshi.desk.forms.absences import AbsenceForm
from shuoshi.desk.frame import DeskRequest, posted_deed, posted_row
from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.web import PageData, page, show, staff
from shuoshi.kernel.web.forms import posted
from shuoshi.organization import actions, deputies
from shuoshi.organization import queries as organization
from shuoshi.organization.absence import Absence
from shuoshi.organization.actions.absences import may_enter_for
from shuoshi.organization.models import Post
from shuoshi.people.models import Person

SHOWN = 200


@dataclass(frozen=True)
class Line:
    """One absence: whose, why, from when to when, who was named and, while it runs, who really acts."""

    key: UUID
    name: str
    why: str
    starts_at: datetime
    ends_at: datetime
    deputy: str
    acts: str
    running: bool


@dataclass(frozen=True)
class AbsencesPage(PageData):
    template: ClassVar[str] = "desk/absences.html"
    form: AbsenceForm
    lines: Sequence[Line]
    others: choices.Pairs  # whose work this person may hand over
    places: Sequence[Line]  # of others, in which this person is the deputy


@page(access=staff)
def absences(request: DeskRequest) -> HttpResponse:
    """Enter one, end one early, and see whose place one takes."""
    now = clock.now()
    posts = list(organization.posts_at(now).order_by("unit__path", "since", "pk"))
    people = _people(request.actor, posts)
    named = dict(_labelled(posts))
    mine = str(request.actor.person_id)
    form = AbsenceForm(
        posted(request),
        people=[(one, named[one]) for one in people],
        deputies=[(one, label) for one, label in named.items() if one != mine or len(people) > 1],
        initial={"person": mine},
    )
    if "row" in request.POST and posted_deed(request):
        actions.end_absence(get_object_or_404(Absence, pk=posted_row(request)).pk, actor=request.actor)
        messages.success(request, _("这次请假结束了。"))
        return redirect("desk:absences")
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        actions.enter_absence(
            form.person_given,
            form.deputy_given,
            data["starts_at"],
            data["ends_at"],
            form.why_given,
            actor=request.actor,
        )
        messages.success(request, _("请假登记好了。"))
        return redirect("desk:absences")
    covers = deputies.covers(now)
    coming = list(
        Absence.objects.filter(active=True, ends_at__gt=now)
        .select_related("person", "deputy")
        .order_by("starts_at", "id")[:SHOWN]
    )
    acting = Person.objects.in_bulk([pk for pk in covers.by.values() if pk]) if covers.away else {}
    lines = [(one, _line(one, covers, acting, now)) for one in coming]
    return show(
        request,
        AbsencesPage(
            form=form,
            others=[(one, named[one]) for one in people if one != mine],
            lines=[line for one, line in lines if str(one.person_id) in people],
            places=[
                line
                for one, line in lines
                if str(one.person_id) not in people and request.actor.person_id in (one.deputy_id, _acts(one, covers))
            ],
        ),
    )


def _people(actor: Actor, posts: Sequence[Post]) -> list[str]:
    """Whose absence this person may enter: oneself first, then people of the units they head or administer."""
    theirs = [str(post.person_id) for post in posts if may_enter_for(actor, [post])]
    return list(dict.fromkeys([str(actor.person_id), *theirs]))


def _labelled(posts: Sequence[Post]) -> choices.Pairs:
    found: dict[str, str] = {}
    for post in posts:
        found.setdefault(str(post.person_id), choices.named(post.person.name, post.unit.short_name))
    return list(found.items())


def _acts(one: Absence, covers: deputies.Covers) -> UUID | None:
    return covers.by.get(one.person_id) if covers.is_away(one.person_id) else None


def _line(one: Absence, covers: deputies.Covers, acting: dict[UUID, Person], now: datetime) -> Line:
    running = one.starts_at <= now
    acts = acting.get(found) if running and (found := _acts(one, covers)) else None
    return Line(
        key=one.pk,
        name=str(one.person.name),
        why=str(one.get_why_display()),
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        deputy=str(one.deputy.name) if one.deputy else "",
        acts=str(acts.name) if acts else "",
        running=running,
    )
