"""Who acts: one small value for staff, speakers and the system. Where it comes from, organization and portal know."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID


class ActorKind(StrEnum):
    """What kind of somebody acts."""

    STAFF = "staff"
    SPEAKER = "speaker"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class PostHeld:
    """A post as its holder carries it: the unit with its path ("/3/12/"), the role, and whether held as a deputy."""

    unit_id: UUID
    unit_path: str
    unit_kind: str
    role: str
    acting: bool = False


@dataclass(frozen=True, slots=True)
class StandIn:
    """Somebody absent whose place the actor takes: all posts of theirs, and those that may be lent."""

    person_id: UUID
    posts: tuple[PostHeld, ...]
    lent: tuple[PostHeld, ...]


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who acts, as it was when the request began. `matter_id` is the one matter a speaker's code opened.

    `posts` are the own ones. What is done in the place of somebody of `stands_in` is done with their posts alone, and
    `acting_for` says so: then `posts` are those that were lent.
    `part`: whose code it was, where several speak for a group. `one_record`: no other record of people is known to be
    the same human being, so that nobody has to look for them.
    """

    kind: ActorKind
    person_id: UUID | None = None
    account_id: UUID | None = None
    posts: tuple[PostHeld, ...] = ()
    matter_id: UUID | None = None
    part: UUID | None = None
    stands_in: tuple[StandIn, ...] = ()
    acting_for: UUID | None = None
    one_record: bool = False

    @property
    def whose(self) -> UUID | None:
        """Whose duty is done: the person's own, or that of the absent person."""
        return self.acting_for or self.person_id

    def in_place_of(self, absent: StandIn) -> Actor:
        """The same person with the duties of somebody absent, and none of the own."""
        return replace(self, posts=absent.lent, stands_in=(), acting_for=absent.person_id)

    @property
    def ref(self) -> str:
        """The string that stands in events: staff:<person>:<account>, speaker:<matter>[:<part>], or system."""
        if self.kind is ActorKind.STAFF:
            return f"staff:{self.person_id}:{self.account_id}"
        if self.kind is ActorKind.SPEAKER:
            return f"speaker:{self.matter_id}:{self.part}" if self.part else f"speaker:{self.matter_id}"
        return "system"

    def holds(self, role: str, path: str | None = None) -> bool:
        """Whether a post carries `role`; with `path`, in a unit that is it or stands above it."""
        return any(post.role == role and (path is None or path.startswith(post.unit_path)) for post in self.posts)


SYSTEM = Actor(ActorKind.SYSTEM)
