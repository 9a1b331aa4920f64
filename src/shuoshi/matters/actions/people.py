"""Which natural persons are at hand for a duty in one matter. Asked inside a step; pages ask `policies`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import CharField, DateTimeField, Q, QuerySet
from django.utils.translation import gettext as _

from shuoshi.kernel.prepared import Prepared
from shuoshi.kernel.refusal import Refused
from shuoshi.matters.case import HANDLING, HEADING, WATCHING, Standing, parent_path, prefixes, served
from shuoshi.matters.models import Result
from shuoshi.matters.step import Step
from shuoshi.matters.vocabulary import Complexity, FollowUpBy, ResultState, RoundBecause
from shuoshi.organization import deputies
from shuoshi.organization import queries as organization
from shuoshi.organization.models import TIERS, Post, Unit, UnitKind
from shuoshi.organization.roles import Role

SIGNED_BY_ANOTHER = frozenset({Complexity.COMPLEX, Complexity.DIFFICULT})
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


def may_have_it(step: Step, pk: UUID) -> Unit | None:
    """The same unit, or None where it may not have the matter."""
    try:
        return unit_for(step, pk)
    except Refused:
        return None


def handler_for(step: Step, unit: Unit, person: UUID) -> UUID:
    """A person who handles for this unit and whom the matter does not concern."""
    if person in kept_away(step):
        raise Refused("person_concerned", _("这件事和这个人有关，要换一个人办。"))
    if person not in handling_for(step, unit):
        raise Refused("not_of_unit", _("这个人不在%(unit)s承办事情。") % {"unit": unit.short_name})
    if person in not_again(step):
        raise Refused("answered_last_round", _("上一轮是这个人答的，这一轮要换一个人答。"))
    return person


def handling_for(step: Step, unit: Unit) -> set[UUID]:
    """Who handles for this unit now and is not kept from the matter."""
    posts = _held_now(step.now).filter(role__in=HANDLING, unit__path=unit.path)
    return set(posts.values_list("person_id", flat=True)) - kept_away(step)


def others_of_unit(step: Step, unit: Unit) -> set[UUID]:
    """Who could still handle for the unit: everybody but those the matter concerns, and who may not answer it again."""
    return handling_for(step, unit) - not_again(step)


def answered_before(step: Step) -> set[UUID]:
    """Who answered last, where the kind is reworked once only: then another person answers (4.4.2)."""
    current = step.matter.round
    if current is None or current.because != RoundBecause.REWORK:
        return set()
    if step.profile.kind(step.matter.kind).rework != "once":
        return set()
    last = Result.objects.filter(matter=step.matter, round__ordinal=current.ordinal - 1, state=ResultState.SIGNED)
    return set(last.values_list("prepared_by_id", flat=True))


def not_again(step: Step) -> set[UUID]:
    """The same, but nobody where no other person of the tier could handle it."""
    before = answered_before(step)
    if before and brings_to_an_end(step, step.matter.tier_path, kept_away(step), not_handling=before):
        return before
    return set()


def mediators_for(step: Step, unit: Unit) -> set[UUID]:
    """Who may mediate: whoever handles for the unit, and the mediators of the tier and beneath it; nobody kept away."""
    posts = _held_now(step.now).filter(role=Role.MEDIATOR, unit__path__startswith=step.matter.tier_path)
    return handling_for(step, unit) | set(posts.values_list("person_id", flat=True)) - kept_away(step)


def signers_for(step: Step, unit: Unit) -> set[UUID]:
    """Who could sign for the unit: its head, its leader where it is a tier, and those of the unit above it."""
    over = parent_path(unit.path)
    leading = Q(unit__path__in=[path for path in (unit.path, over) if path])
    heads = Q(role=Role.DEPARTMENT_HEAD) & leading
    registries = Q(unit__parent__path__in=[unit.path, over], unit__kind=UnitKind.REGISTRY)
    leaders = Q(role=Role.LEADER) & (leading | registries)
    return set(_held_now(step.now).filter(heads | leaders).values_list("person_id", flat=True)) - kept_away(step)


def able(step: Step, unit: Unit) -> bool:
    """Whether the unit can bring the matter to an answer: somebody handles and somebody signs, none of them kept away.

    A complex or difficult matter takes two persons for that.
    """
    return _enough(step, others_of_unit(step, unit), signers_for(step, unit))


def in_service(step: Step, person: UUID | None) -> bool:
    """Whether this is somebody with a post, who could have to do with a matter."""
    return _held_now(step.now).filter(person=person, person__isnull=False).exists()


def all_in_service(step: Step, people: Iterable[UUID]) -> set[UUID]:
    """Those of these people who hold a post now."""
    return set(_held_now(step.now).filter(person__in=list(people)).values_list("person_id", flat=True))


def serving(step: Step, roles: Iterable[Role], tier: str) -> set[UUID]:
    """Who holds one of these duties of a tier now: by a post in its own unit, its registry or its oversight committee."""
    return _serving(step.now, roles, tier)


def there(step: Step, people: set[UUID], blocked: Collection[UUID]) -> set[UUID]:
    """Those of these people whose duty can be done now: they are there, or who acts for them is, and may."""
    free = people - set(blocked)
    if not free:
        return free
    covers = deputies.covers(step.now)
    return {one for one in free if covers.acting_for(one) not in (*blocked, None)}


def tiers_with(role: Role, now: datetime) -> set[str]:
    """The paths of all tiers at which somebody holds this duty now; one statement."""
    held = _held_now(now).filter(role=role).values_list("unit__path", "unit__kind").distinct()
    return {served(path, kind, role) for path, kind in held}


def _serving(now: datetime, roles: Iterable[Role], tier: str) -> set[UUID]:
    return set(_posts_serving(now, roles, tier).values_list("person_id", flat=True))


def _posts_serving(now: datetime, roles: Iterable[Role], tier: str) -> QuerySet[Post]:
    of_tier = Q(unit__path=tier) | Q(unit__parent__path=tier, unit__kind=UnitKind.REGISTRY)
    of_tier |= Q(unit__parent__path=tier, unit__kind=UnitKind.OVERSIGHT, role__in=WATCHING)
    return _held_now(now).filter(of_tier, role__in=list(roles))


def brings_to_an_end(step: Step, tier: str, away: set[UUID], not_handling: Iterable[UUID] = ()) -> bool:
    """Whether, without these people, the tier has somebody who assigns and a unit beneath it that handles and signs.

    `not_handling` may assign and sign, but not handle. A complex or difficult matter takes two persons there.
    """
    if not serving(step, ASSIGNING, tier) - away:
        return False
    posts = (
        _held_now(step.now)
        .filter(
            Q(unit__path__startswith=tier) | Q(unit__path=parent_path(tier)) | Q(unit__parent__path=parent_path(tier))
        )
        .filter(role__in=[*HANDLING, Role.LEADER])
        .exclude(person__in=away)
        .values_list("role", "unit__path", "unit__kind", "person_id")
    )
    handle, sign = defaultdict[str, set[UUID]](set), defaultdict[str, set[UUID]](set)
    for role, path, kind, person in posts:
        if role == Role.LEADER and kind == UnitKind.REGISTRY:
            sign[parent_path(path)].add(person)
        elif role in (Role.LEADER, Role.DEPARTMENT_HEAD):
            sign[path].add(person)
        if role in HANDLING and path.startswith(tier) and person not in not_handling:
            handle[path].add(person)
    return any(_enough(step, people, sign[path] | sign[parent_path(path)]) for path, people in list(handle.items()))


def _enough(step: Step, handle: set[UUID], sign: set[UUID]) -> bool:
    """Somebody handles and somebody signs; of a complex or difficult matter it is not one person who does both."""
    needed = 2 if step.matter.complexity in SIGNED_BY_ANOTHER else 1
    return bool(handle) and bool(sign) and len(handle | sign) >= needed


def own_units(step: Step, tier: str) -> set[str]:
    """The paths of units of this tier itself, not of one beneath it, in which somebody handles now."""
    beneath_it = Unit.objects.filter(path__startswith=tier, kind__in=TIERS).exclude(path=tier)
    lower = tuple(beneath_it.values_list("path", flat=True))
    handling = _held_now(step.now).filter(role__in=HANDLING, unit__path__startswith=tier)
    handling = handling.exclude(person__in=kept_away(step))
    return {path for path in handling.values_list("unit__path", flat=True) if not path.startswith(lower)}


def someone_else_signs(step: Step, unit: Unit, handler: UUID) -> None:
    """A complex or difficult matter is signed by another than who handles it; refuse a handler nobody could sign for."""
    if step.matter.complexity in SIGNED_BY_ANOTHER and not signers_for(step, unit) - {handler}:
        raise Refused("nobody_else_to_sign", _("这个人是唯一能签发的负责人，复杂的事要请别人承办。"))


def kept_away(step: Step, *more: str) -> set[UUID]:
    """Everybody whom the matter concerns, by name or through a post in a unit it concerns; `more` are paths of units."""
    standing = step.case.standing
    return set(standing.excluded_people) | beneath(step, [*standing.excluded_units, *more])


def beneath(step: Step, paths: Iterable[str], *but: UnitKind, heads: bool = False) -> set[UUID]:
    """Whoever holds a post in one of these units or beneath it; `heads`: a post by which a unit is headed."""
    under = Q(pk__in=[])
    for path in paths:
        under |= Q(unit__path__startswith=path)
    found = _held_now(step.now).filter(under).exclude(unit__kind__in=but)
    return set((found.filter(role__in=HEADING) if heads else found).values_list("person_id", flat=True))


def _held_now(now: datetime) -> QuerySet[Post]:
    return organization.posts_at(now).select_related(None)


def headed_by(step: Step, person: UUID) -> list[str]:
    """The paths of the units this person heads now: their people are subordinates (4.4.1).

    Who leads a tier by a post in its registry leads the tier.
    """
    heading = _held_now(step.now).filter(person=person, role__in=HEADING)
    by_registry = Q(role=Role.LEADER, unit__kind=UnitKind.REGISTRY)
    leads = heading.filter(by_registry).values_list("unit__parent__path", flat=True)
    own = heading.exclude(by_registry).values_list("unit__path", flat=True)
    return sorted({*leads, *own})


def follow_up_by(step: Step, but: Collection[UUID] = ()) -> tuple[FollowUpBy, str, str]:
    """Whose turn it is to ask the resident, at which tier, and why nobody before them could (order of fall-back).

    Colleague not involved and not a subordinate → oversight committee → the tiers above, nearest first → the resident
    alone. `but`: who does not count either.
    """
    home, *over = upwards(step.matter.home_path)
    standing = step.case.standing
    blocked = standing.involved | kept_away(step) | set(but) | _beneath_the_handlers(step, standing)
    if step.matter.staff_entered and step.matter.registered_by_id:
        blocked |= {step.matter.registered_by_id}
    if there(step, serving(step, (Role.FOLLOW_UP_AGENT,), home), blocked):
        return FollowUpBy.REGISTRY, home, ""
    if there(step, serving(step, (Role.OVERSIGHT_MEMBER,), home), blocked):
        return FollowUpBy.OVERSIGHT, home, "nobody_uninvolved_in_registry"
    for tier in over:
        if there(step, serving(step, (Role.FOLLOW_UP_AGENT,), tier), blocked):
            return FollowUpBy.ABOVE, tier, "nobody_uninvolved_at_home"
    return FollowUpBy.SPEAKER, "", "nobody_uninvolved_anywhere"


def _beneath_the_handlers(step: Step, standing: Standing) -> set[UUID]:
    """Whoever holds any post under a handler; oversight is elected beside the leadership, under nobody's orders."""
    return beneath(step, standing.handled_over, UnitKind.OVERSIGHT)


def upwards(path: str) -> list[str]:
    """A tier and all paths above it, nearest first."""
    return list(reversed(prefixes(path)))


def tier_above(step: Step) -> str:
    """The nearest tier above that can take the matter on, without whom it is kept from; "" at the top."""
    away = kept_away(step)
    if not away:
        return dispatching_tier_above(step.matter.tier_path, step.now)
    for tier in upwards(parent_path(step.matter.tier_path)):
        if brings_to_an_end(step, tier, away):
            return tier
    return ""


def dispatching_tier_above(path: str, now: datetime) -> str:
    """The nearest tier above that has somebody who assigns now; "" at the top."""
    for tier in upwards(parent_path(path)):
        if _DISPATCHERS.one(now=now, tier=tier) is not None:
            return tier
    return ""


_DISPATCHERS: Prepared[tuple[Any, ...]] = Prepared(
    lambda now, tier: _posts_serving(now, (Role.DISPATCHER,), tier).values_list("pk")[:1],
    now=DateTimeField(),
    tier=CharField(),
)
