"""Who may take lists out. What is in them, `visible_to` says; a figure's list is for those who see figures."""

from __future__ import annotations

import hashlib

from shuoshi.kernel.actors import Actor, ActorKind
from shuoshi.organization.roles import Role

SEES_FIGURES = (
    Role.LEADER,
    Role.SUPERVISOR,
    Role.DISPATCHER,
    Role.REGISTRAR,
    Role.DEPARTMENT_HEAD,
    Role.FOLLOW_UP_AGENT,
    Role.ASSESSOR,
)


def may_see_figures(actor: Actor) -> bool:
    return any(actor.holds(one) for one in SEES_FIGURES)


def may_arrange_forms(actor: Actor) -> bool:
    return actor.kind is ActorKind.SYSTEM or actor.holds(Role.ADMINISTRATOR)


def may_export(actor: Actor) -> bool:
    """Everybody what they see: each has work of their own."""
    return actor.kind is ActorKind.STAFF and actor.person_id is not None


def held(actor: Actor) -> str:
    """A digest of the posts somebody holds, and stands in for: a file made for others is not theirs."""
    posts = sorted(f"{one.unit_id}:{one.role}" for one in actor.posts)
    places = sorted(str(one.person_id) for one in actor.stands_in)
    return hashlib.sha256("\n".join([*posts, "", *places]).encode()).hexdigest()
