"""Two records of one person, side by side and masked: which one stays, why they are one; and parting them again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from shuoshi.desk import rights
from shuoshi.desk.again import fresh
from shuoshi.desk.forms.persons import JoinForm, PartForm
from shuoshi.desk.frame import DeskRequest
from shuoshi.desk.views.people import known_matters
from shuoshi.kernel.web import PageData, page, show
from shuoshi.kernel.web.forms import posted
from shuoshi.matters.models import Matter
from shuoshi.people import actions as people
from shuoshi.people import queries, same
from shuoshi.people.masks import masked_address, masked_id_number, masked_name, masked_phone
from shuoshi.people.models import Change, ContactKind, Person

_FEW = 5


@dataclass(frozen=True)
class Record:
    """One of the two, as it may be told apart from the other."""

    person: Person
    name: str
    phone: str
    address: str
    card: str
    matters: Sequence[Matter]  # the latest that this reader may know of
    staff: bool


@dataclass(frozen=True)
class JoinPage(PageData):
    template: ClassVar[str] = "desk/join.html"
    records: Sequence[Record]
    form: JoinForm
    same_card: bool
    staff: bool  # an administrator has to agree


@dataclass(frozen=True)
class PartPage(PageData):
    template: ClassVar[str] = "desk/part.html"
    records: Sequence[Record]
    form: PartForm
    staff: bool


@page(access=fresh(rights.joins_records))
def join(request: DeskRequest, key: UUID, other: UUID) -> HttpResponse:
    """Only what may be one person is offered: a number in common and the very same name, or one identity card."""
    one = _known(request, key)
    two = next((row for row in queries.namesakes(one) if row.pk == other), None)
    if two is None:
        raise Http404
    records = [_record(request, row) for row in (one, two)]
    form = JoinForm(posted(request))
    form.offer("stays", [(str(row.person.pk), _stays(row)) for row in records])
    if form.is_valid():
        stays = UUID(form.cleaned_data["stays"])
        stone = two.pk if stays == one.pk else one.pk
        done = people.join(stone, stays, form.cleaned_data["reason"], form.cleaned_data["words"], actor=request.actor)
        return _after(request, done, _("合并了。两份档案的事都列在一起，原来的记录一条没有动。"), one.pk)
    card = queries.by_same_card(one, two)
    return show(request, JoinPage(records, form, card, any(row.staff for row in records)))


@page(access=fresh(rights.joins_records))
def part(request: DeskRequest, key: UUID) -> HttpResponse:
    """The stone is somebody else again; `key` is its own."""
    stone = _known(request, key)
    if stone.joined_into is None:
        raise Http404
    records = [_record(request, row) for row in (stone, stone.joined_into)]
    form = PartForm(posted(request))
    if form.is_valid():
        done = people.part(stone.pk, form.cleaned_data["reason"], form.cleaned_data["words"], actor=request.actor)
        return _after(request, done, _("撤销了，两份档案分开了，各自的事还在各自名下。"), stone.joined_into.pk)
    return show(request, PartPage(records, form, any(row.staff for row in records)))


def _known(request: DeskRequest, key: UUID) -> Person:
    """A person of whom a matter is in sight in which they did not ask to be kept from others; else 404."""
    row = Person.objects.select_related("joined_into").filter(pk=key).first()
    if row is None or not known_matters(request.actor, key).exists():
        raise Http404
    return row


def _record(request: DeskRequest, person: Person) -> Record:
    phone, address = queries.contact(person.pk), queries.contact(person.pk, ContactKind.ADDRESS)
    own = known_matters(request.actor, person.pk, alone=True)
    return Record(
        person=person,
        name=masked_name(str(person.name)),
        phone=masked_phone(str(phone.value)) if phone else "",
        address=masked_address(str(address.value)) if address else "",
        card=masked_id_number(str(person.id_number)) if person.id_number else "",
        matters=list(own.order_by("-registered_at", "-id")[:_FEW]),
        staff=same.is_staff([person.pk]),
    )


def _stays(record: Record) -> str:
    """Two records of one mask are told apart by their last matter."""
    last = record.matters[0].number if record.matters else _("没有您看得到的事")
    return " · ".join(filter(None, (record.name or _("没有留名"), record.phone, last)))


def _after(request: DeskRequest, change: Change, said: str, back: UUID) -> HttpResponse:
    waits = _("提出了。有一份是工作人员的档案，等一位系统管理员同意以后生效。")
    messages.success(request, waits if change.staff else said)
    return redirect("desk:person", back)
