"""Beside the registration form: who gave this number before, what they said, and what may be the same matter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from shuoshi.kernel.actors import Actor
from shuoshi.kernel.refusal import Refused
from shuoshi.matters.models import Matter
from shuoshi.matters.queries import alike, earlier_of_phone
from shuoshi.matters.vocabulary import OPEN
from shuoshi.people.masks import masked_name
from shuoshi.people.same import survivor_of

SHOWN = 6
PEOPLE = 4  # the latest who gave the number; more is a public telephone


@dataclass(frozen=True)
class Known:
    """Somebody who gave this number before; a number never decides who is calling."""

    person: UUID
    name: str
    last: Matter  # what they said latest: two people may have one masked name
    shared: bool
    chosen: bool  # this call was put down to them


@dataclass(frozen=True)
class Typed:
    """What the form holds so far of what decides what stands beside it; texts as they were typed."""

    phone: str = ""
    area: str = ""
    place: str = ""
    content: str = ""
    person: str = ""


@dataclass(frozen=True)
class Aside:
    """`asked`: a number was typed. `same` are open matters of the number, `alike` open ones of the place in like words."""

    asked: bool
    count: int  # of all earlier matters, of which the latest are shown
    known: Sequence[Known]
    earlier: Sequence[Matter]
    same: Sequence[Matter]
    alike: Sequence[Matter]


def aside(actor: Actor, typed: Typed, *, asked_before: bool = False) -> Aside:
    """What this person may know of earlier matters. Few statements; none before there is something to look for.

    Whoever tried too many numbers in vain finds none for a while; the form itself goes on. `asked_before`: this form
    asked for the same number already.
    """
    asked = sum(character.isdigit() for character in typed.phone) >= 5
    try:
        parties = earlier_of_phone(actor, typed.phone, asked_before=asked_before) if asked else []
    except Refused:
        asked, parties = False, []
    known = {survivor_of(party.person): party for party in reversed(parties)}  # out of sight, nobody is known
    earlier = list({party.matter_id: party.matter for party in parties}.values())
    still_open = [matter for matter in earlier if matter.status in OPEN]
    here = [matter for matter in still_open if typed.area and str(matter.area_id) == typed.area]
    same = (here or still_open)[:3]
    return Aside(
        asked=asked,
        count=len(earlier),
        known=[
            Known(
                person=pk,
                name=masked_name((party.person.joined_into or party.person).name),
                last=party.matter,
                shared=party.contact is not None and party.contact.shared,
                chosen=str(pk) == typed.person,
            )
            for pk, party in list(known.items())[-PEOPLE:][::-1]
        ],
        earlier=earlier[:SHOWN],
        same=same,
        alike=[matter for matter in _alike(actor, typed) if matter not in same],
    )


def _alike(actor: Actor, typed: Typed) -> Sequence[Matter]:
    try:
        area = UUID(typed.area) if typed.area else None
    except ValueError:
        return ()
    return alike(actor, f"{typed.place} {typed.content}", area)
