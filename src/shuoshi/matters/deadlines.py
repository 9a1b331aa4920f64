"""Clocks of matters: what starts one, for how long, by which rule. Rows are written by `Step`, looks by `actions.looks`."""

from __future__ import annotations

from datetime import datetime

from shuoshi.kernel import calendars, gathering, rows
from shuoshi.kernel.calendar import Due, Limit, OfficeHours, WorkingCalendar
from shuoshi.kernel.calendar import Unit as LimitUnit
from shuoshi.kernel.clock import local
from shuoshi.matters.models import Deadline, Matter
from shuoshi.matters.vocabulary import LOOKED_AT, Complexity, DeadlineKind, Kind, RoundBecause, Status, Urgency
from shuoshi.organization import queries as organization
from shuoshi.organization.models import Unit
from shuoshi.organization.profile import Profile, Step

_UNITS_TIME = frozenset(
    {
        DeadlineKind.SIGN_FOR,
        DeadlineKind.FIRST_CONTACT,
        DeadlineKind.PROGRESS,
        DeadlineKind.COMPLETION,
        DeadlineKind.PAUSE,
        DeadlineKind.PARKED_REVIEW,
        DeadlineKind.SUPERVISION,
        DeadlineKind.INSTRUCTION,
        DeadlineKind.CO_OPINION,
        DeadlineKind.AGENCY,
        DeadlineKind.HAND_BACK,
        DeadlineKind.ASK_BACK,
        *LOOKED_AT,
    }
)
BY_HAND = frozenset(
    {
        DeadlineKind.CO_OPINION,
        DeadlineKind.INSTRUCTION,
        DeadlineKind.SPONSOR,
        DeadlineKind.OUTSIDE_ORDER,
        DeadlineKind.AGENCY,
        DeadlineKind.HAND_BACK,
        DeadlineKind.ASK_BACK,
        *LOOKED_AT,
    }
)  # no rule: who asks sets it
_PROGRESS = {Status.PAUSED: Step.PROGRESS_PAUSED, Status.PARKED: Step.PROGRESS_PARKED}


def made(
    matter: Matter,
    profile: Profile,
    kind: DeadlineKind,
    now: datetime,
    *,
    limit: Limit | None = None,
    basis: str = "",
    about: str = "",
    due_at: datetime | None = None,
    ordered: bool = False,
    follows: Deadline | None = None,
) -> Deadline | None:
    """An unsaved clock that starts now; None where the profile promises nothing for this step and kind.

    The promise runs from registration, a successor from where the one before began, every other clock from now.
    A statutory cap that ends earlier is the deadline, and of the unit's time the limit of an outside order. `ordered`: somebody ruled on `due_at`, and it is not counted anew.
    """
    started = follows.started_at if follows else raised_at(matter) if kind == DeadlineKind.PROMISE else now
    limit = limit or (None if kind in BY_HAND else limit_of(matter, profile, kind))
    if limit is None and due_at is None:
        return None
    hours = hours_of(matter, kind)
    calendar = calendars.load()
    provisional = False
    if due_at is None:
        assert limit is not None
        due = _due(calendar, started, limit, hours)
        due_at, provisional = due.at, due.provisional
        cap = profile.cap(kind) if kind in _CAPPED else None
        if cap is not None:
            capped = _due(calendar, raised_at(matter), cap, hours)
            if capped.at < due_at and capped.at > started:
                due_at, provisional, basis = capped.at, capped.provisional, f"cap:{kind}:{cap}"
    written = str(limit) if limit and not ordered else ""
    if kind == DeadlineKind.COMPLETION and matter.order_due_at and now < matter.order_due_at < due_at:
        due_at, basis, written, provisional = matter.order_due_at, "outside_order", "", False
    counted = limit
    if kind in BY_HAND:
        days = calendar.working_days_between(local(started).date(), local(due_at).date())
        counted = Limit(max(days, 1), LimitUnit.WORKING_DAYS)
    look = _warn_at(calendar, started, due_at, counted, hours) if counted and kind not in _UNWARNED else due_at
    return rows.new(
        Deadline,
        matter=matter,
        kind=kind,
        about=about,
        started_at=started,
        due_at=due_at,
        next_look_at=max(look, now),
        follows=follows,
        basis=(basis or f"limits.{kind}")[:80],
        limit=written,
        provisional=provisional,
    )


def _due(calendar: WorkingCalendar, start: datetime, limit: Limit, hours: OfficeHours) -> Due:
    return gathering.asked(("due", start, limit, hours), lambda: calendar.due(start, limit, hours))


def _warn_at(calendar: WorkingCalendar, start: datetime, due: datetime, limit: Limit, hours: OfficeHours) -> datetime:
    return gathering.asked(("warn", start, due, limit, hours), lambda: calendar.warn_at(start, due, limit, hours))


_UNWARNED = frozenset({DeadlineKind.DUTY})  # one notice a step: whoever was called was told so
_CAPPED = frozenset({DeadlineKind.ACCEPT, DeadlineKind.ASSIGN, DeadlineKind.COMPLETION, DeadlineKind.PROMISE})


def limit_of(matter: Matter, profile: Profile, kind: DeadlineKind) -> Limit | None:
    """The profile's limit for this matter as it stands; before classification the ordinary claim is the measure."""
    known = matter.kind if matter.kind and profile.kind(matter.kind).in_loop else Kind.INTEREST_CLAIM
    complexity = matter.complexity or Complexity.STANDARD
    if kind == DeadlineKind.PROGRESS and matter.status in _PROGRESS:
        return profile.limit(_PROGRESS[Status(matter.status)], known, complexity, matter.urgency)
    if kind == DeadlineKind.COMPLETION and matter.round is not None and matter.round.because == RoundBecause.REWORK:
        return profile.rework_limit(known, profile.limit(kind, known, complexity, Urgency.U4))
    return profile.limit(str(kind), known, complexity, matter.urgency)


def hours_of(matter: Matter, kind: DeadlineKind | str) -> OfficeHours:
    """The office hours a clock is counted in: the lead unit's for its own time, else the registry's."""
    unit: Unit | None = matter.lead_unit if kind in _UNITS_TIME else matter.registry
    whose = unit or matter.registry
    return gathering.asked(("office_hours", whose.pk), lambda: organization.office_hours(whose))


def after(now: datetime, limit: Limit, unit: Unit) -> datetime:
    """The end of a window in a unit's working time that is no clock of its own, such as the return window."""
    return calendars.load().due(now, limit, organization.office_hours(unit)).at


def raised_at(matter: Matter) -> datetime:
    """From when its dates count: registration, or when it was raised again after its end (rule 3)."""
    return matter.reopened_at or matter.registered_at


def reconsidered_until(matter: Matter, profile: Profile, now: datetime) -> datetime:
    """Until when the speaker of a matter that ends now may add to it and rate it: the whole of the last day."""
    return _whole_day(matter, profile, Step.NOT_SOLVED, now)


def reopen_until(matter: Matter, profile: Profile, now: datetime) -> datetime:
    """Until when it may be raised again."""
    return _whole_day(matter, profile, Step.REOPEN, now)


def review_until(matter: Matter, profile: Profile, day: datetime) -> datetime:
    """Until when the tier above may be asked to review what was answered, or decided, on that day."""
    return _whole_day(matter, profile, Step.REVIEW_ASKED, day)


def _whole_day(matter: Matter, profile: Profile, step: Step, now: datetime) -> datetime:
    limit = profile.limit(step, matter.kind or Kind.INTEREST_CLAIM)
    if limit is None:
        return now
    last = calendars.load().due(now, limit, organization.office_hours(matter.registry)).at
    return local(last).replace(hour=23, minute=59, second=59, microsecond=0)


def key_of(clock: Deadline) -> str:
    """How a step finds it among the open ones: the kind, and what it is about where several run."""
    return f"{clock.kind}:{clock.about}" if clock.about else clock.kind
