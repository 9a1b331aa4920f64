"""Who acts: one small value for staff, speakers and the system. Where it comes from, organization and portal know."""

from __future__ import annotations

from dataclasses import dataclass
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
class Actor:
    """Somebody who acts, as it was when the request began. `matter_id` is the one matter a speaker's code opened.

    `part`: whose code it was, where several speak for a group.
    """

    kind: ActorKind
    person_id: UUID | None = None
    account_id: UUID | None = None
    posts: tuple[PostHeld, ...] = ()
    matter_id: UUID | None = None
    part: UUID | None = None

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
