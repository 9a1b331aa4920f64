"""Who reads the mail that waits: the registry, by an own post. Pure."""

from __future__ import annotations

from shuoshi.kernel.actors import Actor
from shuoshi.organization.roles import Role

AT_THE_INBOX = frozenset({Role.REGISTRAR, Role.DISPATCHER})


def may_read(actor: Actor) -> bool:
    return any(actor.holds(role) for role in AT_THE_INBOX)
