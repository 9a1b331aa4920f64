"""`Case`: everything a policy or a guard may look at, loaded beforehand, so that both stay pure and cost no SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from shuoshi.kernel.actors import Actor, PostHeld, StandIn
from shuoshi.matters.models import Deadline, Matter, Rating
from shuoshi.matters.vocabulary import INVOLVING, Bond, DeadlineKind, RequestKind
from shuoshi.organization.models import TIERS, UnitKind
from shuoshi.organization.profile import Profile
from shuoshi.organization.roles import Role

HANDLING = (Role.HANDLER, Role.DEPARTMENT_HEAD, Role.GRID_WORKER)
HEADING = frozenset({Role.DEPARTMENT_HEAD, Role.LEADER})
WATCHING = (Role.OVERSIGHT_MEMBER, Role.SUPERVISOR)  # all an oversight committee may do: never handle or approve
NOT_LEAD = frozenset({UnitKind.REGISTRY, UnitKind.OVERSIGHT})  # beneath a unit, not of its work


@dataclass(frozen=True)
class Pending:
    """A request that waits for its ruling."""

    id: UUID
    requester: UUID | None
    about_person: UUID | None
    decider_path: str
    lead_may_rule: bool = False  # nobody outside the lead unit is free
    apart: tuple[str, ...] = ()  # paths of units whose people do not rule; of `but_heads_only` only who heads one
    but_heads_only: bool = False
    leaders_only: bool = False
    asked_in_place_of: tuple[UUID, ...] = ()  # who was away when somebody else asked for it in their place


@dataclass(frozen=True)
class Standing:
    """All relations of one natural person to one matter, under whatever post or account (1.3.1)."""

    bonds: frozenset[Bond] = frozenset()
    excluded: bool = False
    involved: frozenset[UUID] = frozenset()  # every natural person who handled, issued, led or ruled
    handled_over: frozenset[str] = frozenset()  # units headed by those who handled
    pending: Mapping[RequestKind, Pending] = field(default_factory=dict)
    excluded_people: frozenset[UUID] = frozenset()
    excluded_units: frozenset[str] = frozenset()  # paths
    same: frozenset[UUID] = frozenset()  # other records of this very person, as far as this matter goes
    theirs: Mapping[UUID, Standing] = field(default_factory=dict)  # of those whose place the actor takes


@dataclass(frozen=True)
class Case:
    """One person before one matter at one moment."""

    actor: Actor
    matter: Matter
    standing: Standing
    now: datetime
    clocks: Mapping[str, Deadline] = field(default_factory=dict)  # the open ones, by kind
    rating: Rating | None = None  # the answer just given, for consequences
    goes_on: bool = False  # ruled just now: handled again, although its kind would not be
    profile: Profile | None = None  # of the matter, for consequences
    sides: tuple[Case, ...] = ()  # in somebody's place: who acts, and whose place it is, each as themselves
    natural: Actor | None = None  # then: who acts, with all they hold

    @property
    def persons(self) -> tuple[Case, ...]:
        """Every natural person who counts for this act: what keeps one of them from it keeps both (1.3.1)."""
        return self.sides or (self,)

    @property
    def capacities(self) -> tuple[Case, ...]:
        """As themselves, and in the place of each who is away and is not kept from the matter."""
        places = (self.in_place_of(absent) for absent in self.actor.stands_in)
        return (self, *(place for place in places if not place.standing.excluded))

    def is_actor(self, person: UUID | None) -> bool:
        """Whether this record is of who acts: the own one, or another that was joined with it."""
        return person is not None and (person == self.actor.person_id or person in self.standing.same)

    def holds(self, policy: Callable[[Case], bool]) -> bool:
        """Whether it is so in any of these ways. Only for what somebody may; what keeps them away is asked of all."""
        return any(policy(one) for one in self.capacities)

    def in_place_of(self, absent: StandIn) -> Case:
        """The same person before the matter with the duties of somebody who is away."""
        own = replace(self, actor=replace(self.actor, stands_in=()))
        other = self.standing.theirs.get(absent.person_id, Standing())
        whose = Actor(self.actor.kind, person_id=absent.person_id, posts=absent.posts)
        both = replace(
            other,
            bonds=other.bonds | self.standing.bonds,
            excluded=other.excluded or self.standing.excluded,
            same=self.standing.same,
        )
        return replace(
            self,
            actor=self.actor.in_place_of(absent),
            standing=both,
            sides=(own, replace(self, actor=whose, standing=other)),
            natural=self.actor,
        )


def opinions_owed(case: Case) -> frozenset[UUID]:
    """The units that were asked to help and have not said their opinion yet."""
    owed = (clock for clock in case.clocks.values() if clock.kind == DeadlineKind.CO_OPINION)
    return frozenset(UUID(clock.about) for clock in owed)


def scope_of(post: PostHeld) -> str:
    """The path of the tier a post serves."""
    return served(post.unit_path, post.unit_kind, post.role)


def served(path: str, kind: str, role: str) -> str:
    """A registry serves the unit above it, an oversight committee watches it; any other unit is served itself."""
    watches = kind == UnitKind.OVERSIGHT and role in WATCHING
    return parent_path(path) if kind == UnitKind.REGISTRY or watches else path


def parent_path(path: str) -> str:
    """ "/1/2/" → "/1/"; the root has no parent: ""."""
    head = path.rstrip("/").rpartition("/")[0]
    return f"{head}/" if head else ""


def scopes(actor: Actor, roles: Iterable[str]) -> frozenset[str]:
    wanted = frozenset(roles)
    return frozenset(scope_of(post) for post in actor.posts if post.role in wanted)


def headed(actor: Actor) -> frozenset[UUID]:
    """Units this person heads: a part of the institution as its head, a tier also as its leader."""
    return frozenset(
        post.unit_id
        for post in actor.posts
        if post.role == Role.DEPARTMENT_HEAD or (post.role == Role.LEADER and post.unit_kind in TIERS)
    )


def signs_at(actor: Actor) -> frozenset[str]:
    """Paths this person signs at: a head signs for the own unit and what lies beneath it, never for the tier it serves."""
    own = frozenset(post.unit_path for post in actor.posts if post.role == Role.DEPARTMENT_HEAD)
    return own | scopes(actor, (Role.LEADER,))


def units(actor: Actor, roles: Iterable[str]) -> frozenset[UUID]:
    wanted = frozenset(roles)
    return frozenset(post.unit_id for post in actor.posts if post.role in wanted)


def above(actor: Actor) -> frozenset[str]:
    """Paths of all units a person stands in, and of all above them: an exclusion of any of them meets this person."""
    return frozenset(path for post in actor.posts for path in prefixes(post.unit_path))


def prefixes(path: str) -> tuple[str, ...]:
    parts = [part for part in path.split("/") if part]
    return tuple("/" + "/".join(parts[: end + 1]) + "/" for end in range(len(parts)))


def bonds_that_involve(standing: Standing) -> bool:
    return bool(standing.bonds & INVOLVING)
