"""Who sits at the hotline: the registry, and whoever is on duty at night. Pure."""

from __future__ import annotations

from shuoshi.kernel.actors import Actor
from shuoshi.organization.roles import Role

AT_THE_HOTLINE = frozenset({Role.REGISTRAR, Role.DISPATCHER, Role.DUTY_OFFICER})


def may_take(actor: Actor) -> bool:
    own = any(post.role in AT_THE_HOTLINE for post in actor.posts)
    return own or any(post.role in AT_THE_HOTLINE for absent in actor.stands_in for post in absent.lent)
