"""What happens when a clock's time comes: warned, overdue, or a consequence the table keeps for the system (1.3.4)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from shuoshi.kernel import calendars, clocks, outbox
from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.clock import local
from shuoshi.kernel.clocks import Outcome
from shuoshi.kernel.events import Story, Stream
from shuoshi.matters import guards, notices, outside_guards, workflow
from shuoshi.matters.actions import calling, cards, drawing
from shuoshi.matters.actions import people as at_hand
from shuoshi.matters.actions.locking import locked, open_clocks
from shuoshi.matters.actions.perform import perform
from shuoshi.matters.actions.rearranged import left_behind
from shuoshi.matters.case import Case
from shuoshi.matters.models import Deadline, Matter
from shuoshi.matters.permission import refusal_of
from shuoshi.matters.scope import standing
from shuoshi.matters.step import ASIDE, Step
from shuoshi.matters.terms import BySystem, LapseRequest
from shuoshi.matters.transition import Told, Transition
from shuoshi.matters.vocabulary import EMERGENCIES, Action, DeadlineKind, Lateness, RequestKind, Status
from shuoshi.organization.profile import stored
from shuoshi.organization.profile.cards import Cards

ENDS = {  # clocks whose end is itself a row of the table
    DeadlineKind.RATING: Action.CLOSE_UNRATED,
    DeadlineKind.WITHDRAWAL: Action.CONFIRM_WITHDRAWN,
    DeadlineKind.PAUSE: Action.RESUME,
    DeadlineKind.AGENCY: Action.LAPSE_AGENCY,
}
_IN_MINUTES = frozenset({DeadlineKind.EMERGENCY, DeadlineKind.FIRST_CONTACT, DeadlineKind.SCENE, DeadlineKind.REPORT})
SILENT = frozenset({DeadlineKind.RATING, DeadlineKind.WITHDRAWAL, DeadlineKind.PAUSE})  # nobody on the desk owes these

_log = logging.getLogger(__name__)


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
    elif clock.kind == DeadlineKind.DUTY:
        _call(matter, clock, now)
    elif clock.kind == DeadlineKind.RULING:
        _lapse(matter, clock, now)
    else:
        _overdue(matter, clock, now)


def recount(now: datetime, batch: int = 200) -> int:
    """Count anew what was counted over a year that is published by now; how many matters. Cost follows what is found.

    One that fails is logged and stays as it was, for the next time.
    """
    guessed_from = calendars.load().first_provisional(local(now).date())
    rows = Deadline.objects.filter(provisional=True, outcome=Outcome.OPEN, due_at__lt=guessed_from)
    matters = list(dict.fromkeys(rows.order_by("due_at", "id").values_list("matter_id", flat=True)[:batch]))
    return _run_on_each(Action.RECOUNT, matters, now)


def rearrange(now: datetime, batch: int = 200) -> int:
    """Give to others what lies with people who left their posts; how many matters. One that fails waits likewise."""
    found = left_behind(now)
    matters = list(found.order_by("next_due_at", "id").values_list("pk", flat=True)[:batch])
    return _run_on_each(Action.REARRANGE, matters, now, still=lambda pk: found.filter(pk=pk).exists())


def _run_on_each(
    action: Action, matters: Iterable[UUID], now: datetime, still: Callable[[UUID], bool] = lambda pk: True
) -> int:
    """Each in a transaction of its own; `still`: asked again under the lock, for another worker may have been there."""
    done = 0
    for pk in matters:
        try:
            with transaction.atomic():
                matter = locked(pk)
                done += still(pk) and _run_if_due(workflow.row(action), matter, now)
        except Exception:
            _log.exception("%s of matter %s failed", action, pk)
    return done


def _story(matter: Matter, action: str, clock: Deadline, now: datetime) -> Story:
    story = Story(Stream("matter", str(matter.pk)), action, by=SYSTEM, at=now, clause="1.3.4")
    story.fact(kind=clock.kind, due_at=clock.due_at.isoformat())
    return story


def _warn(matter: Matter, clock: Deadline, now: datetime) -> None:
    """Yellow: whoever owes it hears so before it is too late."""
    story = _story(matter, "clock_warned", clock, now)
    story.change(clock, next_look_at=clock.due_at)
    cards.yellow(story, matter, clock, now)
    story.tell()
    if clock.kind not in SILENT:
        _tell(matter, "clock_warned", clock, now, _owes(matter, clock))
    _see_that_somebody_asks(matter, clock, now)


def _overdue(matter: Matter, clock: Deadline, now: datetime) -> None:
    """Red: the clock stays open and missed by the facts; looked at again when it is late enough for more to follow."""
    rules = stored.version(matter.profile_id).cards
    before, reached, later = Lateness(clock.late), *_how_late(matter, clock, rules, now)
    story = _story(matter, "clock_overdue", clock, now)
    story.change(clock, next_look_at=later, late=reached)
    talk = before < Lateness.PASSED and cards.red(story, matter, clock, rules, now)
    if before < Lateness.LONGEST == reached:
        talk = cards.too_long(story, matter, clock, now) or talk
    story.tell()
    long = reached >= Lateness.LONG
    over = Told.REGISTRY_HEAD if clock.kind == DeadlineKind.SAMPLE else Told.HEAD
    _tell(matter, "clock_overdue", clock, now, (*_owes(matter, clock), Told.LEADER if long else over))
    if talk:
        outbox.put_all(notices.made(matter, now, "talk_due", (Told.LEADER, Told.HEAD), {"kind": clock.kind}))
    if long and clock.kind in guards.holds_up(matter.status):
        _run_if_due(workflow.row(Action.RAISE_TIER), matter, now)
    if clock.kind in (guards.holds_up(matter.status) if long else cards.OF_THE_LEAD):
        _run_if_due(workflow.row(Action.ORDER_SUPERVISION), matter, now)
    if long and clock.kind == DeadlineKind.REVIEW:
        _run_if_due(workflow.row(Action.LAPSE_REVIEW), matter, now)
    _see_that_somebody_asks(matter, clock, now)


def _see_that_somebody_asks(matter: Matter, clock: Deadline, now: datetime) -> None:
    """Whose turn it was may have left, or have had to do with the matter since: then the next in the order asks."""
    if clock.kind == DeadlineKind.SAMPLE:
        _see_that_somebody_looks(matter, clock, now)
    if clock.kind != DeadlineKind.FOLLOW_UP:
        return
    row, case = workflow.row(Action.REARRANGE), _case(matter, now)
    by, path, _why = at_hand.follow_up_by(_step(row, case))
    if (by, path) != (matter.follow_up_by, matter.follow_up_path):
        _run_if_due(row, matter, now)


def _see_that_somebody_looks(matter: Matter, clock: Deadline, now: datetime) -> None:
    """The same of an end that was drawn; where nobody is left whoever was asked goes on owing it."""
    by, path, _why = drawing.who_asks(_step(workflow.row(Action.RECORD_SAMPLE), _case(matter, now)))
    if not path or (by, path) == (matter.sample_by, matter.sample_path):
        return
    story = _story(matter, "sample_passed_on", clock, now)
    story.change(matter, sample_by=by, sample_path=path)
    story.tell()
    outbox.put_all(notices.made(matter, now, "to_sample", (Told.SAMPLER,), {}))


def _how_late(matter: Matter, clock: Deadline, rules: Cards, now: datetime) -> tuple[Lateness, datetime | None]:
    """How far its lateness has gone by now, and when it goes further; a talk is for what holds a matter up."""
    order_at = cards.late_enough(matter, clock, rules.order_after)
    if now < order_at:
        return Lateness.PASSED, order_at
    if clock.kind not in guards.holds_up(matter.status):
        return Lateness.LONG, None
    talk_at = cards.late_enough(matter, clock, rules.talk_after)
    return (Lateness.LONG, talk_at) if now < talk_at else (Lateness.LONGEST, None)


def _end(matter: Matter, clock: Deadline, now: datetime) -> None:
    """The end of this clock is a row of the table; where its guards fail, nothing is left to look at."""
    if _run_if_due(workflow.row(ENDS[DeadlineKind(clock.kind)]), matter, now):
        return
    story = _story(matter, "clock_overdue", clock, now)
    story.change(clock, next_look_at=None)
    story.tell()
    if not outside_guards.order_reported(_case(matter, now)):  # the end waits for it
        outbox.put_all(notices.made(matter, now, "report_owed", (Told.REGISTRY, Told.DISPATCHER), {}))


def _run_if_due(row: Transition, matter: Matter, now: datetime) -> bool:
    """Carry out a row that the table keeps for the system; False where its guards fail."""
    case = _case(matter, now)
    if refusal_of(row, case) is not None:
        return False
    perform(_step(row, case), BySystem())
    return True


def _lapse(matter: Matter, clock: Deadline, now: datetime) -> None:
    row = workflow.row(Action.LAPSE_REQUEST)
    perform(_step(row, _case(matter, now)), LapseRequest(kind=RequestKind(clock.about)))


def _call(matter: Matter, clock: Deadline, now: datetime) -> None:
    """Nobody acted: the next in the tree are called; at its end the clock stays open and overdue."""
    step = _step(workflow.row(Action.CALL_NEXT), _case(matter, now))
    if calling.further(step) is None:
        _overdue(matter, clock, now)
    else:
        perform(step, BySystem())


def _case(matter: Matter, now: datetime) -> Case:
    return Case(
        actor=SYSTEM,
        matter=matter,
        standing=standing(SYSTEM, matter),
        now=now,
        clocks=open_clocks(matter),
        profile=stored.version(matter.profile_id),
    )


def _step(row: Transition, case: Case) -> Step:
    return Step(row, case, stored.version(case.matter.profile_id))


def _owes(matter: Matter, clock: Deadline) -> tuple[Told, ...]:
    """Whoever has to do it now; before anybody handles the matter, whoever has it in between."""
    if matter.status == Status.MERGED:
        return (Told.DISPATCHER,)  # who merged it sees to the date
    if matter.status == Status.DIVIDED and clock.kind == DeadlineKind.PROMISE:
        return (Told.DISPATCHER,)  # and who divided it; each part has a limit of its own
    match clock.kind:
        case DeadlineKind.ACCEPT:
            return (Told.REGISTRY,)
        case DeadlineKind.ASSIGN:
            return (Told.DISPATCHER,)
        case DeadlineKind.OUTSIDE_ORDER:
            return (Told.REGISTRY, Told.DISPATCHER)
        case DeadlineKind.RULING:
            return (Told.ABOVE,) if clock.about == RequestKind.ESCALATION else (Told.DISPATCHER, Told.LEADER)
        case DeadlineKind.FOLLOW_UP:
            return (Told.FOLLOW_UP,)
        case DeadlineKind.SAMPLE:
            return (Told.SAMPLER,)
        case DeadlineKind.SIGN_FOR:
            return (Told.LEAD,)
        case DeadlineKind.SUPERVISION:
            return (Told.HEAD,)
        case DeadlineKind.INSTRUCTION:
            return (Told.HANDLER, Told.HEAD)
        case DeadlineKind.SPONSOR:
            return (Told.SPONSOR,)
        case DeadlineKind.PERFORMANCE:
            return (Told.MEDIATOR, Told.HEAD)
        case DeadlineKind.REVIEW:
            return (Told.REVIEWER,)
        case DeadlineKind.PAPERS:
            return (Told.REGISTRY, Told.DISPATCHER)
        case DeadlineKind.DUTY:
            return (Told.DUTY,)
    holding = (Told.HANDLER, Told.HEAD) if matter.handler_id else (Told.LEAD, Told.HEAD)
    if matter.lead_unit_id is None:
        holding = (Told.REGISTRY, Told.DISPATCHER)
    urgent = matter.urgency in EMERGENCIES or matter.urgency_suspected
    first = clock.kind in _IN_MINUTES and urgent
    return (Told.DUTY, *holding) if first else holding


def _tell(matter: Matter, kind: str, clock: Deadline, now: datetime, audiences: tuple[Told, ...]) -> None:
    """One at a time for a matter; what others than its unit owe is told beside, and takes nothing back."""
    if clock.kind in ASIDE:
        kind = f"{kind}_beside"
    else:
        outbox.outdate("matter", matter.id, before=now, kinds=notices.CLOCK)
    told = notices.made(matter, now, kind, dict.fromkeys(audiences), {"kind": clock.kind})
    if clock.kind == DeadlineKind.CO_OPINION:
        told.append(notices.to_unit(matter, now, kind, UUID(clock.about), {"kind": clock.kind}))
    outbox.put_all(told)
