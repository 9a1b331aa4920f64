"""The clocks of a step: started, settled, missed, dropped. What they are about, the stages say."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, TypeVar

from django.db import models

from shuoshi.kernel.calendar import Limit
from shuoshi.kernel.clocks import Outcome
from shuoshi.matters import deadlines
from shuoshi.matters.models import Assignment, Deadline, Matter, Round
from shuoshi.matters.vocabulary import OUTLIVES, DeadlineKind
from shuoshi.organization.profile import Profile

Row = TypeVar("Row", bound=models.Model)


class Clocked:
    """What a step does with clocks. `clocks` are those that run, by `deadlines.key_of`; `started` those begun by it."""

    matter: Matter
    profile: Profile
    now: datetime
    clocks: dict[str, Deadline]
    started: list[Deadline]

    def add(self, row: Row) -> Row:
        """Insert a row that the event of the step tells of."""
        raise NotImplementedError

    def change(self, row: Row, **values: Any) -> Row:
        """Change columns of a row likewise."""
        raise NotImplementedError

    def start(
        self,
        kind: DeadlineKind,
        *,
        limit: Limit | None = None,
        basis: str = "",
        about: str = "",
        due_at: datetime | None = None,
        ordered: bool = False,
        round_: Round | None = None,
        assignment: Assignment | None = None,
        follows: Deadline | None = None,
        since: datetime | None = None,
    ) -> Deadline | None:
        """Start a clock by the profile's rule, or by the limit or date given. None where no rule starts one.

        `since`: it began before, and may be over already. `ordered`: the date is somebody's ruling and stays what it is, whatever the calendar says later.
        """
        made = deadlines.made(
            self.matter,
            self.profile,
            kind,
            since or self.now,
            limit=limit,
            basis=basis,
            about=about,
            due_at=due_at,
            ordered=ordered,
            follows=follows,
        )
        if made is None:
            return None
        made.round = round_ if round_ is not None else self.matter.round  # type: ignore[assignment]  # every clock hangs on a round
        made.assignment = assignment or self.matter.assignment
        if follows is not None and made.due_at <= self.now:
            made.late = follows.late  # what was late goes on being late, once
        self.add(made)
        self.started.append(made)
        self.clocks[deadlines.key_of(made)] = made
        return made

    def settle(self, kind: DeadlineKind | str) -> None:
        """What was promised is done now: met or missed by the facts."""
        clock = self.clocks.pop(str(kind), None)
        if clock is not None:
            outcome = Outcome.MET if self.now <= clock.due_at else Outcome.MISSED
            self.change(clock, outcome=outcome, settled_at=self.now, done_at=self.now, next_look_at=None)

    def miss(self, kind: DeadlineKind | str) -> None:
        """It was never done and no later step clears that."""
        clock = self.clocks.pop(str(kind), None)
        if clock is not None:
            self.change(clock, outcome=Outcome.MISSED, settled_at=self.now, next_look_at=None)

    def drop(self, kind: DeadlineKind | str) -> None:
        """Nothing is owed any more: void; but missed stays missed when its time had already passed."""
        clock = self.clocks.pop(str(kind), None)
        if clock is not None:
            outcome = Outcome.VOID if self.now <= clock.due_at else Outcome.MISSED
            self.change(clock, outcome=outcome, settled_at=self.now, next_look_at=None)

    def drop_all(self, but: Collection[str] = ()) -> None:
        for key in [key for key in self.clocks if key not in but]:
            self.drop(key)

    @property
    def afterwards(self) -> list[str]:
        """The keys of clocks that outlive the round, and the matter: what is looked at on its day, what others were asked."""
        return [key for key in self.clocks if key.partition(":")[0] in OUTLIVES]

    def running(self, kind: DeadlineKind) -> list[str]:
        """The keys of the clocks of a kind of which several run at once."""
        return [key for key in self.clocks if key.partition(":")[0] == kind]
