"""Who holds which posts, everybody at once: for saying whom to ask. Remembered for some seconds by each thread."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from shuoshi.kernel.actors import Actor, ActorKind, PostHeld
from shuoshi.organization import queries
from shuoshi.organization.models import Post
from shuoshi.people.models import Person

_FRESH = 5.0  # seconds; whoever was appointed elsewhere is named after that
_kept = threading.local()


@dataclass(frozen=True)
class Holder:
    """One of the staff as an actor. `name` is opened only when it is said."""

    actor: Actor
    person: Person

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
    for post in queries.posts_at().order_by("since", "pk"):
        posts[post.person_id].append(post)
    return tuple(Holder(_actor(held), held[0].person) for held in posts.values())


def _actor(held: list[Post]) -> Actor:
    return Actor(
        ActorKind.STAFF,
        person_id=held[0].person_id,
        posts=tuple(
            PostHeld(post.unit_id, post.unit.path, post.unit.kind, post.role, post.acting_for_id is not None)
            for post in held
        ),
    )
