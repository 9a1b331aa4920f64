"""Whose phrases somebody reads, and for whom they may share some. Pure."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from shuoshi.kernel.actors import Actor
from shuoshi.matters.case import above, headed
from shuoshi.organization.models import UnitKind
from shuoshi.organization.roles import Role
from shuoshi.workbench.models import Phrase, Scope


def readable(actor: Actor) -> Q:
    """The own ones, those of the units somebody works in or beneath, and those for everybody. Standing in lends none."""
    own = Q(scope=Scope.OWN, person=actor.person_id)
    return own | Q(scope=Scope.WHOLE) | Q(scope=Scope.UNIT, unit__path__in=sorted(above(actor)))


def shares_with(actor: Actor) -> frozenset[UUID]:
    """Units with whose people this person may share phrases: those they head."""
    return headed(actor)


def shares_with_all(actor: Actor) -> bool:
    """Who administers, and who heads a registry."""
    heads = (post for post in actor.posts if post.role == Role.DEPARTMENT_HEAD)
    return actor.holds(Role.ADMINISTRATOR) or any(post.unit_kind == UnitKind.REGISTRY for post in heads)


def may_write(actor: Actor, scope: str, unit: UUID | None) -> bool:
    """A phrase of this scope; for a unit, of this one."""
    if scope == Scope.UNIT:
        return unit in shares_with(actor)
    return scope == Scope.OWN or shares_with_all(actor)


def may_change(actor: Actor, phrase: Phrase) -> bool:
    """The own one; a shared one whoever may share it."""
    if phrase.scope == Scope.OWN:
        return phrase.person_id == actor.person_id
    return may_write(actor, phrase.scope, phrase.unit_id)
