"""What happens when a clock's time comes: warned, overdue, or a consequence the table keeps for the system (1.3.4)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from shuoshi.kernel import calendars, clocks, outbox
from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.calendar import Limit
from shuoshi.kernel.clocks import Outcome
from shuoshi.kernel.events import Story, Stream
from shuoshi.matters import deadlines, notices, workflow
from shuoshi.matters.actions.perform import perform
from shuoshi.matters.actions.run import locked, open_clocks
from shuoshi.matters.case import Case
from shuoshi.matters.models import Deadline, Matter
from shuoshi.matters.permission import refusal_of
from shuoshi.matters.scope import standing
from shuoshi.matters.step import Step
from shuoshi.matters.terms import BySystem, LapseRequest
from shuoshi.matters.transition import Told, Transition
from shuoshi.matters.vocabulary import Action, DeadlineKind, RequestKind
from shuoshi.organization.profile import stored

ENDS = {  # clocks whose end is itself a row of the table
    DeadlineKind.RATING: Action.CLOSE_UNRATED,
    DeadlineKind.WITHDRAWAL: Action.CONFIRM_WITHDRAWN,
}
LATER = Limit.parse("5wd")  # the look after the end: overdue by more than five working days
SILENT = frozenset({DeadlineKind.RATING, DeadlineKind.WITHDRAWAL})  # nobody on the desk owes these


def look_at_deadline(pk: UUID, now: datetime) -> None:
    """One clock, under the lock of its matter. Moves `next_look_at` on, or ends the clock."""
    found = Deadline.objects.filter(pk=pk).values_list("matter_id", flat=True).first()
    if found is None:
        return
    matter = locked(found)
    clock = clocks.still_due(Deadline, pk, now)
    if clock is None or clock.outcome != Outcome.OPEN:
        return
    clock.matter = matter
    if now < clock.due_at:
        _warn(matter, clock, now)
    elif clock.kind in ENDS:
        _end(matter, clock, now)
    elif clock.kind == DeadlineKind.RULING:
        _lapse(matter, clock, now)
    else:
        _overdue(matter, clock, now)


def _story(matter: Matter, action: str, clock: Deadline, now: datetime) -> Story:
    story = Story(Stream("matter", str(matter.pk)), action, by=SYSTEM, at=now, clause="1.3.4")
    story.fact(kind=clock.kind, due_at=clock.due_at.isoformat())
    return story


def _warn(matter: Matter, clock: Deadline, now: datetime) -> None:
    """Yellow: whoever owes it hears so before it is too late."""
    story = _story(matter, "clock_warned", clock, now)
    story.change(clock, next_look_at=clock.due_at)
    story.tell()
    if clock.kind not in SILENT:
        _tell(matter, "clock_warned", clock, now, _owes(clock))


def _overdue(matter: Matter, clock: Deadline, now: datetime) -> None:
    """Red: the clock stays open and missed by the facts; one more look when it is five working days late."""
    last = _last_look(matter, clock)
    later = last if last > now else None
    story = _story(matter, "clock_overdue", clock, now)
    story.change(clock, next_look_at=later)
    story.tell()
    _tell(matter, "clock_overdue", clock, now, (*_owes(clock), Told.LEADER if later is None else Told.HEAD))


def _last_look(matter: Matter, clock: Deadline) -> datetime:
    return calendars.load().due(clock.due_at, LATER, deadlines.hours_of(matter, clock.kind)).at


def _end(matter: Matter, clock: Deadline, now: datetime) -> None:
    """The end of this clock is a row of the table; where its guards fail, nothing is left to look at."""
    row = workflow.row(ENDS[DeadlineKind(clock.kind)])
    case = _case(matter, now)
    if refusal_of(row, case) is None:
        perform(_step(row, case), BySystem())
        return
    story = _story(matter, "clock_overdue", clock, now)
    story.change(clock, next_look_at=None)
    story.tell()


def _lapse(matter: Matter, clock: Deadline, now: datetime) -> None:
    row = workflow.row(Action.LAPSE_REQUEST)
    perform(_step(row, _case(matter, now)), LapseRequest(kind=RequestKind(clock.about)))


def _case(matter: Matter, now: datetime) -> Case:
    return Case(
        actor=SYSTEM,
        matter=matter,
        standing=standing(SYSTEM, matter),
        now=now,
        clocks=open_clocks(matter),
    )


def _step(row: Transition, case: Case) -> Step:
    return Step(row, case, stored.version(case.matter.profile_id))


def _owes(clock: Deadline) -> tuple[Told, ...]:
    match clock.kind:
        case DeadlineKind.ACCEPT:
            return (Told.REGISTRY,)
        case DeadlineKind.ASSIGN | DeadlineKind.RULING:
            return (Told.DISPATCHER,)
        case DeadlineKind.FOLLOW_UP:
            return (Told.FOLLOW_UP,)
        case DeadlineKind.EMERGENCY:
            return (Told.DUTY, Told.HANDLER)
        case DeadlineKind.SIGN_FOR:
            return (Told.LEAD,)
    return (Told.HANDLER, Told.HEAD)


def _tell(matter: Matter, kind: str, clock: Deadline, now: datetime, audiences: tuple[Told, ...]) -> None:
    outbox.outdate("matter", matter.id, before=now, kinds=notices.CLOCK)
    outbox.put_all(notices.made(matter, now, kind, dict.fromkeys(audiences), {"kind": clock.kind}))
