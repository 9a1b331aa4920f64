"""Which natural persons are at hand for a duty in one matter. Asked inside a step; pages ask `policies`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import CharField, Q, QuerySet
from django.utils.translation import gettext as _

from shuoshi.kernel.prepared import Prepared
from shuoshi.kernel.refusal import Refused
from shuoshi.matters.case import NOT_LEAD, Standing, parent_path, prefixes
from shuoshi.matters.step import Step
from shuoshi.matters.vocabulary import Complexity, FollowUpBy
from shuoshi.organization.models import Post, Unit, UnitKind
from shuoshi.organization.roles import Role

SIGNED_BY_ANOTHER = frozenset({Complexity.COMPLEX, Complexity.DIFFICULT})
HANDLING = (Role.HANDLER, Role.DEPARTMENT_HEAD, Role.GRID_WORKER)
REGISTRY = (Role.REGISTRAR, Role.DISPATCHER, Role.FOLLOW_UP_AGENT)
ASSIGNING = (Role.DISPATCHER, Role.LEADER)  # a leader stands in for a dispatcher who must stay away


def unit_for(step: Step, pk: UUID) -> Unit:
    """An active unit that this matter may be given to: not one it concerns, nor a part of one."""
    unit = Unit.objects.select_related("parent").filter(pk=pk, active=True).first()
    if unit is None:
        raise Refused("no_such_unit", _("没有这个单位，或者它已经停用。"))
    if any(unit.path.startswith(path) for path in step.case.standing.excluded_units):
        raise Refused("unit_concerned", _("这件事反映的就是%(unit)s，不能交给它办。") % {"unit": unit.short_name})
    if not unit.path.startswith(step.matter.tier_path):
        raise Refused("unit_elsewhere", _("%(unit)s不归这一级交办。") % {"unit": unit.short_name})
    return unit


def handler_for(step: Step, unit: Unit, person: UUID) -> UUID:
    """A person who handles for this unit and whom the matter does not concern."""
    if person in kept_away(step):
        raise Refused("person_concerned", _("这件事和这个人有关，要换一个人办。"))
    if not posts_at(step, HANDLING, [unit.path]).filter(person=person).exists():
        raise Refused("not_of_unit", _("这个人不在%(unit)s承办事情。") % {"unit": unit.short_name})
    return person


def posts_at(step: Step, roles: Iterable[Role], paths: Iterable[str]) -> QuerySet[Post]:
    """Posts with these roles held now at exactly these units."""
    return _held_now(step).filter(role__in=list(roles), unit__path__in=list(paths))


def others_of_unit(step: Step, unit: Unit) -> set[UUID]:
    """Who could still handle for the unit: everybody but those the matter concerns."""
    found = set(posts_at(step, HANDLING, [unit.path]).values_list("person_id", flat=True))
    return found - kept_away(step)


def signers_for(step: Step, unit: Unit) -> set[UUID]:
    """Who could sign for the unit: its head, its leader where it is a tier, and those of the unit above it."""
    over = parent_path(unit.path)
    leading = Q(unit__path__in=[path for path in (unit.path, over) if path])
    heads = Q(role=Role.DEPARTMENT_HEAD) & leading
    registries = Q(unit__parent__path__in=[unit.path, over], unit__kind=UnitKind.REGISTRY)
    leaders = Q(role=Role.LEADER) & (leading | registries)
    return set(_held_now(step).filter(heads | leaders).values_list("person_id", flat=True)) - kept_away(step)


def able(step: Step, unit: Unit) -> bool:
    """Whether the unit can bring the matter to an answer: somebody handles and somebody signs, none of them kept away.

    A complex or difficult matter takes two persons for that.
    """
    handle, sign = others_of_unit(step, unit), signers_for(step, unit)
    needed = 2 if step.matter.complexity in SIGNED_BY_ANOTHER else 1
    return bool(handle) and bool(sign) and len(handle | sign) >= needed


def in_service(step: Step, person: UUID | None) -> bool:
    """Whether this is somebody with a post, who could have to do with a matter."""
    return _held_now(step).filter(person=person, person__isnull=False).exists()


def serving(step: Step, roles: Iterable[Role], tier: str) -> set[UUID]:
    """Who holds one of these duties of a tier now: by a post in its own unit or in its registry."""
    return set(_serving(step, roles, tier).values_list("person_id", flat=True))


def _serving(step: Step, roles: Iterable[Role], tier: str) -> QuerySet[Post]:
    of_tier = Q(unit__path=tier) | Q(unit__parent__path=tier, unit__kind=UnitKind.REGISTRY)
    return _held_now(step).filter(of_tier, role__in=list(roles))


def brings_to_an_end(step: Step, tier: str, away: set[UUID]) -> bool:
    """Whether, without these people, the tier has somebody who assigns and a unit beneath it that handles and signs."""
    if not serving(step, ASSIGNING, tier) - away:
        return False
    posts = (
        _held_now(step)
        .filter(
            Q(unit__path__startswith=tier) | Q(unit__path=parent_path(tier)) | Q(unit__parent__path=parent_path(tier))
        )
        .filter(role__in=[*HANDLING, Role.LEADER])
        .exclude(person__in=away)
        .values_list("role", "unit__path", "unit__kind")
    )
    handle, sign = set(), set()
    for role, path, kind in posts:
        if role == Role.LEADER and kind == UnitKind.REGISTRY:
            sign.add(parent_path(path))
        elif role in (Role.LEADER, Role.DEPARTMENT_HEAD):
            sign.add(path)
        if role in HANDLING and path.startswith(tier):
            handle.add(path)
    return any(path in sign or parent_path(path) in sign for path in handle)


def someone_else_signs(step: Step, unit: Unit, handler: UUID) -> None:
    """A complex or difficult matter is signed by another than who handles it; refuse a handler nobody could sign for."""
    if step.matter.complexity in SIGNED_BY_ANOTHER and not signers_for(step, unit) - {handler}:
        raise Refused("nobody_else_to_sign", _("这个人是唯一能签发的负责人，复杂的事要请别人承办。"))


def kept_away(step: Step, *more: str) -> set[UUID]:
    """Everybody whom the matter concerns, by name or through a post in a unit it concerns; `more` are paths of units."""
    standing = step.case.standing
    return set(standing.excluded_people) | _beneath(step, [*standing.excluded_units, *more])


def _beneath(step: Step, paths: Iterable[str], *but: UnitKind) -> set[UUID]:
    """Whoever holds a post in one of these units or beneath it."""
    under = Q(pk__in=[])
    for path in paths:
        under |= Q(unit__path__startswith=path)
    return set(_held_now(step).filter(under).exclude(unit__kind__in=but).values_list("person_id", flat=True))


def _held_now(step: Step) -> QuerySet[Post]:
    return Post.objects.filter(Q(until__isnull=True) | Q(until__gt=step.now), since__lte=step.now, unit__active=True)


def headed_by(step: Step, person: UUID) -> list[str]:
    """The paths of the units this person heads now: their people are subordinates (4.4.1)."""
    heading = _held_now(step).filter(person=person, role__in=[Role.DEPARTMENT_HEAD, Role.LEADER])
    return sorted(set(heading.values_list("unit__path", flat=True)))


def follow_up_by(step: Step) -> tuple[FollowUpBy, str, str]:
    """Whose turn it is to ask the resident, at which tier, and why nobody before them could (order of fall-back).

    Colleague not involved and not a subordinate → oversight committee → the tier above → the resident alone.
    """
    home = step.matter.home_path
    over = parent_path(home)
    standing = step.case.standing
    blocked = standing.involved | kept_away(step) | _beneath_the_handlers(step, standing)
    if step.matter.staff_entered and step.matter.registered_by_id:
        blocked |= {step.matter.registered_by_id}
    free = set(
        _held_now(step)
        .filter(
            role__in=[Role.FOLLOW_UP_AGENT, Role.OVERSIGHT_MEMBER],
            unit__parent__path__in=[home, over] if over else [home],
            unit__kind__in=[UnitKind.REGISTRY, UnitKind.OVERSIGHT],
        )
        .exclude(person__in=blocked)
        .values_list("role", "unit__parent__path")
    )
    if (Role.FOLLOW_UP_AGENT, home) in free:
        return FollowUpBy.REGISTRY, home, ""
    if (Role.OVERSIGHT_MEMBER, home) in free:
        return FollowUpBy.OVERSIGHT, home, "nobody_uninvolved_in_registry"
    if over and (Role.FOLLOW_UP_AGENT, over) in free:
        return FollowUpBy.ABOVE, over, "nobody_uninvolved_at_home"
    return FollowUpBy.SPEAKER, "", "nobody_uninvolved_anywhere"


def _beneath_the_handlers(step: Step, standing: Standing) -> set[UUID]:
    """Whoever holds any post under a handler; oversight is elected beside the leadership, under nobody's orders."""
    return _beneath(step, standing.handled_over, UnitKind.OVERSIGHT)


@dataclass(frozen=True)
class Decider:
    """The tier that rules. `lead_too`: nobody outside the lead unit is free anywhere, so its people may rule."""

    path: str
    lead_too: bool = False


def decider(
    step: Step, requester: UUID | None, about: UUID | None = None, *, leader: bool = False, outside_lead: bool = False
) -> Decider:
    """Which tier rules: the one the matter lies at, or the nearest above where somebody is free of it.

    `leader`: only a leader may rule, as on an exit after a failed round. `outside_lead`: who holds a post in the lead
    unit rules only when there is nobody else up to the top.
    """
    blocked = step.case.standing.involved | kept_away(step) | {pk for pk in (requester, about) if pk}
    roles = [Role.LEADER] if leader else ASSIGNING
    lead = step.matter.lead_unit
    side = _beneath(step, [lead.path], *NOT_LEAD) if outside_lead and lead is not None else set()
    for kept in [blocked | side, blocked] if side else [blocked]:
        for tier in upwards(step.matter.tier_path):
            if serving(step, roles, tier) - kept:
                return Decider(tier, lead_too=bool(side) and kept is blocked)
    return Decider(step.matter.tier_path)


def upwards(path: str) -> list[str]:
    """A tier and all paths above it, nearest first."""
    return list(reversed(prefixes(path)))


def dispatching_tier_above(path: str) -> str:
    """The nearest tier above that has somebody who assigns; "" at the top."""
    for tier in upwards(parent_path(path)):
        if _DISPATCHERS.one(tier=tier) is not None:
            return tier
    return ""


_DISPATCHERS: Prepared[tuple[Any, ...]] = Prepared(
    lambda tier: Post.objects.filter(
        Q(unit__path=tier) | Q(unit__parent__path=tier, unit__kind=UnitKind.REGISTRY),
        role=Role.DISPATCHER,
        until__isnull=True,
    ).values_list("pk")[:1],
    tier=CharField(),
)
