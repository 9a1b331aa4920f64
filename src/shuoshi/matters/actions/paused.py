"""The time stands still: for a listed cause, until a day, by a ruling; it goes on by itself (4.2.2)."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import gettext as _

from shuoshi.kernel.clock import local
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.templatetags.shuoshi import day
from shuoshi.matters import deadlines, guards, kind_guards, policies, terms, time_guards
from shuoshi.matters.actions import rulings, stopped
from shuoshi.matters.models import Request
from shuoshi.matters.step import Step
from shuoshi.matters.transition import Told, Transition
from shuoshi.matters.vocabulary import OF_THE_WORK, Action, Audience, DeadlineKind, RequestKind, RequestState, Status
from shuoshi.organization.profile import PauseCause

PAUSABLE = frozenset({Status.IN_HANDLING, Status.PAUSED})
LONGEST = timedelta(days=365)  # where the rules set no limit: nobody waits longer without asking again


def request_pause(step: Step, given: terms.RequestPause) -> None:
    """What is waited for, and until when at the latest; while it stands still already, for longer."""
    cause = _cause(step, given.cause)
    if step.matter.paused_for and step.matter.paused_for != cause.code:
        raise Refused("paused_for_another", _("现在是因为别的原因暂停的，要先恢复计时。"))
    _within(step, cause, given.until)
    before = step.matter.requests.filter(kind=RequestKind.PAUSE, state=RequestState.GRANTED, reason_code=cause.code)
    if cause.at_most is not None and before.count() > cause.renewals:
        raise Refused("paused_often_enough", _("因为这个原因不能再暂停了，请按现有的材料办。"))
    rulings.ask(step, RequestKind.PAUSE, given.text, reason_code=cause.code, until=given.until)
    step.say(Audience.INTERNAL, given.text, files_given=given.evidence, cause=cause.code, until=given.until.isoformat())
    step.notify("pause_asked", Told.DISPATCHER, Told.LEADER)


def rule_pause(step: Step, given: terms.RulePause) -> None:
    """Granted: completion and promise stand still, and the resident reads why, for whom we wait and how long."""
    request = rulings.rule(step, RequestKind.PAUSE, given.granted, given.text)
    if request.state != RequestState.GRANTED:
        step.say(Audience.INTERNAL, given.text, granted=False)
        step.notify("pause_refused", Told.LEAD)
        return
    assert request.until is not None
    if stopped.closing(step, request.until) <= step.now:
        raise Refused("too_late_to_grant", _("申请的日期已经过了，不能再同意。"))
    if step.matter.status == Status.PAUSED:
        stopped.move(step, DeadlineKind.PAUSE, stopped.closing(step, request.until), "pause")
    else:
        _stand_still(step, request)
    step.say(Audience.PUBLIC, given.text, granted=True, cause=request.reason_code, until=request.until.isoformat())
    step.notify("paused", Told.LEAD)


def _stand_still(step: Step, request: Request) -> None:
    if not time_guards.time_is_left(step.case):
        raise Refused("time_is_left", str(time_guards.time_is_left.says))
    if step.matter.result_in_hand:
        raise Refused("no_result_waiting", str(guards.no_result_waiting.says))
    cause = _cause(step, request.reason_code)
    stopped.stop(step, *stopped.WORK)
    rulings.let_fall(step, *(kind for kind in OF_THE_WORK if kind is not RequestKind.PAUSE))
    step.set(paused_for=cause.code, waits_for_speaker=cause.for_speaker)
    step.move(Status.PAUSED)
    assert request.until is not None
    step.start(DeadlineKind.PAUSE, due_at=stopped.closing(step, request.until), ordered=True, basis="pause")
    stopped.tell_anew(step)


def resume(step: Step, given: object) -> None:
    """By hand, by rule on the last day, or because the speaker has said what was waited for."""
    stopped.end(step)
    rulings.let_fall(step, RequestKind.PAUSE)
    stopped.tell_anew(step)
    step.say(Audience.PUBLIC, given.text if isinstance(given, terms.Resume) else "")
    step.notify("resumed", Told.HANDLER, Told.HEAD)


def _cause(step: Step, code: str) -> PauseCause:
    """Raises Refused for a cause that the rules do not list."""
    for cause in step.profile.pause_causes:
        if cause.code == code:
            return cause
    raise Refused("no_such_cause", _("请选规则里列出的暂停原因。"))


def _within(step: Step, cause: PauseCause, until: date) -> None:
    today = local(step.now).date()
    if until <= today:
        raise Refused("pause_in_past", _("暂停到的日期要在今天以后。"))
    last = today + LONGEST
    if cause.at_most is not None and step.matter.lead_unit is not None:
        last = local(deadlines.after(step.now, cause.at_most, step.matter.lead_unit)).date()
    if until > last:
        raise Refused("pause_too_long", _("因为这个原因最晚暂停到%(day)s。") % {"day": day(last)})


ROWS = (
    Transition(
        action=Action.REQUEST_PAUSE,
        source=PAUSABLE,
        clause="4.2.2",
        allow=policies.handler | policies.head,
        when=(
            time_guards.nobody_waits_with_it,
            time_guards.not_urgent,
            time_guards.no_pause_pending,
            kind_guards.duties_answered,
            kind_guards.not_mediating,
            time_guards.time_is_left_or_stands_still,
            guards.no_result_waiting,
        ),
        do=request_pause,
        start=(DeadlineKind.RULING,),
        notify=(Told.DISPATCHER, Told.LEADER),
        turns=True,
    ),
    Transition(
        action=Action.RULE_PAUSE,
        source=PAUSABLE,
        also=frozenset({Status.PAUSED}),
        clause="4.2.2",
        allow=policies.rules_on_pause,
        when=(time_guards.nobody_waits_with_it, time_guards.pause_pending, time_guards.not_urgent),
        do=rule_pause,
        start=(DeadlineKind.PAUSE, DeadlineKind.PROGRESS),
        stop=(DeadlineKind.RULING,),
        notify=(Told.LEAD,),
        resident=True,
    ),
    Transition(
        action=Action.RESUME,
        source=frozenset({Status.PAUSED}),
        target=Status.IN_HANDLING,
        clause="4.2.2",
        allow=policies.handler | policies.head | policies.system,
        when=(time_guards.pause_is_over,),
        do=resume,
        start=(DeadlineKind.COMPLETION, DeadlineKind.PROMISE, DeadlineKind.PROGRESS),
        notify=(Told.HANDLER, Told.HEAD),
        resident=True,
    ),
)
