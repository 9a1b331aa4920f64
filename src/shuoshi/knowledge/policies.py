"""Who writes, publishes and keeps entries. Pure questions about an actor and a unit; `queries.visible_to` is their SQL.

What residents read is never put in force by whoever wrote it: a head of the owner unit, or somebody above, reads it
first. An entry for staff only, and a version that stood before, its head may publish alone.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from shuoshi.kernel.actors import Actor, ActorKind, PostHeld
from shuoshi.kernel.refusal import Refused
from shuoshi.knowledge.models import EntryVersion
from shuoshi.organization.models import Unit, UnitKind
from shuoshi.organization.roles import Role

BELONGS = (
    Role.HANDLER,
    Role.GRID_WORKER,
    Role.REGISTRAR,
    Role.DISPATCHER,
    Role.FOLLOW_UP_AGENT,
    Role.DEPARTMENT_HEAD,
    Role.LEADER,
)
HEADS = (Role.DEPARTMENT_HEAD, Role.LEADER)
MANAGES = (*HEADS, Role.ADMINISTRATOR)
PROPOSES = (Role.REGISTRAR, Role.DISPATCHER)  # who hears the questions may write for every unit their registry serves


def belongs(actor: Actor, unit: Unit) -> bool:
    """Works for the unit: looks after its entries and settles what is missing."""
    return any(post.unit_id == unit.pk and post.role in BELONGS for post in actor.posts)


def manages(actor: Actor, unit: Unit) -> bool:
    """Heads or leads the unit or one above it, or administers it."""
    return any(actor.holds(role, unit.path) for role in MANAGES)


def keeps(actor: Actor, unit: Unit) -> bool:
    """May say that an entry still holds, or that none is needed."""
    return belongs(actor, unit) or manages(actor, unit)


def writes(actor: Actor, unit: Unit) -> bool:
    """May write entries of this unit, and so sees what is not published yet."""
    return keeps(actor, unit) or any(unit.path.startswith(path) for path in served(actor))


def writes_at_all(actor: Actor) -> bool:
    """Whether there is any unit whose entries this person may write."""
    return bool(managed(actor) or served(actor) or any(post.role in BELONGS for post in actor.posts))


def served(actor: Actor) -> frozenset[str]:
    """Paths of the units whose registries this person registers or dispatches for."""
    return frozenset(
        _parent(post) for post in actor.posts if post.role in PROPOSES and post.unit_kind == UnitKind.REGISTRY
    )


def managed(actor: Actor) -> frozenset[str]:
    """Paths of the units this person manages, each with all beneath it."""
    return frozenset(post.unit_path for post in actor.posts if post.role in MANAGES)


def require_writer(actor: Actor, unit: Unit) -> None:
    """Raises Refused unless `writes`."""
    if actor.kind is not ActorKind.STAFF or not writes(actor, unit):
        raise Refused(
            "not_writer",
            _("这个单位的知识条目由本单位和受理中心写。"),
            who_could=_("%(unit)s、受理中心") % {"unit": unit.name},
        )


def require_keeper(actor: Actor, unit: Unit) -> None:
    """Raises Refused unless `keeps`."""
    if not keeps(actor, unit):
        raise Refused("not_keeper", _("由责任单位自己来定。"), who_could=unit.name)


def require_manager(actor: Actor, unit: Unit) -> None:
    """Raises Refused unless `manages`."""
    if not manages(actor, unit):
        raise _not_manager(unit)


def publishing(actor: Actor, unit: Unit, version: EntryVersion, *, stood_before: bool) -> Refused | None:
    """Why this person may not put the version in force; None when they may."""
    if not manages(actor, unit):
        return _not_manager(unit)
    if version.is_public and not stood_before and version.written_by_id == actor.person_id:
        return Refused(
            "own_words",
            _("这一版是您写的。给群众看的答案，由另一个人看过再发布。"),
            who_could=_("%(unit)s另一位负责人，或者上级领导") % {"unit": unit.name},
        )
    return None


def require_publisher(actor: Actor, unit: Unit, version: EntryVersion, *, stood_before: bool) -> None:
    """Raises what `publishing` says."""
    refusal = publishing(actor, unit, version, stood_before=stood_before)
    if refusal is not None:
        raise refusal


def _not_manager(unit: Unit) -> Refused:
    return Refused(
        "not_manager",
        _("由责任单位负责人、上级领导或者系统管理员来做。"),
        who_could=_("%(unit)s负责人") % {"unit": unit.name},
    )


def _parent(post: PostHeld) -> str:
    head = post.unit_path.rstrip("/").rpartition("/")[0]
    return f"{head}/"
