"""Who takes in what comes by itself at a place: whoever takes in for its unit or one above, and the registry. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from shuoshi.kernel.actors import Actor, PostHeld
from shuoshi.matters.actions import TAKES_IN
from shuoshi.organization.models import UnitKind
from shuoshi.organization.roles import Role

_REGISTRY = frozenset({Role.REGISTRAR, Role.DISPATCHER})


def takes_in_at(actor: Actor, path: str) -> bool:
    """For the unit at `path` or one above it; at the registry of the tier, for all units beneath it."""
    return of_the_registry_at(actor, path) or any(
        post.role in TAKES_IN and path.startswith(post.unit_path) for post in posts(actor)
    )


def of_the_registry_at(actor: Actor, path: str) -> bool:
    """At the registry of a tier to which the unit at `path` belongs."""
    return any(
        post.role in _REGISTRY and post.unit_kind == UnitKind.REGISTRY and _beneath(path, post.unit_path)
        for post in posts(actor)
    )


def posts(actor: Actor) -> Iterator[PostHeld]:
    """The own posts, and those of whoever the actor stands in for."""
    yield from actor.posts
    for absent in actor.stands_in:
        yield from absent.lent


def _beneath(path: str, registry: str) -> bool:
    tier = registry.rstrip("/").rpartition("/")[0] + "/"
    return len(tier) > 1 and path.startswith(tier)
