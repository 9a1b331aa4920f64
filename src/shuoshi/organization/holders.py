"""Who holds which posts, everybody at once: for saying whom to ask. Remembered for some seconds by each thread."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists

from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor, ActorKind, StandIn
from shuoshi.organization import deputies, queries
from shuoshi.organization.absence import Absence
from shuoshi.organization.actors import as_held, may_be_lent
from shuoshi.organization.models import Post
from shuoshi.people.models import Person

_FRESH = 5.0  # seconds; whoever was appointed elsewhere is named after that
_kept = threading.local()


@dataclass(frozen=True)
class Holder:
    """One of the staff as an actor. `name` is opened only when it is said."""

    actor: Actor
    person: Person
    away: bool = False  # somebody else is asked meanwhile

    @property
    def name(self) -> str:
        return str(self.person.name)


def everybody() -> tuple[Holder, ...]:
    """All who hold a post now, longest in office first; one statement each few seconds."""
    read_at, found = getattr(_kept, "everybody", (0.0, None))
    if found is None or time.monotonic() - read_at > _FRESH:
        found = _read()
        _kept.everybody = (time.monotonic(), found)
    holders: tuple[Holder, ...] = found
    return holders


def forget() -> None:
    """Read anew the next time this thread asks: posts or units changed."""
    _kept.everybody = (0.0, None)


def _read() -> tuple[Holder, ...]:
    posts: dict[UUID, list[Post]] = defaultdict(list)
    now = clock.now()
    away = Absence.objects.filter(active=True, starts_at__lte=now, ends_at__gt=now)
    somebody = False
    for post in queries.posts_at(now).annotate(somebody_away=Exists(away)).order_by("since", "pk"):
        posts[post.person_id].append(post)
        somebody = somebody or post.somebody_away
    covers = deputies.covers(now) if somebody else deputies.Covers(now)
    return tuple(_holder(person, posts, covers) for person in posts)


def _holder(person: UUID, posts: Mapping[UUID, list[Post]], covers: deputies.Covers) -> Holder:
    """Whose place they take is said as far as the words need it: a second factor is looked at when they act."""
    places = [
        StandIn(
            absent,
            tuple(as_held(post) for post in posts[absent]),
            tuple(as_held(post, lent=True) for post in posts[absent] if may_be_lent(post.role, strong=True)),
        )
        for absent in covers.places_of(person)
        if absent in posts
    ]
    actor = Actor(
        ActorKind.STAFF,
        person_id=person,
        posts=tuple(as_held(post) for post in posts[person]),
        stands_in=tuple(places),
    )
    return Holder(actor, posts[person][0].person, covers.is_away(person))
