"""Cards by rule: a warning is yellow, a date that passed is red, and what lasts or comes often is talked about (6.1.1).

Nobody gives one and nobody takes one back. Of a drill, of what was merged and of what only a speaker waits for there is
none; the promise to the resident has none beside the clock of whoever works.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from shuoshi.kernel import calendars
from shuoshi.kernel.calendar import Limit
from shuoshi.kernel.clock import quarter_of
from shuoshi.kernel.events import Story
from shuoshi.matters import deadlines
from shuoshi.matters.models import Assignment, Card, Deadline, Matter
from shuoshi.matters.vocabulary import CardCause, CardColour, DeadlineKind, Status
from shuoshi.organization.models import Unit, UnitKind
from shuoshi.organization.profile.cards import Cards

OF_THE_LEAD = frozenset(
    {
        DeadlineKind.SIGN_FOR,
        DeadlineKind.FIRST_CONTACT,
        DeadlineKind.PROGRESS,
        DeadlineKind.COMPLETION,
        DeadlineKind.PARKED_REVIEW,
        DeadlineKind.SUPERVISION,
        DeadlineKind.INSTRUCTION,
        DeadlineKind.HAND_BACK,
        DeadlineKind.ASK_BACK,
        DeadlineKind.PERFORMANCE,
        DeadlineKind.CARRIED_OUT,
    }
)
OF_THE_REGISTRY = frozenset(
    {
        DeadlineKind.ACCEPT,
        DeadlineKind.ASSIGN,
        DeadlineKind.RULING,
        DeadlineKind.FOLLOW_UP,
        DeadlineKind.PAPERS,
        DeadlineKind.OUTSIDE_ORDER,
        DeadlineKind.SAMPLE,
    }
)


def owner(matter: Matter, clock: Deadline) -> UUID | None:
    """The unit that owes what the clock counts; None where no unit is answerable for it."""
    if matter.drill or matter.status == Status.MERGED:
        return None
    if clock.kind in OF_THE_LEAD:
        return matter.lead_unit_id
    if clock.kind == DeadlineKind.CO_OPINION:
        return UUID(clock.about)
    if clock.kind in OF_THE_REGISTRY:
        return _registry(matter)
    return None


def _registry(matter: Matter) -> UUID | None:
    """The one that has it now: of the tier above, once it moved up."""
    if matter.tier_path == matter.home_path:
        return matter.registry_id
    above = Unit.objects.filter(parent__path=matter.tier_path, kind=UnitKind.REGISTRY, active=True)
    return above.order_by("path").values_list("pk", flat=True).first()


def yellow(story: Story, matter: Matter, clock: Deadline, now: datetime) -> None:
    """The time of warning came before it was done."""
    _give(story, matter, clock, CardColour.YELLOW, CardCause.NEAR, now)


def red(story: Story, matter: Matter, clock: Deadline, rules: Cards, now: datetime) -> bool:
    """The day passed; whether a talk is due now for what came together in this quarter."""
    unit = _give(story, matter, clock, CardColour.RED, CardCause.PASSED, now)
    if unit is None or clock.kind not in OF_THE_LEAD:
        return False
    if matter.assignment is not None and matter.assignment.unit_id == unit:
        story.change(matter.assignment, reds=matter.assignment.reds + 1)
    return _often(story, matter, clock, unit, rules, now)


def too_long(story: Story, matter: Matter, clock: Deadline, now: datetime) -> bool:
    """Overdue so long that the head of the unit is spoken to: of the one that let it lie, wherever it went since."""
    first = Card.objects.filter(deadline=clock, colour=CardColour.RED).values_list("unit", flat=True).first()
    return _give(story, matter, clock, CardColour.TALK, CardCause.LONG, now, unit=first) is not None


def late_enough(matter: Matter, clock: Deadline, after: Limit) -> datetime:
    """The moment from which it is overdue by more than so many working days."""
    return calendars.load().due(clock.due_at, after, deadlines.hours_of(matter, clock.kind)).at


def _often(story: Story, matter: Matter, clock: Deadline, unit: UUID, rules: Cards, now: datetime) -> bool:
    quarter, since = quarter_of(now)
    mine = Card.objects.filter(unit=unit, colour=CardColour.RED, at__gte=since, kind__in=OF_THE_LEAD)
    reds = mine.values("matter").distinct().count()
    if reds < rules.talk_reds or Card.objects.filter(unit=unit, quarter=quarter).exists():
        return False
    given = Assignment.objects.filter(unit=unit, assigned_at__gte=since).values("matter").distinct().count()
    if reds * 100 < rules.talk_share * given:
        return False
    talk = CardColour.TALK, CardCause.OFTEN
    return _give(story, matter, clock, *talk, now, quarter=quarter, reds=reds, given=given) is not None


def _give(
    story: Story,
    matter: Matter,
    clock: Deadline,
    colour: CardColour,
    cause: CardCause,
    now: datetime,
    *,
    unit: UUID | None = None,
    quarter: str = "",
    reds: int | None = None,
    given: int | None = None,
) -> UUID | None:
    unit = unit or owner(matter, clock)
    if unit is None:
        return None
    story.add(
        Card(
            matter=matter,
            deadline=clock,
            unit_id=unit,
            colour=colour,
            cause=cause,
            kind=clock.kind,
            due_at=clock.due_at,
            at=now,
            quarter=quarter,
            reds=reds,
            given=given,
        )
    )
    return unit
