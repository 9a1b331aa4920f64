"""`Transition`: the shape of one row of the procedure. The rows themselves stand beside the stages that carry them out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from shuoshi.matters.guards import Guard
from shuoshi.matters.policies import Policy
from shuoshi.matters.vocabulary import Action, DeadlineKind, Status

if TYPE_CHECKING:
    from shuoshi.matters.step import Step


class Told(StrEnum):
    """Whom a row tells on the desk. What the resident reads is the entry's audience."""

    LEAD = "lead"
    HANDLER = "handler"
    HEAD = "head"
    REGISTRY = "registry"
    DISPATCHER = "dispatcher"
    DUTY = "duty"
    LEADER = "leader"
    SPONSOR = "sponsor"
    ABOVE = "above"  # whoever dispatches and leads at the tier above
    FOLLOW_UP = "follow_up"
    SAMPLER = "sampler"  # whose turn it is to look at an end that was drawn
    REGISTRY_HEAD = "registry_head"
    REVIEWER = "reviewer"
    MEDIATOR = "mediator"


@dataclass(frozen=True, kw_only=True)
class Transition:
    """One row: from which statuses to which, who may, when, what runs, which clocks, who is told, which clause.

    `target` None leaves the status; `also` names further ends the stage may choose. `stop` settles clocks as met or
    missed by the facts, `drop` voids them. `then` are consequences: the first whose guards hold runs as the system.
    """

    action: Action
    source: frozenset[Status]
    clause: str
    allow: Policy
    do: Callable[[Step, Any], None]
    target: Status | None = None
    also: frozenset[Status] = frozenset()
    moves_from: frozenset[Status] | None = None  # where only some sources may move; the others keep their status
    when: tuple[Guard, ...] = ()
    start: tuple[DeadlineKind, ...] = ()
    stop: tuple[DeadlineKind, ...] = ()
    drop: tuple[DeadlineKind, ...] = ()
    notify: tuple[Told, ...] = ()
    then: tuple[Action, ...] = ()
    resident: bool = False  # whether the resident's page shows it
    drilled: bool = False  # practised in a drill; every other row is refused there
    unseen: bool = False  # whoever may not take it does not learn that it is due
    of_part: bool = False  # taken on a part of a divided matter; every other row is taken on the whole
    turns: bool = False  # changes what others' open forms rest on, without moving the status (lead, request)
    may_turn: bool = False  # does so in some cases only: the stage says when, by `Step.turn`

    @property
    def targets(self) -> frozenset[Status]:
        """Every status this row may lead to."""
        return (frozenset({self.target}) if self.target else frozenset()) | self.also

    def ends(self, source: Status) -> frozenset[Status]:
        """Where this row may lead from one of its sources."""
        if source not in self.source or (self.moves_from is not None and source not in self.moves_from):
            return frozenset()
        return self.targets

    @property
    def raises_turn(self) -> bool:
        """A form opened before is stale afterwards: status, round, lead or a pending request changed."""
        return bool(self.targets) or self.turns
