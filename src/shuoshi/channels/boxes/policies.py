"""Who opens a box and reads what was in it: whoever takes in for its unit, and the registry. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from shuoshi.channels.boxes.models import Box, Letter, LetterState, Opening
from shuoshi.kernel.actors import Actor, PostHeld
from shuoshi.matters.actions import TAKES_IN
from shuoshi.organization.models import UnitKind
from shuoshi.organization.roles import Role

SECONDS = TAKES_IN | {Role.SUPERVISOR, Role.OVERSIGHT_MEMBER}  # who may have been the second one
_REGISTRY = frozenset({Role.REGISTRAR, Role.DISPATCHER})


def may_open(actor: Actor, box: Box) -> bool:
    """For the unit of the box or one above it; at the registry of the tier, for all boxes beneath it."""
    return of_the_registry(actor, box) or any(
        post.role in TAKES_IN and box.unit.path.startswith(post.unit_path) for post in _posts(actor)
    )


def of_the_registry(actor: Actor, box: Box) -> bool:
    """At the registry of a tier that the box hangs in."""
    return any(
        post.role in _REGISTRY and post.unit_kind == UnitKind.REGISTRY and _beneath(box, post.unit_path)
        for post in _posts(actor)
    )


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


def _posts(actor: Actor) -> Iterator[PostHeld]:
    """The own posts, and those of whoever the actor stands in for."""
    yield from actor.posts
    for absent in actor.stands_in:
        yield from absent.lent


def _beneath(box: Box, registry: str) -> bool:
    tier = registry.rstrip("/").rpartition("/")[0] + "/"
    return len(tier) > 1 and box.unit.path.startswith(tier)
