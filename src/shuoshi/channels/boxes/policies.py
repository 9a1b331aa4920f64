"""Who opens a box and reads what was in it: whoever takes in for its unit, and the registry. Pure."""

from __future__ import annotations

from shuoshi.channels.boxes.models import Box, Opening
from shuoshi.kernel.actors import Actor
from shuoshi.matters.actions import TAKES_IN
from shuoshi.organization.roles import Role

REGISTRY = frozenset({Role.REGISTRAR, Role.DISPATCHER})


def takes_in(actor: Actor) -> bool:
    """Whether any box may be the actor's affair."""
    return any(post.role in TAKES_IN for post in actor.posts)


def may_open(actor: Actor, box: Box) -> bool:
    """For the unit of the box or one above it; at the registry of the tier, for all boxes beneath it."""
    return any(
        post.role in TAKES_IN
        and (box.unit.path.startswith(post.unit_path) or (post.role in REGISTRY and _beneath(box, post.unit_path)))
        for post in actor.posts
    )


def may_answer(actor: Actor, opening: Opening) -> bool:
    """The second one, once."""
    return opening.answered_at is None and actor.person_id == opening.second_id


def _beneath(box: Box, registry: str) -> bool:
    """Whether the box hangs in the tier that this registry serves."""
    tier = registry.rstrip("/").rpartition("/")[0] + "/"
    return len(tier) > 1 and box.unit.path.startswith(tier)
