"""Clocks that stand still while a matter is paused or parked, and run on afterwards (4.2.2, 4.4.2).

A clock that stands still is void and followed by nothing; the one that runs on follows it, later by the working days
between. The resident reads each new date with its reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from shuoshi.kernel import calendars
from shuoshi.kernel.calendar import Limit, Unit
from shuoshi.kernel.clock import local
from shuoshi.kernel.clocks import Outcome
from shuoshi.matters import deadlines
from shuoshi.matters.models import Deadline
from shuoshi.matters.step import Step
from shuoshi.matters.vocabulary import DeadlineKind, Status

WORK = (DeadlineKind.COMPLETION, DeadlineKind.PROMISE)
_STANDS = (DeadlineKind.PAUSE, DeadlineKind.PARKED_REVIEW)
STANDING = frozenset({Status.PAUSED, Status.PARKED})


def stop(step: Step, *kinds: DeadlineKind) -> None:
    """Let these stand still. What its time was up for before is missed, and does not come back."""
    for kind in kinds:
        step.drop(kind)


def end(step: Step, kinds: Iterable[DeadlineKind] = WORK) -> None:
    """Neither paused nor parked any more: of what stood still these run on."""
    capped = _law_goes_on(step)
    for kind in _STANDS:
        void(step, kind)
    step.set(paused_for="", waits_for_speaker=False)
    for kind in kinds:
        _run_on(step, kind, capped=capped)


def tell_anew(step: Step) -> None:
    """Word of progress is owed by the rule of the status it has now."""
    step.drop(DeadlineKind.PROGRESS)
    step.start(DeadlineKind.PROGRESS)


def void(step: Step, kind: DeadlineKind) -> Deadline | None:
    """Nothing more is expected of this clock, early or late: no promise was kept or broken by it."""
    clock = step.clocks.pop(kind, None)
    if clock is not None:
        step.change(clock, outcome=Outcome.VOID, settled_at=step.now, next_look_at=None)
    return clock


def move(step: Step, kind: DeadlineKind, due_at: datetime, basis: str) -> Deadline | None:
    """Another date for a running clock: a successor, in the round and assignment of the one before."""
    clock = void(step, kind)
    return _follow(step, clock, due_at, basis) if clock is not None else None


def put_off(step: Step, kind: DeadlineKind, due_at: datetime, basis: str) -> Deadline | None:
    """A later date for a clock whose time is not up; None where it is, or none runs: a broken promise stays broken."""
    clock = step.clocks.get(kind)
    return move(step, kind, due_at, basis) if clock is not None and step.now <= clock.due_at else None


def closing(step: Step, day: date) -> datetime:
    """The end of office hours on that day, or on the next working day."""
    hours = deadlines.hours_of(step.matter, DeadlineKind.COMPLETION)
    before = local(step.now).replace(year=day.year, month=day.month, day=day.day, hour=0, minute=0, second=0)
    return calendars.load().due(before.replace(microsecond=0), Limit(0, Unit.WORKING_DAYS), hours).at


def later(step: Step, due_at: datetime, days: int) -> datetime:
    """The closing of the day so many working days after the one on which a clock would have ended."""
    if not days:
        return due_at
    hours = deadlines.hours_of(step.matter, DeadlineKind.COMPLETION)
    return calendars.load().due(due_at, Limit(days, Unit.WORKING_DAYS), hours).at


def _law_goes_on(step: Step) -> bool:
    """Whether the statutory limit ran on meanwhile: waiting for the speaker stops ours, not the law's."""
    cause = next((one for one in step.profile.pause_causes if one.code == step.matter.paused_for), None)
    return cause is not None and not cause.stops_the_law


def _run_on(step: Step, kind: DeadlineKind, *, capped: bool) -> None:
    """With the working days that were left when it was stopped."""
    stood = Deadline.objects.filter(matter=step.matter, round=step.matter.round, kind=kind, successor__isnull=True)
    if kind != DeadlineKind.PROMISE:
        stood = stood.filter(assignment=step.matter.assignment)
    clock = stood.order_by("-started_at", "-id").select_related("round", "assignment").first()
    if clock is None or clock.outcome != Outcome.VOID or clock.settled_at is None or kind in step.clocks:
        return
    clock.matter = step.matter
    days = calendars.load().working_days_between(local(clock.settled_at).date(), local(step.now).date())
    due_at, cap = later(step, clock.due_at, days), step.profile.cap(kind)
    if capped and cap is not None:
        hours = deadlines.hours_of(step.matter, kind)
        due_at = min(due_at, max(clock.due_at, calendars.load().due(deadlines.raised_at(step.matter), cap, hours).at))
    _follow(step, clock, due_at, "ran_on")


def _follow(step: Step, clock: Deadline, due_at: datetime, basis: str) -> Deadline | None:
    kind = DeadlineKind(clock.kind)
    fresh = step.start(
        kind,
        due_at=due_at,
        ordered=True,
        basis=basis,
        about=clock.about,
        round_=clock.round,
        assignment=clock.assignment,
        follows=clock,
    )
    if kind == DeadlineKind.PROMISE and fresh is not None:
        step.set(promised_by=fresh.due_at)
    return fresh
