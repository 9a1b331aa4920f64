"""A person's page: masked, with the matters one may see under all their records. Reached from the party card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from shuoshi.desk import rights
from shuoshi.desk.frame import DeskRequest
from shuoshi.desk.views.correcting import Line, lines_of
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.web import Page, PageData, page, show, staff
from shuoshi.matters.models import Matter
from shuoshi.matters.queries.find import matters_of_person
from shuoshi.matters.queries.queues import latest
from shuoshi.matters.vocabulary import THEIR_SIDE, Naming
from shuoshi.people.models import ContactKind, ContactPoint, Person
from shuoshi.people.queries import changes_of, contact, masked_name, masked_phone, namesakes


@dataclass(frozen=True)
class Other:
    """Another record: one that was joined, or one that may be the same person."""

    key: UUID
    name: str
    phone: str


@dataclass(frozen=True)
class PersonPage(PageData):
    """`stones` were joined into this record; `namesakes` are offered to whoever may join; `lines` what was put right."""

    template: ClassVar[str] = "desk/person.html"
    key: UUID
    name: str
    phone: str
    listed: Page[Matter]
    joins: bool
    stones: Sequence[Other]
    namesakes: Sequence[Other]
    lines: Sequence[Line]


@page(access=staff, methods=("GET",))
def person(request: DeskRequest, key: UUID) -> HttpResponse:
    """404 unless a matter of theirs is in sight in which they did not ask to be confidential."""
    found = known_matters(request.actor, key)
    listed = latest(found.distinct(), request.GET.get("after", ""))
    if not listed.rows:
        raise Http404
    somebody = get_object_or_404(Person, pk=key)
    if somebody.joined_into_id is not None:
        return redirect("desk:person", somebody.joined_into_id)
    way, joins = contact(key), rights.may_join_records(request.actor)
    return show(
        request,
        PersonPage(
            key=key,
            name=masked_name(somebody.name),
            phone=masked_phone(way.value) if way else "",
            listed=listed,
            joins=joins,
            stones=_others(list(somebody.joined.order_by("created_at", "id")))
            if joins and somebody.joined_here
            else (),
            namesakes=_others(namesakes(somebody)) if joins else (),
            lines=lines_of(changes_of(key)) if joins else (),
        ),
    )


def known_matters(actor: Actor, key: UUID, *, alone: bool = False) -> QuerySet[Matter]:
    """Matters of this person in sight in which they did not ask to be kept from others; `alone`: of this record only."""
    mine = matters_of_person(actor, key)
    if alone:
        mine = mine.filter(parties__person=key, parties__role__in=THEIR_SIDE)
    return mine.exclude(parties__naming=Naming.CONFIDENTIAL).distinct()


def _others(found: Sequence[Person]) -> list[Other]:
    """With the latest number of each; one statement."""
    keys = [row.pk for row in found]
    ways = ContactPoint.objects.filter(person__in=keys, kind=ContactKind.PHONE, valid=True).select_related("person")
    latest_of = {way.person_id: way for way in ways.order_by("created_at", "id")} if keys else {}
    return [
        Other(row.pk, masked_name(row.name), masked_phone(latest_of[row.pk].value) if row.pk in latest_of else "")
        for row in found
    ]
