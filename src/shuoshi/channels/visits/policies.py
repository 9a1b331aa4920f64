"""Who visits, who plans, and who reads what was said at a door. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from shuoshi.channels.visits.models import Plan, Visit
from shuoshi.kernel.actors import Actor, PostHeld
from shuoshi.matters.actions import TAKES_IN
from shuoshi.organization.models import UnitKind
from shuoshi.organization.roles import Role

VISITORS = TAKES_IN
_REGISTRY = frozenset({Role.REGISTRAR, Role.DISPATCHER})
_LEADING = frozenset({Role.DEPARTMENT_HEAD, Role.LEADER})


def may_visit(actor: Actor) -> bool:
    return any(post.role in VISITORS for post in _posts(actor))


def may_plan(actor: Actor) -> bool:
    """For others, beneath the own post; everybody else plans their own visits."""
    return bool(reads_beneath(actor))


def may_change(actor: Actor, plan: Plan, grounds: Iterable[str]) -> bool:
    """`grounds`: paths of the units the plan belongs to (keeping.grounds)."""
    beneath = tuple(reads_beneath(actor))
    return any(path.startswith(beneath) for path in grounds) or (
        may_visit(actor) and actor.person_id == plan.visitor_id
    )


def may_read(actor: Actor, visit: Visit) -> bool:
    """Where and when it was: who went, the registry of the tier, and whoever leads the unit they went for."""
    return actor.person_id == visit.by_id or any(visit.unit.path.startswith(path) for path in reads_beneath(actor))


def reads_beneath(actor: Actor) -> list[str]:
    """The paths of units whose visits the actor reads beside the own ones."""
    leading = [post.unit_path for post in _posts(actor) if post.role in _LEADING]
    return [*leading, *settles_beneath(actor)]


def may_settle(actor: Actor, visit: Visit) -> bool:
    """What was said and is no matter yet: who heard it, and the registry, which registers it."""
    registry = any(visit.unit.path.startswith(tier) for tier in settles_beneath(actor))
    return registry or (actor.person_id == visit.by_id and may_visit(actor))


def _posts(actor: Actor) -> Iterator[PostHeld]:
    """The own posts, and those of whoever the actor stands in for."""
    yield from actor.posts
    for absent in actor.stands_in:
        yield from absent.lent


def settles_beneath(actor: Actor) -> list[str]:
    """The tiers at whose registry the actor is: there they settle what was said at visits."""
    found = []
    for post in _posts(actor):
        if post.role in _REGISTRY and post.unit_kind == UnitKind.REGISTRY:
            tier = post.unit_path.rstrip("/").rpartition("/")[0] + "/"
            found += [tier] if len(tier) > 1 else []
    return found
