"""Clocks counted over a year that nobody had published yet are counted once more when it is (1.3.4)."""

from __future__ import annotations

from shuoshi.kernel.calendar import Limit
from shuoshi.kernel.clocks import Outcome
from shuoshi.matters import deadlines, policies
from shuoshi.matters.models import Deadline
from shuoshi.matters.step import Step
from shuoshi.matters.transition import Transition
from shuoshi.matters.vocabulary import OPEN, Action, Audience, DeadlineKind

TOLD = frozenset({DeadlineKind.PROMISE, DeadlineKind.COMPLETION})  # what the resident reads a date of


def recount_deadlines(step: Step, given: object) -> None:
    """Every open clock of the matter that was counted on a guess: a successor where its end moved."""
    moved = [str(clock.kind) for clock in list(step.clocks.values()) if clock.provisional and _moved(step, clock)]
    if moved:
        audience = Audience.PUBLIC if TOLD & set(moved) else Audience.INTERNAL
        step.say(audience, clocks=",".join(moved))


def _moved(step: Step, clock: Deadline) -> bool:
    """The date the resident was given moves with its clock; the reason stands in the timeline."""
    if not clock.limit:  # a date that somebody ordered rests on no calendar
        step.change(clock, provisional=False)
        return False
    kind, limit = DeadlineKind(clock.kind), Limit.parse(clock.limit)
    counted = deadlines.made(
        step.matter, step.profile, kind, step.now, limit=limit, basis=clock.basis, about=clock.about, follows=clock
    )
    assert counted is not None
    if counted.due_at == clock.due_at:
        step.change(clock, provisional=counted.provisional)
        return False
    step.change(clock, outcome=Outcome.VOID, settled_at=step.now, next_look_at=None)
    fresh = step.start(
        kind,
        limit=limit,
        basis=clock.basis,
        about=clock.about,
        round_=clock.round,
        assignment=clock.assignment,
        follows=clock,
    )
    if kind == DeadlineKind.PROMISE and fresh is not None:
        step.set(promised_by=fresh.due_at)
    if kind == DeadlineKind.OUTSIDE_ORDER and fresh is not None:
        step.set(order_due_at=fresh.due_at)
    return True


ROWS = (
    Transition(
        action=Action.RECOUNT,
        source=OPEN,
        clause="1.3.4",
        allow=policies.system,
        do=recount_deadlines,
        resident=True,
        of_part=True,
    ),
)
