"""More time: asked for with a plan, ruled on outside the unit, told to the resident with its reason (4.2.2)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from shuoshi.kernel import calendars
from shuoshi.kernel.calendar import Unit
from shuoshi.kernel.clock import local
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.templatetags.shuoshi import day
from shuoshi.matters import deadlines, guards, kind_guards, policies, terms, time_guards
from shuoshi.matters.actions import rulings, stopped, whole_and_parts
from shuoshi.matters.models import Deadline, Request
from shuoshi.matters.step import Step
from shuoshi.matters.transition import Told, Transition
from shuoshi.matters.vocabulary import (
    Action,
    Audience,
    DeadlineKind,
    RequestKind,
    RequestState,
    RoundBecause,
    Status,
)
from shuoshi.organization.profile import Step as Limited

IN_HAND = frozenset({Status.IN_HANDLING})
STATUTORY = "STATUTORY"


def request_extension(step: Step, given: terms.RequestExtension) -> None:
    """So many working days more, and what is done in them."""
    most = _most(step)
    if given.days > most:
        raise Refused("too_long_an_extension", _("这类事最多延期 %(n)d 个工作日。") % {"n": most})
    _keep_the_law(step, step.clocks[DeadlineKind.COMPLETION], given.days, statutory=given.statutory)
    rulings.ask(
        step,
        RequestKind.EXTENSION,
        given.text,
        plan=given.plan,
        days=given.days,
        reason_code=STATUTORY if given.statutory else "",
        leaders_only=given.statutory,
    )
    step.say(Audience.INTERNAL, given.text, days=given.days, statutory=given.statutory)
    step.notify("extension_asked", *_rulers(given.statutory))
    if not policies.head(step.case):  # nobody signs it: who rules is outside the unit, and the time runs meanwhile
        step.notify("extension_asked_here", Told.HEAD)


def rule_extension(step: Step, given: terms.RuleExtension) -> None:
    """Granted: what the unit owes and what the resident was promised move together, once in a matter."""
    request = rulings.rule(step, RequestKind.EXTENSION, given.granted, given.text)
    if request.state != RequestState.GRANTED:
        step.say(Audience.INTERNAL, given.text, granted=False)
        step.notify("extension_refused", Told.LEAD)
        return
    if not time_guards.time_is_left(step.case):
        raise Refused("time_is_left", str(time_guards.time_is_left.says))
    moved = _moved(step, request)
    step.set(extensions=step.matter.extensions + 1)
    whole_and_parts.moved_later(step)
    step.say(Audience.PUBLIC, given.text, granted=True, days=request.days, until=local(moved).date().isoformat())
    step.notify("extended", Told.LEAD)


def _rulers(statutory: bool) -> tuple[Told, ...]:
    return (Told.LEADER,) if statutory else (Told.DISPATCHER, Told.LEADER)


def _most(step: Step) -> int:
    """How many working days the rules allow; in a rework no more than its own limit."""
    kind, rework = step.matter.kind, step.matter.round
    limit = step.profile.limit(Limited.EXTENSION, kind)
    if limit is None or limit.unit != Unit.WORKING_DAYS:
        raise Refused("no_extension", _("按规则，这类事不能延期。"))
    if rework is not None and rework.because == RoundBecause.REWORK:
        own = deadlines.limit_of(step.matter, step.profile, DeadlineKind.COMPLETION)
        return min(limit.amount, own.amount if own is not None else limit.amount)
    return limit.amount


def _keep_the_law(step: Step, clock: Deadline, days: int, *, statutory: bool) -> None:
    """The statutory limit from registration holds; a leader may go beyond it, so far as the law says (条例 34)."""
    ordered = step.matter.order_due_at
    if ordered is not None and stopped.later(step, clock.due_at, days) > ordered:
        raise Refused("beyond_the_order", _("这样会超过上级件要求的期限，最晚到%(day)s。") % {"day": day(ordered)})
    cap, beyond = step.profile.cap(DeadlineKind.COMPLETION), step.profile.cap(Limited.EXTENSION)
    if cap is None:
        return
    hours = deadlines.hours_of(step.matter, DeadlineKind.COMPLETION)
    last = calendars.load().due(deadlines.raised_at(step.matter), cap, hours).at
    if statutory and beyond is not None:
        last = calendars.load().due(last, beyond, hours).at
    if stopped.later(step, clock.due_at, days) > last:
        raise Refused("beyond_the_law", _("这样会超过法定期限，最晚到%(day)s。") % {"day": day(last)})


def _moved(step: Step, request: Request) -> datetime:
    """The new date of completion; the promise is later by as many days where it still runs."""
    assert request.days is not None
    for kind in stopped.WORK:
        clock = step.clocks.get(kind)
        if clock is not None:
            stopped.put_off(step, kind, stopped.later(step, clock.due_at, request.days), "extension")
    return step.clocks[DeadlineKind.COMPLETION].due_at


ROWS = (
    Transition(
        action=Action.REQUEST_EXTENSION,
        source=IN_HAND,
        clause="4.2.2",
        allow=policies.handler | policies.head,
        when=(
            time_guards.not_extended_yet,
            kind_guards.not_mediating,
            time_guards.no_extension_pending,
            time_guards.time_is_left,
            guards.no_result_waiting,
        ),
        do=request_extension,
        start=(DeadlineKind.RULING,),
        notify=(Told.DISPATCHER, Told.LEADER, Told.HEAD),
        turns=True,
        of_part=True,
    ),
    Transition(
        action=Action.RULE_EXTENSION,
        source=IN_HAND,
        clause="4.2.2",
        allow=policies.rules_on_extension,
        when=(time_guards.extension_pending,),
        do=rule_extension,
        start=(DeadlineKind.COMPLETION, DeadlineKind.PROMISE),
        stop=(DeadlineKind.RULING,),
        notify=(Told.LEAD,),
        resident=True,
        turns=True,
        of_part=True,
    ),
)
