"""From an account to the actor of every verb: who it is and which posts are held at this moment. Grants nothing."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import DateTimeField, Q, QuerySet, UUIDField

from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor, ActorKind, PostHeld
from shuoshi.kernel.prepared import Prepared
from shuoshi.organization.models import Post

if TYPE_CHECKING:
    from shuoshi.people.models import Account


def of(account: Account, at: datetime | None = None) -> Actor:
    """The actor behind `account` with the posts held now (or `at`); one statement.

    A post at a closed unit gives nothing: whoever kept it has no duty left there.
    """
    at = clock.now() if at is None else at
    return Actor(
        kind=ActorKind.STAFF,
        person_id=account.person_id,
        account_id=account.pk,
        posts=tuple(
            PostHeld(
                unit_id=post.unit_id,
                unit_path=post.unit.path,
                unit_kind=post.unit.kind,
                role=post.role,
                acting=post.acting_for_id is not None,
            )
            for post in _HELD.ask(person=account.person_id, at=at)
        ),
    )


def _held(person: UUID, at: datetime) -> QuerySet[Post]:
    held = Post.objects.filter(Q(until__isnull=True) | Q(until__gt=at), person_id=person, since__lte=at)
    return held.filter(unit__active=True).select_related("unit").order_by("since", "id")


_HELD = Prepared(_held, person=UUIDField(), at=DateTimeField())
