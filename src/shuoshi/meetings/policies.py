"""Who calls a meeting and keeps its record, who reads of it, and who sees the people in it. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q

from shuoshi.kernel.actors import Actor, ActorKind, PostHeld
from shuoshi.organization.models import UnitKind
from shuoshi.organization.roles import Role

HOLDS = frozenset({Role.REGISTRAR, Role.DISPATCHER, Role.DEPARTMENT_HEAD, Role.HANDLER, Role.LEADER})
READS = HOLDS | {
    Role.FOLLOW_UP_AGENT,
    Role.GRID_WORKER,
    Role.REPRESENTATIVE,
    Role.SUPERVISOR,
    Role.OVERSIGHT_MEMBER,
    Role.MEDIATOR,
}
_REGISTRY = frozenset({Role.REGISTRAR, Role.DISPATCHER})
_WATCHES = frozenset({Role.SUPERVISOR, Role.OVERSIGHT_MEMBER})


def may_hold(actor: Actor, path: str) -> bool:
    """Call a meeting of the unit with this path, and keep its record: its own people, those above, the registry of the tier."""
    if actor.kind is ActorKind.SYSTEM:
        return True
    return any(path.startswith(ground) for ground in held_beneath(actor))


def held_beneath(actor: Actor) -> list[str]:
    """Paths beneath which the actor holds meetings."""
    found = []
    for post in _posts(actor):
        if post.role in _REGISTRY and post.unit_kind == UnitKind.REGISTRY:
            found += _tier(post)
        elif post.role in HOLDS:
            found.append(post.unit_path)
    return found


def sees_people(actor: Actor, path: str) -> bool:
    """Names of those who were there: who keeps the record, and who watches over the unit."""
    grounds = [ground for post in _posts(actor) if post.role in _WATCHES for ground in (post.unit_path, *_tier(post))]
    return may_hold(actor, path) or any(path.startswith(ground) for ground in grounds)


def may_read(actor: Actor, path: str) -> bool:
    """Whoever holds it, watches over it, or works in the unit or beneath it. The same as `readable`, for one."""
    return sees_people(actor, path) or any(post.unit_path.startswith(path) for post in _posts(actor))


def readable(actor: Actor) -> Q:
    """`may_read`, asked of the database for rows with a `unit`."""
    if actor.kind is ActorKind.SYSTEM:
        return Q()
    beneath = set(held_beneath(actor))
    inside: set[str] = set()
    for post in _posts(actor):
        if post.role in _WATCHES:
            beneath |= {post.unit_path, *_tier(post)}
        inside |= set(above(post.unit_path))
    found = Q(unit__path__in=sorted(inside))
    for path in sorted(beneath):
        found |= Q(unit__path__startswith=path)
    return found


def held(actor: Actor) -> Q:
    """`may_hold`, asked of the database."""
    found = Q(pk__in=[])
    for path in held_beneath(actor):
        found |= Q(unit__path__startswith=path)
    return found


def above(path: str) -> list[str]:
    """The path itself and those of all units above it: "/3/12/" gives "/3/" and "/3/12/"."""
    steps = path.strip("/").split("/")
    return ["/" + "/".join(steps[: n + 1]) + "/" for n in range(len(steps))]


def _posts(actor: Actor) -> Iterator[PostHeld]:
    """The own posts, and those of whoever the actor stands in for."""
    yield from actor.posts
    for absent in actor.stands_in:
        yield from absent.lent


def _tier(post: PostHeld) -> list[str]:
    """The tier a registry or a committee works for: the unit above it."""
    if post.unit_kind not in (UnitKind.REGISTRY, UnitKind.OVERSIGHT):
        return []
    tier = post.unit_path.rstrip("/").rpartition("/")[0] + "/"
    return [tier] if len(tier) > 1 else []
