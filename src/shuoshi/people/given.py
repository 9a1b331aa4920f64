"""What is said about somebody when a matter is taken in, before it becomes rows."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from shuoshi.people.models import ContactPoint, Person


@dataclass(frozen=True, kw_only=True)
class PersonGiven:
    """Somebody as given. `person_id` names a known person whom somebody chose by hand; a number never does that."""

    name: str = ""
    phone: str = ""
    id_number: str = ""
    address: str = ""
    shared_phone: bool = False
    person_id: UUID | None = None


@dataclass(frozen=True)
class Kept:
    """The rows it became: the person, and the way to reach the person that was given (None without one)."""

    person: Person
    contact: ContactPoint | None
