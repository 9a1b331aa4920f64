"""Ways off the straight road: a return, a lawful exit, a withdrawal, a conflict (4.4.2, 5.1, 1.3.1, 2.2.4)."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from shuoshi.kernel.actors import ActorKind
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import guards, policies, terms
from shuoshi.matters.actions import people as at_hand
from shuoshi.matters.actions import rulings
from shuoshi.matters.models import Exclusion
from shuoshi.matters.step import Step
from shuoshi.matters.transition import Told, Transition
from shuoshi.matters.vocabulary import (
    DECIDED_EXITS,
    OPEN,
    Action,
    Audience,
    DeadlineKind,
    EndedBecause,
    Exit,
    RequestKind,
    RequestState,
    Status,
    Way,
)

GIVEN = frozenset({Status.ASSIGNED, Status.IN_HANDLING})


def request_return(step: Step, given: terms.RequestReturn) -> None:
    """Not ours, with the reason and the proper unit; the sign-for clock waits for nobody (4.2.2)."""
    reason = step.profile.return_reason(given.reason)
    proper = at_hand.unit_for(step, given.proper_unit)
    if proper.pk == step.matter.lead_unit_id:
        raise Refused("same_unit", _("应当承办的单位不能还是本单位。"))
    if step.matter.requests.filter(kind=RequestKind.RETURN, assignment__unit=step.matter.lead_unit_id).exists():
        raise Refused("returned_before", _("一个单位对一件事只能提一次退单。"))
    rulings.ask(step, RequestKind.RETURN, given.text, reason_code=reason.code, unit=proper)
    step.say(Audience.INTERNAL, given.text, reason=reason.code, unit=proper.short_name)
    step.notify("return_asked", Told.DISPATCHER)


def rule_return(step: Step, given: terms.RuleReturn) -> None:
    """Granted: the unit's clocks are void and it is assigned anew; the resident's date stays and is told the reason."""
    request = rulings.rule(step, RequestKind.RETURN, given.granted, given.text)
    assert step.matter.assignment is not None
    if not given.granted:
        step.change(step.matter.assignment, binding=True)
        step.say(Audience.INTERNAL, given.text, granted=False)
        step.notify("return_refused", Told.LEAD)
        return
    unit = step.matter.lead_unit
    _take_from_lead(step, EndedBecause.RETURNED)
    step.set(returns=step.matter.returns + 1)
    step.say(
        Audience.PUBLIC,
        given.text,
        granted=True,
        unit=unit.short_name if unit else "",
        proper=request.unit.short_name if request.unit else "",
        reason=request.reason_code,
    )
    step.notify("returned", Told.DISPATCHER)


def _take_from_lead(step: Step, because: EndedBecause) -> None:
    """Back to whoever assigns. The promise runs on; the unit's own clocks are void."""
    assert step.matter.assignment is not None
    for kind in (
        DeadlineKind.SIGN_FOR,
        DeadlineKind.FIRST_CONTACT,
        DeadlineKind.PROGRESS,
        DeadlineKind.COMPLETION,
    ):
        step.drop(kind)
    rulings.let_fall(step, RequestKind.RETURN, RequestKind.EXIT)
    step.take_back_result()
    step.change(step.matter.assignment, ended_at=step.now, ended_because=because)
    step.set(assignment=None, lead_unit=None, handler_id=None, status=Status.ACCEPTED)
    step.start(DeadlineKind.ASSIGN)


def request_exit(step: Step, given: terms.RequestExit) -> None:
    """An end that somebody decides: code, evidence, basis, rights notice; never "satisfied" (4.4.2)."""
    if given.exit not in DECIDED_EXITS:
        raise Refused("exit_not_decided", _("这种结束方式不能申请。"))
    rulings.ask(
        step,
        RequestKind.EXIT,
        given.text,
        exit=given.exit,
        basis=given.basis,
        rights_notice=given.rights_notice,
    )
    step.say(Audience.INTERNAL, given.text, exit=str(given.exit))
    step.notify("exit_asked", Told.DISPATCHER, Told.LEADER)


def rule_exit(step: Step, given: terms.RuleExit) -> None:
    """Granted: reply and short report in one, with the rights notice, and the matter is closed under its code."""
    request = rulings.rule(step, RequestKind.EXIT, given.granted, given.text)
    if request.state != RequestState.GRANTED:
        step.say(Audience.INTERNAL, given.text, granted=False)
        step.notify("exit_refused", Told.LEAD)
        return
    words = "\n".join(part for part in (request.text, request.basis, request.rights_notice) if part)
    step.say(Audience.PUBLIC, words, granted=True, exit=request.exit)
    step.move(Status.CLOSED)
    step.close(Exit(request.exit))


def lapse_request(step: Step, given: terms.LapseRequest) -> None:
    """Silence is refusal; the missing ruling stands against whoever owed it."""
    rulings.lapse(step, given.kind)
    step.say(Audience.INTERNAL, request=str(given.kind))
    step.notify("ruling_missed", Told.DISPATCHER, Told.LEADER, Told.LEAD, request=str(given.kind))


def withdraw(step: Step, given: terms.Withdraw) -> None:
    """The speaker no longer wants it; two working days to think again, then the system confirms (1.3.1)."""
    if step.actor.kind is ActorKind.STAFF and given.way == Way.PAGE:
        raise Refused("way_missing", _("替说事人撤回，要写明是电话里还是当面说的。"))
    step.set(withdrawal_asked_at=step.now)
    step.start(DeadlineKind.WITHDRAWAL)
    step.say(Audience.PUBLIC, given.text, way=str(given.way))
    step.notify("withdrawing", Told.LEAD, Told.REGISTRY)


def revoke_withdrawal(step: Step, given: terms.RevokeWithdrawal) -> None:
    step.set(withdrawal_asked_at=None)
    step.say(Audience.PUBLIC)
    step.notify("withdrawal_revoked", Told.LEAD, Told.REGISTRY)


def confirm_withdrawn(step: Step, given: object) -> None:
    step.close(Exit.WITHDRAWN)
    step.say(Audience.PUBLIC)


def declare_conflict(step: Step, given: terms.DeclareConflict) -> None:
    """Of oneself: at once, without asking anybody. Of somebody else: a request that is ruled on (2.2.4)."""
    if given.person is None or given.person == step.actor.person_id:
        if step.actor.person_id is None:
            raise Refused("conflict_person", _("请选出要回避的人。"))
        step.say(Audience.INTERNAL, given.text)
        _keep_away(step, step.actor.person_id)
        return
    rulings.ask(step, RequestKind.RECUSAL, given.text, about_person_id=given.person)
    step.say(Audience.INTERNAL, given.text, person=str(given.person))
    step.notify("recusal_asked", Told.DISPATCHER, Told.LEADER)


def rule_conflict(step: Step, given: terms.RuleConflict) -> None:
    request = rulings.rule(step, RequestKind.RECUSAL, given.granted, given.text)
    step.say(Audience.INTERNAL, given.text, granted=given.granted)
    if given.granted and request.about_person_id is not None:
        _keep_away(step, request.about_person_id)


def _keep_away(step: Step, person: UUID) -> None:
    """All rights on the matter end now. A handler's work goes to a colleague, or back to whoever assigns."""
    matter = step.matter
    if not matter.exclusions.filter(person=person).exists():
        step.add(Exclusion(matter=matter, person_id=person, why="recused", at=step.now))
    if matter.status not in GIVEN or matter.lead_unit is None:
        return
    if not at_hand.able(step, matter.lead_unit, without=person):
        _take_from_lead(step, EndedBecause.CONFLICT)
        step.story.fact(nobody_left_in_unit=True)
    elif matter.handler_id == person:
        assert matter.assignment is not None
        step.take_back_result()
        step.set(handler_id=None, status=Status.ASSIGNED)
        step.change(matter.assignment, handler_id=None, signed_for_at=None)
        step.start(DeadlineKind.SIGN_FOR)
        step.notify("assigned", Told.LEAD)


ROWS = (
    Transition(
        action=Action.REQUEST_RETURN,
        source=GIVEN,
        clause="5.1",
        allow=policies.head,
        when=(guards.no_return_pending, guards.returnable, guards.within_return_window, guards.fewer_than_two_returns),
        do=request_return,
        start=(DeadlineKind.RULING,),
        notify=(Told.DISPATCHER,),
        turns=True,
    ),
    Transition(
        action=Action.RULE_RETURN,
        source=GIVEN,
        also=frozenset({Status.ACCEPTED}),
        clause="5.1",
        allow=policies.rules_on_return,
        when=(guards.return_pending,),
        do=rule_return,
        start=(DeadlineKind.ASSIGN,),
        stop=(DeadlineKind.RULING,),
        notify=(Told.LEAD, Told.DISPATCHER),
        resident=True,
    ),
    Transition(
        action=Action.REQUEST_EXIT,
        source=frozenset({Status.IN_HANDLING, Status.IN_FOLLOW_UP}),
        clause="4.4.2",
        allow=policies.head,
        when=(guards.no_exit_pending,),
        do=request_exit,
        start=(DeadlineKind.RULING,),
        notify=(Told.DISPATCHER, Told.LEADER),
        turns=True,
    ),
    Transition(
        action=Action.RULE_EXIT,
        source=frozenset({Status.IN_HANDLING, Status.IN_FOLLOW_UP}),
        also=frozenset({Status.CLOSED}),
        clause="4.4.2",
        allow=policies.rules_on_exit,
        when=(guards.exit_pending, guards.leader_after_a_failed_round),
        do=rule_exit,
        stop=(DeadlineKind.RULING,),
        resident=True,
    ),
    Transition(
        action=Action.WITHDRAW,
        source=OPEN,
        clause="1.3.1",
        allow=policies.speaker | (policies.home_registrar & ~policies.involved),
        when=(guards.not_withdrawing,),
        do=withdraw,
        start=(DeadlineKind.WITHDRAWAL,),
        notify=(Told.LEAD, Told.REGISTRY),
        resident=True,
        turns=True,
    ),
    Transition(
        action=Action.REVOKE_WITHDRAWAL,
        source=OPEN,
        clause="1.3.1",
        allow=policies.speaker,
        when=(guards.withdrawing,),
        do=revoke_withdrawal,
        drop=(DeadlineKind.WITHDRAWAL,),
        notify=(Told.LEAD, Told.REGISTRY),
        resident=True,
        turns=True,
    ),
    Transition(
        action=Action.CONFIRM_WITHDRAWN,
        source=OPEN,
        target=Status.CLOSED,
        clause="1.3.1",
        allow=policies.system,
        when=(guards.withdrawing, guards.withdrawal_time_over),
        do=confirm_withdrawn,
        stop=(DeadlineKind.WITHDRAWAL,),
        resident=True,
    ),
    Transition(
        action=Action.DECLARE_CONFLICT,
        source=OPEN,
        also=frozenset({Status.ASSIGNED, Status.ACCEPTED}),
        moves_from=GIVEN,
        clause="2.2.4",
        allow=policies.staff_of_it | policies.speaker,
        when=(guards.no_recusal_pending,),
        do=declare_conflict,
        start=(DeadlineKind.RULING,),
        notify=(Told.DISPATCHER, Told.LEADER),
    ),
    Transition(
        action=Action.RULE_CONFLICT,
        source=OPEN,
        also=frozenset({Status.ASSIGNED, Status.ACCEPTED}),
        moves_from=GIVEN,
        clause="2.2.4",
        allow=policies.rules_on_recusal,
        when=(guards.recusal_pending,),
        do=rule_conflict,
        stop=(DeadlineKind.RULING,),
    ),
    Transition(
        action=Action.LAPSE_REQUEST,
        source=OPEN,
        clause="4.4.2",
        allow=policies.system,
        when=(guards.a_ruling_is_overdue,),
        do=lapse_request,
        stop=(DeadlineKind.RULING,),
        notify=(Told.DISPATCHER, Told.LEADER, Told.LEAD),
        turns=True,
    ),
)
