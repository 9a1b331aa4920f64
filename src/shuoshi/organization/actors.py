"""From an account to the actor of every verb: who it is and which posts are held at this moment. Grants nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import DateTimeField, Exists, OuterRef, Q, QuerySet, UUIDField

from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor, ActorKind, PostHeld, StandIn
from shuoshi.kernel.prepared import Prepared
from shuoshi.organization import deputies
from shuoshi.organization.absence import Absence
from shuoshi.organization.models import Post
from shuoshi.organization.roles import SECOND_FACTOR
from shuoshi.people.models import Same

if TYPE_CHECKING:
    from shuoshi.people.models import Account


def of(account: Account, at: datetime | None = None) -> Actor:
    """The actor behind `account` with the posts held now (or `at`), and those who are away whose place is theirs.

    One statement while somebody else stands in for each who is away; else one for the absences, one for the posts that
    are lent, and one more where a deputy is away, too. A post at a closed unit gives nothing: whoever kept it has no
    duty left there.
    """
    at = clock.now() if at is None else at
    held = list(_HELD.ask(person=account.person_id, at=at))
    absent: list[UUID] = []
    if any(post.may_stand_in for post in held):  # type: ignore[attr-defined]  # annotated by the query
        absent = deputies.covers(at).places_of(account.person_id)
    return Actor(
        kind=ActorKind.STAFF,
        person_id=account.person_id,
        account_id=account.pk,
        posts=tuple(as_held(post) for post in held),
        stands_in=stand_ins(absent, at, strong=account.totp_confirmed) if absent else (),
        one_record=bool(held) and not held[0].more_records,  # type: ignore[attr-defined]  # annotated by the query
    )


def as_held(post: Post, lent: bool = False) -> PostHeld:
    """A post as its holder carries it, or whoever stands in."""
    return PostHeld(
        unit_id=post.unit_id,
        unit_path=post.unit.path,
        unit_kind=post.unit.kind,
        role=post.role,
        acting=lent or post.acting_for_id is not None,
    )


def stand_ins(absent: Sequence[UUID], at: datetime, *, strong: bool) -> tuple[StandIn, ...]:
    """The places of these people; one statement.

    `strong`: whoever takes them signs in with a second factor. What demands one is lent to nobody else.
    """
    posts: dict[UUID, list[Post]] = defaultdict(list)
    found = Post.objects.filter(deputies.held_at(at), person__in=absent, unit__active=True)
    for post in found.select_related("unit").order_by("since", "id"):
        posts[post.person_id].append(post)
    return tuple(
        StandIn(
            person,
            tuple(as_held(post) for post in posts[person]),
            tuple(as_held(post, lent=True) for post in posts[person] if may_be_lent(post.role, strong=strong)),
        )
        for person in absent
        if person in posts
    )


def may_be_lent(role: str, *, strong: bool) -> bool:
    """Whether whoever stands in may use this post."""
    return role in deputies.LENT and (strong or role not in SECOND_FACTOR)


def _held(person: UUID, at: datetime) -> QuerySet[Post]:
    held = Post.objects.filter(Q(until__isnull=True) | Q(until__gt=at), person_id=person, since__lte=at)
    return (
        held.filter(unit__active=True)
        .annotate(
            may_stand_in=Exists(_left_to(person, at)),
            more_records=Exists(Same.objects.filter(one_id=person, staff=True)),
        )
        .select_related("unit")
        .order_by("since", "id")
    )


def _left_to(person: UUID, at: datetime) -> QuerySet[Absence]:
    """Absences whose deputy is this person, or does not do, so that it may be anybody."""
    away = Absence.objects.filter(active=True, starts_at__lte=at, ends_at__gt=at)
    serving = Post.objects.filter(deputies.held_at(at), person=OuterRef("deputy"), unit__active=True)
    too = away.filter(person=OuterRef("deputy"))
    return away.filter(Q(deputy_id=person) | Q(deputy__isnull=True) | ~Exists(serving) | Exists(too))


_HELD = Prepared(_held, person=UUIDField(), at=DateTimeField())
