"""Going up: what a unit cannot do by its own powers is put to the tier above, and never counts as a return (4.2.2)."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuoshi.kernel.refusal import Refused
from shuoshi.matters import guards, policies, terms
from shuoshi.matters.actions import people as at_hand
from shuoshi.matters.actions import rulings
from shuoshi.matters.actions.rework import one_tier_up
from shuoshi.matters.case import Case
from shuoshi.matters.guards import guard
from shuoshi.matters.step import Step
from shuoshi.matters.transition import Told, Transition
from shuoshi.matters.vocabulary import (
    Action,
    Audience,
    DeadlineKind,
    RequestKind,
    RequestState,
    Status,
)

_L = gettext_lazy
IN_HAND = frozenset({Status.ASSIGNED, Status.IN_HANDLING})


@guard(_L("已经提请上级办理，正在等裁定。"))
def no_escalation_pending(case: Case) -> bool:
    return RequestKind.ESCALATION not in case.standing.pending


@guard(_L("没有待裁定的提请上级办理。"), hides=True)
def escalation_pending(case: Case) -> bool:
    return RequestKind.ESCALATION in case.standing.pending


def request_escalation(step: Step, given: terms.RequestEscalation) -> None:
    """Beyond our powers, once for each time it was given to us; meanwhile every clock runs on."""
    asked = step.matter.requests.filter(kind=RequestKind.ESCALATION, assignment=step.matter.assignment)
    if asked.exclude(state=RequestState.WITHDRAWN).exists():
        raise Refused("put_above_before", _("这一次交办已经提请过上级，没有同意，请接着办。"))
    rulings.ask(step, RequestKind.ESCALATION, given.text, reason_code=str(given.reason))
    step.say(Audience.INTERNAL, given.text, files_given=given.evidence, beyond=str(given.reason))
    step.notify("escalation_asked", Told.ABOVE)


def rule_escalation(step: Step, given: terms.RuleEscalation) -> None:
    """Granted: the tier above assigns it, and who asked helps; the resident's date stays and is told the reason."""
    request = rulings.rule(step, RequestKind.ESCALATION, given.granted, given.text)
    if not given.granted:
        step.say(Audience.INTERNAL, given.text, granted=False)
        step.notify("escalation_refused", Told.LEAD)
        return
    if not at_hand.tier_above(step):
        raise Refused("nobody_above", _("上一级现在没有人能接，不能同意。"))
    one_tier_up(step, given.text, beyond=request.reason_code)


ROWS = (
    Transition(
        action=Action.REQUEST_ESCALATION,
        source=IN_HAND,
        clause="4.2.2",
        allow=policies.head,
        when=(no_escalation_pending, guards.tier_above_exists, guards.no_result_waiting),
        do=request_escalation,
        start=(DeadlineKind.RULING,),
        notify=(Told.ABOVE,),
        turns=True,
    ),
    Transition(
        action=Action.RULE_ESCALATION,
        source=IN_HAND,
        also=frozenset({Status.ACCEPTED}),
        clause="4.2.2",
        allow=policies.rules_on_escalation,
        when=(escalation_pending,),
        do=rule_escalation,
        start=(DeadlineKind.ASSIGN,),
        stop=(DeadlineKind.RULING,),
        notify=(Told.LEAD, Told.DISPATCHER, Told.LEADER),
        resident=True,
    ),
)
