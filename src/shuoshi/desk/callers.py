"""Beside the registration form: who else called from this number, what they said before, what may be the same matter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import deadlines
from shuoshi.matters.models import Matter
from shuoshi.matters.queries import earlier_of_phone
from shuoshi.matters.vocabulary import OPEN, Kind
from shuoshi.organization.models import Institution
from shuoshi.organization.profile import Profile, Step
from shuoshi.people.masks import masked_name

SHOWN = 6
PEOPLE = 4  # the latest who gave the number; more is a public telephone


@dataclass(frozen=True)
class Known:
    """Somebody who gave this number before; a number never decides who is calling."""

    person: UUID
    name: str
    shared: bool


@dataclass(frozen=True)
class Aside:
    """`asked`: a number was typed. `same` are open matters of the number, possibly the same one said again."""

    asked: bool
    count: int  # of all earlier matters, of which the latest are shown
    known: Sequence[Known]
    earlier: Sequence[Matter]
    same: Sequence[Matter]


def aside(actor: Actor, phone: str, area: str = "") -> Aside:
    """Earlier matters of a number that this person may know of. Few statements; none before a number is complete.

    Whoever tried too many numbers in vain finds none for a while; the form itself goes on.
    """
    if sum(character.isdigit() for character in phone) < 5:
        return Aside(False, 0, (), (), ())
    try:
        parties = earlier_of_phone(actor, phone)
    except Refused:
        return Aside(False, 0, (), (), ())
    known = {party.person_id: party for party in reversed(parties)}  # out of sight, nobody is known
    earlier = list({party.matter_id: party.matter for party in parties}.values())
    still_open = [matter for matter in earlier if matter.status in OPEN]
    here = [matter for matter in still_open if area and str(matter.area_id) == area]
    return Aside(
        asked=True,
        count=len(earlier),
        known=[
            Known(pk, masked_name(party.person.name), party.contact is not None and party.contact.shared)
            for pk, party in list(known.items())[-PEOPLE:][::-1]
        ],
        earlier=earlier[:SHOWN],
        same=(here or still_open)[:3],
    )


def first_answer(institution: Institution | None, profile: Profile) -> datetime | None:
    """Until when somebody who calls now hears who will handle it: what the registrar reads aloud."""
    limit = profile.limit(Step.ACCEPT, Kind.INTEREST_CLAIM)
    if limit is None or institution is None or institution.root is None:
        return None
    return deadlines.after(clock.now(), limit, institution.root)
