"""Who reads the mail that waits: the registry, also in the place of one of them who is away. Pure."""

from __future__ import annotations

from shuoshi.kernel.actors import Actor
from shuoshi.organization.roles import Role

AT_THE_INBOX = frozenset({Role.REGISTRAR, Role.DISPATCHER})


def may_read(actor: Actor) -> bool:
    own = any(post.role in AT_THE_INBOX for post in actor.posts)
    return own or any(post.role in AT_THE_INBOX for absent in actor.stands_in for post in absent.lent)
