"""Who may show a kept list to a unit: whoever heads it. Pure."""

from __future__ import annotations

from uuid import UUID

from shuoshi.kernel.actors import Actor
from shuoshi.matters.case import headed


def shares_with(actor: Actor) -> frozenset[UUID]:
    """Units of this person's own, to whose people they may show one."""
    return headed(actor)


def belongs_to(actor: Actor) -> frozenset[UUID]:
    """Units whose shared lists this person sees: where a post of theirs is, never one that is only lent."""
    return frozenset(post.unit_id for post in actor.posts)
