"""Who opens a box and reads what was in it: whoever takes in for its unit, and the registry. Pure."""

from __future__ import annotations

from shuoshi.channels.boxes.models import Box, Letter, LetterState, Opening
from shuoshi.channels.taking_in import of_the_registry_at, takes_in_at
from shuoshi.kernel.actors import Actor
from shuoshi.matters.actions import TAKES_IN
from shuoshi.organization.roles import Role

SECONDS = TAKES_IN | {Role.SUPERVISOR, Role.OVERSIGHT_MEMBER}  # who may have been the second one


def may_open(actor: Actor, box: Box) -> bool:
    """For the unit of the box or one above it; at the registry of the tier, for all boxes beneath it."""
    return takes_in_at(actor, box.unit.path)


def of_the_registry(actor: Actor, box: Box) -> bool:
    """At the registry of a tier that the box hangs in."""
    return of_the_registry_at(actor, box.unit.path)


def may_read(actor: Actor, letter: Letter) -> bool:
    """A letter that waits, or was set aside, whoever opens the box; what became a matter is read there.

    The registry reads it on, because it may hold another matter; that none of its matters is kept from the reader,
    the query says.
    """
    box = letter.opening.box
    return of_the_registry(actor, box) or (letter.state != LetterState.REGISTERED and may_open(actor, box))


def may_answer(actor: Actor, opening: Opening) -> bool:
    """The second one, once."""
    return opening.answered_at is None and actor.person_id == opening.second_id
