"""Who arranges what happens at a point, who gives out numbers and takes forms there, who writes down who was there. Pure."""

from __future__ import annotations

from shuoshi.channels.taking_in import of_the_registry_at, posts, takes_in_at
from shuoshi.kernel.actors import Actor, ActorKind
from shuoshi.organization.roles import Role

_LEADING = frozenset({Role.DEPARTMENT_HEAD, Role.LEADER})


def may_arrange(actor: Actor, path: str) -> bool:
    """Fixed days and the rota of a point that the unit at `path` keeps open: the registry, who leads it, administrators."""
    if actor.kind is ActorKind.SYSTEM or actor.holds(Role.ADMINISTRATOR, path):
        return True
    leads = any(post.role in _LEADING and path.startswith(post.unit_path) for post in posts(actor))
    return leads or of_the_registry_at(actor, path)


def may_serve(actor: Actor, path: str) -> bool:
    """Give out and call numbers, take in forms: as whoever opens a suggestion box of that unit."""
    return takes_in_at(actor, path)


def may_note(actor: Actor, path: str) -> bool:
    """Write down that somebody else was there: the registry, and a registrar of the unit or one above."""
    registers = any(post.role == Role.REGISTRAR and path.startswith(post.unit_path) for post in posts(actor))
    return registers or of_the_registry_at(actor, path)


def may_strike(actor: Actor, path: str, noted_about: object) -> bool:
    """Strike out what was written about who was there: who may write it, about somebody else than themselves."""
    return may_note(actor, path) and actor.person_id != noted_about
