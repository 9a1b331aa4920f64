"""What somebody holds that a successor has to take before they leave: by name, or by a post whose last holder they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shuoshi.kernel.clocks import Outcome
from shuoshi.matters.case import HANDLING, parent_path, served
from shuoshi.matters.models import Deadline, Matter, Request
from shuoshi.matters.scope import visible_to
from shuoshi.matters.vocabulary import GIVEN, HELD, OPEN, DeadlineKind, FollowUpBy, RequestState, Status
from shuoshi.organization import queries as organization
from shuoshi.organization.models import Post, Unit, UnitKind
from shuoshi.organization.roles import Role
from shuoshi.people.leaving import Held

_CALLS = {Role.FOLLOW_UP_AGENT: (FollowUpBy.REGISTRY, FollowUpBy.ABOVE), Role.OVERSIGHT_MEMBER: (FollowUpBy.OVERSIGHT,)}


@dataclass(frozen=True)
class _Duty:
    """Work of a tier that these roles do: what waits at a path."""

    roles: tuple[Role, ...]
    what: Promise
    waits: Callable[[str], QuerySet[Any, Any]]


def _follow_ups(role: Role) -> Callable[[str], QuerySet[Any, Any]]:
    return lambda path: Matter.objects.filter(
        status=Status.IN_FOLLOW_UP, follow_up_path=path, follow_up_by__in=_CALLS[role], drill=False
    )


_DUTIES = (
    _Duty(
        (Role.REGISTRAR, Role.DISPATCHER),
        _("待受理"),
        lambda path: Matter.objects.filter(status=Status.REGISTERED, tier_path=path, drill=False),
    ),
    _Duty(
        (Role.DISPATCHER,),
        _("待交办"),
        lambda path: Matter.objects.filter(status=Status.ACCEPTED, tier_path=path, drill=False),
    ),
    _Duty(
        (Role.DISPATCHER, Role.LEADER),
        _("待裁定"),
        lambda path: Request.objects.filter(state=RequestState.PENDING, decider_path=path),
    ),
    _Duty(
        (Role.DISPATCHER, Role.LEADER),
        _("待复核"),
        lambda path: Matter.objects.filter(status=Status.UNDER_REVIEW, review_path=path),
    ),
    _Duty((Role.FOLLOW_UP_AGENT,), _("待回访"), _follow_ups(Role.FOLLOW_UP_AGENT)),
    _Duty((Role.OVERSIGHT_MEMBER,), _("待回访"), _follow_ups(Role.OVERSIGHT_MEMBER)),
)


def held(person: UUID, ending: UUID | None, now: datetime) -> list[Held]:
    """All of it that ends with this post, or with all of them. A few statements for each post that ends."""
    posts = list(organization.posts_at(now).filter(person=person))
    lost = [post for post in posts if ending in (None, post.pk)]
    kept = [post for post in posts if post not in lost]
    return [*_by_name(person, kept), *_by_post(person, lost, kept, now)]


def in_hand_of(person: UUID) -> QuerySet[Matter]:
    """What this person handles now."""
    return Matter.objects.filter(status__in=HELD, handler=person, drill=False)


def _by_name(person: UUID, kept: Iterable[Post]) -> Iterator[Held]:
    kept = list(kept)
    handles = [post.unit_id for post in kept if post.role in HANDLING]
    yield Held(str(_("在办")), in_hand_of(person).exclude(lead_unit__in=handles).count())
    if not any(post.role == Role.LEADER for post in kept):
        yield Held(str(_("包案")), Matter.objects.filter(status__in=OPEN, sponsor=person).count())


def _by_post(person: UUID, lost: Iterable[Post], kept: Iterable[Post], now: datetime) -> Iterator[Held]:
    """What nobody else could do any more: the person's other posts count as somebody else's."""
    lost, kept = list(lost), list(kept)
    held_by_others = [
        (role, path, kind, unit)
        for role, path, kind, unit in organization.posts_at(now)
        .exclude(person=person)
        .values_list("role", "unit__path", "unit__kind", "unit_id")
    ] + [(post.role, post.unit.path, post.unit.kind, post.unit_id) for post in kept]
    serving = {(role, served(path, kind, role)) for role, path, kind, _unit in held_by_others}
    seen: set[tuple[_Duty, str]] = set()
    for post in lost:
        path = served(post.unit.path, post.unit.kind, post.role)
        for duty in _DUTIES:
            left = any((role, path) in serving for role in duty.roles)
            if post.role in duty.roles and not left and (duty, path) not in seen:
                seen.add((duty, path))
                yield Held(str(duty.what), duty.waits(path).count(), by_name=False)
    handled = {unit for role, _path, _kind, unit in held_by_others if role in HANDLING}
    alone = {post.unit_id: post.unit for post in lost if post.role in HANDLING and post.unit_id not in handled}
    for unit in alone.values():
        yield Held(
            str(_("待签收")),
            Matter.objects.filter(status=Status.ASSIGNED, lead_unit=unit, drill=False).count(),
            by_name=False,
        )
        owed = Deadline.objects.filter(kind=DeadlineKind.CO_OPINION, outcome=Outcome.OPEN, about=unit.pk.hex)
        yield Held(str(_("待协办")), owed.count(), by_name=False)
    yield Held(str(_("没有别人能签发的")), _unsigned(lost, held_by_others).count(), by_name=False)


def _unsigned(lost: Iterable[Post], others: Iterable[tuple[str, str, str, UUID]]) -> QuerySet[Matter]:
    """What these posts sign for and nobody else does: of their own units, and of those beneath them."""
    heads = {path for role, path, _kind, _unit in others if role == Role.DEPARTMENT_HEAD}
    leads = {served(path, kind, role) for role, path, kind, _unit in others if role == Role.LEADER}
    over = Q(pk__in=[])
    for post in lost:
        if post.role == Role.DEPARTMENT_HEAD or (post.role == Role.LEADER and post.unit.kind != UnitKind.REGISTRY):
            over |= Q(pk=post.unit_id) | Q(parent=post.unit_id)
    signed = heads | leads
    orphans = [
        pk
        for pk, path in Unit.objects.filter(over, active=True).values_list("pk", "path")
        if signed.isdisjoint({path, parent_path(path)})
    ]
    return Matter.objects.filter(status__in=GIVEN, lead_unit__in=orphans, drill=False)


def to_hand_over(actor: Any, person: UUID) -> list[Matter]:
    """What lies in the hands of somebody, as far as the actor may know of it, nearest date first; one statement."""
    found = visible_to(actor).filter(pk__in=in_hand_of(person).values("pk"))
    return list(found.select_related("lead_unit", "area", "handler", "round").order_by("next_due_at", "id"))
