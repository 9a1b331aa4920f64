"""Ways off the straight road: a return, a lawful exit, a withdrawal (4.4.2, 5.1, 1.3.1)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from shuoshi.kernel.actors import ActorKind
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import (
    deadlines,
    emergency_guards,
    guards,
    kind_guards,
    outside_guards,
    policies,
    terms,
    withdrawal_guards,
)
from shuoshi.matters.actions import conflicts, group, hearing, rulings, together, whole_and_parts
from shuoshi.matters.actions import people as at_hand
from shuoshi.matters.actions.keeping_away import take_from_lead, who_designates
from shuoshi.matters.actions.wishes import keep_what_shows_the_wish
from shuoshi.matters.step import Step
from shuoshi.matters.transition import Told, Transition
from shuoshi.matters.vocabulary import (
    AT_WORK,
    DECIDED_EXITS,
    Action,
    Audience,
    Bond,
    DeadlineKind,
    EndedBecause,
    Exit,
    Mediated,
    RequestKind,
    RequestState,
    Shared,
    Status,
)

TO_RETURN = frozenset({Status.ASSIGNED, Status.IN_HANDLING})


def request_return(step: Step, given: terms.RequestReturn) -> None:
    """Not ours, with the reason and the proper unit; the sign-for clock waits for nobody (4.2.2)."""
    reason = step.profile.return_reason(given.reason)
    if reason.needs_proper_unit and given.proper_unit is None:
        raise Refused("proper_unit_missing", _("请写明应当由哪个单位办。"))
    proper = at_hand.unit_for(step, given.proper_unit) if given.proper_unit else None
    if proper is not None and proper.pk == step.matter.lead_unit_id:
        raise Refused("same_unit", _("应当承办的单位不能还是本单位。"))
    asked = step.matter.requests.filter(kind=RequestKind.RETURN, assignment__unit=step.matter.lead_unit_id)
    before = asked.exclude(state=RequestState.WITHDRAWN)  # what fell without a ruling was never answered
    if before.exists() or conflicts.gave_it_up(step, step.matter.lead_unit_id):
        raise Refused("returned_before", _("一个单位对一件事只能提一次退单。"))
    rulings.ask(step, RequestKind.RETURN, given.text, reason_code=reason.code, unit=proper)
    step.say(Audience.INTERNAL, given.text, reason=reason.code, unit=proper.short_name if proper else "")
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
    take_from_lead(step, EndedBecause.RETURNED)
    step.set(returns=step.matter.returns + 1)
    who_designates(step)
    step.say(
        Audience.PUBLIC,
        given.text,
        granted=True,
        unit=unit.short_name if unit else "",
        proper=request.unit.short_name if request.unit else "",
        reason=request.reason_code,
    )
    step.notify("returned", Told.DISPATCHER)


def request_exit(step: Step, given: terms.RequestExit) -> None:
    """An end that somebody decides: code, evidence, basis, rights notice; never "satisfied" (4.4.2)."""
    if given.exit not in DECIDED_EXITS:
        raise Refused("exit_not_decided", _("这种结束方式不能申请。"))
    kinds = step.profile.exit(given.exit).kinds
    if kinds and step.matter.kind not in kinds:
        raise Refused("exit_of_other_kind", _("这一类事不能按这一条办结。"))
    if given.exit == Exit.MEDIATION_ENDED and step.matter.mediation != Mediated.FAILED:
        raise Refused("mediation_not_failed", _("调解过、没有达成协议的，才能按这一条办结。"))
    rulings.ask(
        step,
        RequestKind.EXIT,
        given.text,
        exit=given.exit,
        basis=given.basis,
        rights_notice=given.rights_notice,
    )
    step.say(Audience.INTERNAL, given.text, files_given=given.evidence, exit=str(given.exit))
    step.notify("exit_asked", Told.DISPATCHER, Told.LEADER)


def rule_exit(step: Step, given: terms.RuleExit) -> None:
    """Granted: reply and short report in one, with the rights notice, and the matter is closed under its code."""
    request = rulings.rule(step, RequestKind.EXIT, given.granted, given.text)
    if request.state != RequestState.GRANTED:
        step.say(Audience.INTERNAL, given.text, granted=False)
        step.notify("exit_refused", Told.LEAD)
        _goes_on(step)
        return
    by_rule = request.requester_id is None  # nobody wrote an explanation for it: the ruling is one
    parts = (given.text if by_rule else "", request.text, request.basis, request.rights_notice)
    words = "\n".join(part for part in parts if part)
    step.say(Audience.PUBLIC, words, granted=True, exit=request.exit)
    step.move(Status.CLOSED)
    step.close(Exit(request.exit))
    step.set(review_until=deadlines.review_until(step.matter, step.profile, step.now), reviews_asked=0)


def _goes_on(step: Step) -> None:
    """The person was not satisfied and it does not end for all that: it is handled once more (`rework.refer`)."""
    if step.matter.status != Status.IN_FOLLOW_UP:
        return
    step.rating = hearing.last_word(step)
    step.goes_on = step.rating is not None


def lapse_request(step: Step, given: terms.LapseRequest) -> None:
    """Silence is refusal; the missing ruling stands against whoever owed it."""
    lapsed = rulings.lapse(step, given.kind)
    if given.kind == RequestKind.RECUSAL:
        conflicts.lapse_conflict(step, lapsed)
    if given.kind == RequestKind.EXIT:
        _goes_on(step)
    step.say(Audience.INTERNAL, request=str(given.kind))
    owed = (Told.ABOVE,) if given.kind == RequestKind.ESCALATION else (Told.DISPATCHER, Told.LEADER)
    step.notify("ruling_missed", *owed, Told.LEAD, request=str(given.kind))


def withdraw(step: Step, given: terms.Withdraw) -> None:
    """The speaker no longer wants it; two working days to think again, then the system confirms (1.3.1)."""
    part = hearing.whose_part(step, given.spokesperson)
    if step.actor.kind is ActorKind.STAFF:
        refused = _("替说事人撤回，要写明凭什么知道是他本人要撤回，凭据在哪里。")
        keep_what_shows_the_wish(step, given, refused, part)
        step.involve(step.actor.person_id, Bond.REGISTERED)  # so that somebody else looks whether it was so
    if part is not None:
        group.withdraw_part(step, part, given.text, str(given.shown_by) if given.shown_by else None)
        step.notify("withdrawing", Told.LEAD, Told.REGISTRY)
        return
    step.set(withdrawal_asked_at=step.now, withdrawal_entered=step.actor.kind is ActorKind.STAFF)
    step.start(DeadlineKind.WITHDRAWAL)
    step.say(Audience.PUBLIC, given.text, shown_by=str(given.shown_by) if given.shown_by else None)
    whole_and_parts.pass_on(step, Shared.WITHDRAWING)
    step.notify("withdrawing", Told.LEAD, Told.REGISTRY)


def revoke_withdrawal(step: Step, given: terms.RevokeWithdrawal) -> None:
    """Before it takes effect: by the speaker any time; by the registry, with the reason, where staff wrote it down."""
    if step.actor.kind is ActorKind.STAFF and not given.text.strip():
        raise Refused("reason_missing", _("收回撤回，要写明原因。"))
    part = hearing.whose_part(step, given.spokesperson)
    if part is not None:
        group.revoke_part(step, part, given.text)
    else:
        step.set(withdrawal_asked_at=None)
        step.say(Audience.PUBLIC, given.text)
        whole_and_parts.pass_on(step, Shared.STAYS)
    step.notify("withdrawal_revoked", Told.LEAD, Told.REGISTRY)


def confirm_withdrawn(step: Step, given: object) -> None:
    """It ends; in a group one person's part does, and the matter with the last of them."""
    if step.matter.is_group:
        group.end_parts(step)
        return
    together.leave(step)
    whole_and_parts.end_with_the_whole(step)
    step.move(Status.CLOSED)
    step.close(Exit.WITHDRAWN)
    step.say(Audience.PUBLIC)


ROWS = (
    Transition(
        action=Action.REQUEST_RETURN,
        source=TO_RETURN,
        clause="5.1",
        allow=policies.head,
        when=(guards.no_return_pending, guards.returnable, guards.within_return_window, guards.fewer_than_two_returns),
        do=request_return,
        start=(DeadlineKind.RULING,),
        notify=(Told.DISPATCHER,),
        turns=True,
        of_part=True,
    ),
    Transition(
        action=Action.RULE_RETURN,
        source=TO_RETURN,
        also=frozenset({Status.ACCEPTED}),
        clause="5.1",
        allow=policies.rules_on_return,
        when=(guards.return_pending,),
        do=rule_return,
        start=(DeadlineKind.ASSIGN,),
        stop=(DeadlineKind.RULING,),
        notify=(Told.LEAD, Told.DISPATCHER),
        resident=True,
        of_part=True,
    ),
    Transition(
        action=Action.REQUEST_EXIT,
        source=frozenset({Status.IN_HANDLING, Status.IN_FOLLOW_UP}),
        clause="4.4.2",
        allow=policies.head,
        when=(
            emergency_guards.emergency_over,
            guards.no_exit_pending,
            emergency_guards.papers_made,
            kind_guards.duties_answered,
            kind_guards.not_mediating,
        ),
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
        when=(emergency_guards.emergency_over, guards.exit_pending, guards.leader_after_a_failed_round),
        do=rule_exit,
        stop=(DeadlineKind.RULING,),
        then=(Action.START_REWORK,),
        resident=True,
    ),
    Transition(
        action=Action.WITHDRAW,
        source=AT_WORK | {Status.MERGED, Status.DIVIDED},
        clause="1.3.1",
        allow=policies.for_the_speaker,
        when=(withdrawal_guards.not_withdrawing, withdrawal_guards.known_or_own),
        do=withdraw,
        start=(DeadlineKind.WITHDRAWAL,),
        notify=(Told.LEAD, Told.REGISTRY),
        resident=True,
        turns=True,
    ),
    Transition(
        action=Action.REVOKE_WITHDRAWAL,
        source=AT_WORK | {Status.MERGED, Status.DIVIDED},
        clause="1.3.1",
        allow=policies.speaker_or_registry,
        when=(withdrawal_guards.withdrawing, withdrawal_guards.own_or_entered_withdrawal),
        do=revoke_withdrawal,
        drop=(DeadlineKind.WITHDRAWAL,),
        notify=(Told.LEAD, Told.REGISTRY),
        resident=True,
        turns=True,
    ),
    Transition(
        action=Action.CONFIRM_WITHDRAWN,
        source=AT_WORK | {Status.MERGED, Status.DIVIDED},
        also=frozenset({Status.CLOSED}),
        clause="1.3.1",
        allow=policies.system,
        when=(
            withdrawal_guards.withdrawing,
            withdrawal_guards.withdrawal_time_over,
            outside_guards.order_reported,
            outside_guards.papers_back,
        ),
        do=confirm_withdrawn,
        stop=(DeadlineKind.WITHDRAWAL,),
        notify=(Told.LEAD, Told.LEADER, Told.REGISTRY),
        then=(Action.CONFIRM_SATISFIED, Action.CLOSE_UNREACHED),
        resident=True,
    ),
    Transition(
        action=Action.LAPSE_REQUEST,
        source=AT_WORK | {Status.UNDER_REVIEW, Status.DIVIDED},
        clause="4.4.2",
        allow=policies.system,
        when=(guards.a_ruling_is_overdue,),
        do=lapse_request,
        stop=(DeadlineKind.RULING,),
        notify=(Told.DISPATCHER, Told.LEADER, Told.ABOVE, Told.LEAD),
        then=(Action.START_REWORK,),
        turns=True,
        of_part=True,
    ),
)
