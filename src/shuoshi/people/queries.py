"""Questions about people: who has a number, who looked at whom, what happened to an account. Decides no access."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shuoshi.kernel import blind
from shuoshi.kernel.events import Event
from shuoshi.people import id_numbers, phones
from shuoshi.people.masks import masked_address, masked_id_number, masked_name, masked_phone
from shuoshi.people.models import Account, ContactKind, ContactPoint, Person, Reveal, RevealedField

__all__ = [
    "Look",
    "accounts_of",
    "by_id_number",
    "by_phone",
    "contact",
    "history",
    "masked_address",
    "masked_id_number",
    "masked_name",
    "masked_phone",
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
