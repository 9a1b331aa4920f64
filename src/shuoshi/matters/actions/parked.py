"""Set aside for an objective reason, with measures and a public target; never closed by that (挂账, 4.4.2)."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import gettext as _

from shuoshi.kernel.clock import local
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import guards, kind_guards, policies, terms, time_guards
from shuoshi.matters.actions import rulings, stopped
from shuoshi.matters.step import Step
from shuoshi.matters.transition import Told, Transition
from shuoshi.matters.vocabulary import OF_THE_WORK, Action, Audience, DeadlineKind, RequestKind, RequestState, Status

PARKABLE = frozenset({Status.IN_HANDLING, Status.PARKED})
PARKED = frozenset({Status.PARKED})
FARTHEST = timedelta(days=365)  # another target can be asked for when this one is near


def request_park(step: Step, given: terms.RequestPark) -> None:
    """Why it cannot be done now, what is done about that, and by when; of a parked one another target."""
    if given.reason not in {one.code for one in step.profile.park_reasons}:
        raise Refused("no_such_reason", _("请选规则里列出的客观原因。"))
    today = local(step.now).date()
    if given.until <= today:
        raise Refused("target_in_past", _("目标日期要在今天以后。"))
    if given.until > today + FARTHEST:
        raise Refused("target_too_far", _("目标日期最远一年，到时候可以再申请。"))
    rulings.ask(
        step,
        RequestKind.PARK,
        given.text,
        reason_code=given.reason,
        plan=given.measures,
        until=given.until,
        leaders_only=True,
    )
    step.say(Audience.INTERNAL, given.text, files_given=given.evidence, until=given.until.isoformat())
    step.notify("parking_asked", Told.LEADER)


def rule_park(step: Step, given: terms.RulePark) -> None:
    """Granted: the unit's limit stands still, the promise becomes the target, and somebody looks at it every month."""
    request = rulings.rule(step, RequestKind.PARK, given.granted, given.text)
    if request.state != RequestState.GRANTED:
        step.say(Audience.INTERNAL, given.text, granted=False)
        step.notify("parking_refused", Told.LEAD)
        return
    assert request.until is not None
    if stopped.closing(step, request.until) <= step.now:
        raise Refused("too_late_to_grant", _("申请的日期已经过了，不能再同意。"))
    if step.matter.status == Status.IN_HANDLING:
        if step.matter.result_in_hand:
            raise Refused("no_result_waiting", str(guards.no_result_waiting.says))
        if time_guards.time_is_left(step.case):  # what is over already stays open, and is looked at
            stopped.stop(step, DeadlineKind.COMPLETION)
        rulings.let_fall(step, *(kind for kind in OF_THE_WORK if kind is not RequestKind.PARK))
        step.move(Status.PARKED)
        stopped.tell_anew(step)
        step.start(DeadlineKind.PARKED_REVIEW)
    _promise(step, request.until)
    step.say(
        Audience.PUBLIC, f"{request.text}\n{request.plan}\n{given.text}", granted=True, until=request.until.isoformat()
    )
    step.notify("parked", Told.LEAD)


def _promise(step: Step, target: date) -> None:
    """The target is what the resident is promised now; a promise that was missed before stays missed."""
    due_at = stopped.closing(step, target)
    promise = step.clocks.get(DeadlineKind.PROMISE)
    if promise is not None and promise.due_at < step.now:
        step.miss(DeadlineKind.PROMISE)
    if stopped.move(step, DeadlineKind.PROMISE, due_at, "parked") is None:
        step.start(DeadlineKind.PROMISE, due_at=due_at, ordered=True, basis="parked")
    step.set(promised_by=due_at)


def review_parked(step: Step, given: terms.ReviewParked) -> None:
    """Looked at once more: still not possible, and why; the next look is a month away."""
    step.start(DeadlineKind.PARKED_REVIEW)
    step.say(Audience.PUBLIC, given.text)


def strike_off(step: Step, given: terms.StrikeOff) -> None:
    """It can be done now: handling goes on with the time that was left (销号)."""
    rulings.let_fall(step, RequestKind.PARK)
    stopped.end(step, [DeadlineKind.COMPLETION])
    stopped.tell_anew(step)
    step.say(Audience.PUBLIC, given.text)
    step.notify("struck_off", Told.HANDLER, Told.LEADER)


ROWS = (
    Transition(
        action=Action.REQUEST_PARK,
        source=PARKABLE,
        clause="4.4.2",
        allow=policies.head,
        when=(
            time_guards.nobody_waits_with_it,
            time_guards.not_urgent,
            time_guards.no_parking_pending,
            kind_guards.duties_answered,
            kind_guards.not_mediating,
            guards.no_result_waiting,
        ),
        do=request_park,
        start=(DeadlineKind.RULING,),
        notify=(Told.LEADER,),
        turns=True,
    ),
    Transition(
        action=Action.RULE_PARK,
        source=PARKABLE,
        also=PARKED,
        clause="4.4.2",
        allow=policies.rules_on_parking,
        when=(time_guards.nobody_waits_with_it, time_guards.parking_pending, time_guards.not_urgent),
        do=rule_park,
        start=(DeadlineKind.PARKED_REVIEW, DeadlineKind.PROMISE, DeadlineKind.PROGRESS),
        stop=(DeadlineKind.RULING,),
        notify=(Told.LEAD,),
        resident=True,
    ),
    Transition(
        action=Action.REVIEW_PARKED,
        source=PARKED,
        clause="4.4.2",
        allow=policies.head | policies.leader,
        do=review_parked,
        start=(DeadlineKind.PARKED_REVIEW,),
        stop=(DeadlineKind.PARKED_REVIEW,),
        resident=True,
    ),
    Transition(
        action=Action.STRIKE_OFF,
        source=PARKED,
        target=Status.IN_HANDLING,
        clause="4.4.2",
        allow=policies.head | policies.leader,
        do=strike_off,
        start=(DeadlineKind.COMPLETION, DeadlineKind.PROGRESS),
        notify=(Told.HANDLER, Told.LEADER),
        resident=True,
    ),
)
