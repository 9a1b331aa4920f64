"""Questions about people: who has a number, who looked at whom, what happened to an account. Decides no access."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from shuoshi.kernel import blind
from shuoshi.kernel.events import Event
from shuoshi.people import id_numbers, phones, same
from shuoshi.people.masks import masked_address, masked_id_number, masked_name, masked_phone
from shuoshi.people.models import (
    Account,
    Change,
    ChangeState,
    ContactKind,
    ContactPoint,
    Person,
    Reveal,
    RevealedField,
)

__all__ = [
    "Look",
    "accounts_of",
    "by_id_number",
    "by_phone",
    "changes_of",
    "contact",
    "history",
    "masked_address",
    "masked_id_number",
    "masked_name",
    "masked_phone",
    "namesakes",
    "waiting_changes",
    "who_looked",
]

_MOST = 20  # one number with more people is a public one; the page says so


def by_phone(number: str) -> list[ContactPoint]:
    """Everybody who gave this very number, latest first, with the person; [] for what is no number. One statement."""
    try:
        index = blind.index("phone", phones.normalise(number))
    except phones.BadNumber:
        return []
    found = ContactPoint.objects.filter(index=index, valid=True).select_related("person")
    return list(found.order_by("-created_at", "-id")[:_MOST])


def by_id_number(number: str) -> list[Person]:
    """Everybody registered under this identity card, latest first; [] for what is no such number. One statement."""
    try:
        index = blind.index("id", id_numbers.normalise(number))
    except id_numbers.BadIdNumber:
        return []
    return list(Person.objects.filter(id_index=index).order_by("-created_at", "-id")[:_MOST])


def contact(person_id: UUID, kind: ContactKind = ContactKind.PHONE) -> ContactPoint | None:
    """The latest valid way of a kind to reach somebody, with the person; none that was left for one matter alone."""
    found = ContactPoint.objects.filter(person_id=person_id, kind=kind, given_for=None, valid=True).select_related(
        "person"
    )
    return found.order_by("-created_at", "-id").first()


def namesakes(person: Person) -> list[Person]:
    """Other people who may be this one: a number in common and the very same name, or the same identity card.

    Only offered: a shared number joins nobody. Few statements, and few names are opened.
    """
    mine = same.records_of(person.pk)
    numbers = list(
        ContactPoint.objects.filter(person__in=mine, valid=True).exclude(index="").values_list("index", flat=True)
    )
    found = Person.objects.exclude(pk__in=mine).filter(joined_into__isnull=True)
    by_card = Q(id_index=person.id_index) if person.id_index else Q(pk__in=[])
    by_number = Q(contact_points__index__in=numbers, contact_points__valid=True) if numbers else Q(pk__in=[])
    rows = found.filter(by_card | by_number).distinct().order_by("-created_at", "-id")[:_MOST]
    name = _plain_name(person)
    return [row for row in rows if (name and _plain_name(row) == name) or by_same_card(row, person)]


def by_same_card(one: Person, other: Person) -> bool:
    return bool(one.id_index) and one.id_index == other.id_index


def _plain_name(person: Person) -> str:
    return "".join(str(person.name or "").split()).casefold()


def waiting_changes(people: QuerySet[Any, Any] | None, *, staff: bool) -> QuerySet[Change]:
    """What waits for a second person: of these people, and where `staff` also of the staff's records. Oldest first."""
    mine = Q(person__in=people, staff=False) if people is not None else Q(pk__in=[])
    if staff:
        mine |= Q(staff=True)
    waiting = Change.objects.filter(mine, state=ChangeState.OPEN)
    return waiting.select_related("person", "into", "contact")


def changes_of(person_id: UUID) -> list[Change]:
    """What was put right about somebody and what is proposed, latest first."""
    found = Change.objects.filter(Q(person=person_id) | Q(into=person_id)).select_related("person", "into")
    return list(found.order_by("-at", "-id")[:_MOST])


def accounts_of(person_id: UUID) -> list[Account]:
    return list(Account.objects.filter(person_id=person_id).order_by("created_at", "id"))


@dataclass(frozen=True)
class Look:
    """One look at one field: who, when, why."""

    at: datetime
    account: Account
    field: RevealedField
    reason_code: str
    reason: str


def who_looked(person_id: UUID) -> list[Look]:
    """Everybody who looked at unmasked data of a person, latest first: the person may ask."""
    rows = Reveal.objects.filter(person_id=person_id).select_related("account__person", "person").order_by("-at", "-id")
    return [Look(row.at, row.account, RevealedField(row.field), row.reason_code, row.reason) for row in rows]


def history(kind: str, key: UUID) -> list[Event]:
    """The events of a person or an account, latest first; secrets were never in them."""
    return list(Event.objects.filter(stream_kind=kind, stream_id=str(key)).order_by("-sequence"))
