"""A person's page: masked, with the matters one may see. Reached from the party card."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404

from shuoshi.desk.frame import DeskRequest
from shuoshi.kernel.web import Page, PageData, page, show, staff
from shuoshi.matters.models import Matter
from shuoshi.matters.queries.find import matters_of_person
from shuoshi.matters.queries.queues import latest
from shuoshi.matters.vocabulary import Naming
from shuoshi.people.models import Person
from shuoshi.people.queries import contact, masked_name, masked_phone


@dataclass(frozen=True)
class PersonPage(PageData):
    template: ClassVar[str] = "desk/person.html"
    name: str
    phone: str
    listed: Page[Matter]


@page(access=staff, methods=("GET",))
def person(request: DeskRequest, key: UUID) -> HttpResponse:
    """404 unless a matter of theirs is in sight in which they did not ask to be confidential."""
    found = matters_of_person(request.actor, key).exclude(parties__naming=Naming.CONFIDENTIAL)
    listed = latest(found.distinct(), request.GET.get("after", ""))
    if not listed.rows:
        raise Http404
    somebody = get_object_or_404(Person, pk=key)
    way = contact(key)
    return show(
        request,
        PersonPage(
            name=masked_name(somebody.name),
            phone=masked_phone(way.value) if way else "",
            listed=listed,
        ),
    )
