"""Every guard of the table is met by somebody who otherwise might: the code of the refusal is the guard's name."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor
from shuoshi.matters import (
    again_guards,
    dividing_guards,
    emergency_guards,
    group_guards,
    guards,
    kind_guards,
    outside_guards,
    queries,
    recording_guards,
    signing_guards,
    time_guards,
    together_guards,
    withdrawal_guards,
)
from shuoshi.matters.actions import co_units, going_up, leading, linked, reworded, supervised
from shuoshi.matters.actions import reviewed as reviewed_rows
from shuoshi.matters.actions.locking import open_clocks
from shuoshi.matters.case import Case
from shuoshi.matters.guards import Guard
from shuoshi.matters.models import Matter
from shuoshi.matters.scope import standing
from shuoshi.matters.vocabulary import Action, Kind, Naming, Status, Urgency
from tests.matters import divided, outside
from tests.matters.meetings import (
    DISPATCHED,
    EMERGENCY,
    OBJECTED,
    RETURN_ASKED,
    SUGGESTED,
    SUPERVISED,
    WITHDRAWN,
    Meeting,
    accepted,
    actor_named,
    after,
    all_left,
    answered,
    answered_anonymously,
    answered_dispute,
    asked_for,
    complex_by_its_head,
    declined,
    designated,
    disputed,
    exit_after_a_failed_round,
    forced,
    has_others,
    in_,
    in_hand,
    mediated,
    part_ends,
    praised,
    raised,
    returned_once,
    reworked,
    screened_again,
    to_divide_a_dispute,
    withdrawn_order,
)
from tests.support.attempts import attempt
from tests.support.village import Place, default_profile, group

GUARDS = {
    name: guard
    for module in (
        guards,
        time_guards,
        again_guards,
        emergency_guards,
        kind_guards,
        signing_guards,
        together_guards,
        dividing_guards,
        outside_guards,
        group_guards,
        withdrawal_guards,
        supervised,
        going_up,
        reviewed_rows,
        co_units,
        leading,
        linked,
        reworded,
        recording_guards,
    )
    for name, guard in vars(module).items()
    if isinstance(guard, Guard) and guard.test.__module__ == module.__name__
}
MEETINGS: dict[str, Meeting] = {
    "no_return_pending": (Action.SIGN_FOR, "孙丽", RETURN_ASKED),
    "return_pending": (Action.RULE_RETURN, "刘敏", in_(Status.ASSIGNED)),
    "exit_pending": (Action.RULE_EXIT, "刘敏", in_(Status.IN_HANDLING)),
    "no_exit_pending": (Action.REQUEST_EXIT, "周建国", after(in_(Status.IN_HANDLING), "周建国", Action.REQUEST_EXIT)),
    "void_pending": (Action.RULE_VOID, "刘敏", raised()),
    "no_void_pending": (Action.VOID, "刘敏", after(raised(), "王芳", Action.VOID)),
    "never_assigned": (Action.VOID, "王芳", returned_once),
    "recusal_pending": (Action.RULE_CONFLICT, "马镇长", in_(Status.IN_HANDLING)),
    "returnable": (Action.REQUEST_RETURN, "周建国", designated),
    "within_return_window": (Action.REQUEST_RETURN, "周建国", in_(Status.ASSIGNED)),
    "fewer_than_two_returns": (Action.REQUEST_RETURN, "周建国", forced(in_(Status.ASSIGNED), returns=2)),
    "assignable": (Action.ASSIGN, "刘敏", forced(lambda town: town.classify(accepted(Kind.DISPUTE)(town)), returns=2)),
    "of_the_four_kinds": (Action.ASSIGN, "刘敏", accepted(Kind.OTHER)),
    "classified": (Action.ASSIGN, "刘敏", in_(Status.ACCEPTED)),
    "has_category": (Action.ANSWER_QUESTIONS, "说事人", in_(Status.ACCEPTED)),
    "not_consented": (Action.CONSENT_TO_PUBLICATION, "说事人", raised(consent_to_publication=True)),
    "consented": (Action.WITHDRAW_CONSENT, "说事人", raised()),
    "concerns_to_check": (Action.CHECK_CONCERNED, "王芳", raised()),
    "concerns_checked": (Action.ACCEPT, "王芳", raised(concerns_words="一个姓周的")),
    "recording_to_type": (Action.TYPE_OUT, "王芳", raised()),
    "recordings_typed": (Action.ACCEPT, "王芳", forced(raised(), untyped=True)),
    "not_an_emergency": (Action.ANSWER_ON_THE_SPOT, "王芳", EMERGENCY),
    "not_a_dispute": (Action.ANSWER_ON_THE_SPOT, "王芳", accepted(Kind.DISPUTE)),
    "not_accepted_or_kept_from_somebody": (Action.SCREEN_OUT, "王芳", in_(Status.ACCEPTED)),
    "not_an_outside_order": (Action.SCREEN_OUT, "王芳", outside.sent_down),
    "emergency_or_suspected": (Action.LOWER_URGENCY, "王芳", raised()),
    "an_emergency": (Action.START_EMERGENCY, "规则", raised()),
    "emergency_clock_not_running": (Action.START_EMERGENCY, "规则", EMERGENCY),
    "emergency_open": (Action.DISPATCH_EMERGENCY, "何勇", raised(danger_ticked=True)),
    "nobody_acted_in_time": (Action.CALL_NEXT, "规则", EMERGENCY),
    "emergency_over": (
        Action.SIGN_RESULT,
        "周建国",
        lambda town: town.prepare(town.matter_in(Status.IN_HANDLING, by="王芳", urgency=Urgency.U2)),
    ),
    "papers_owed": (Action.COMPLETE_PAPERS, "王芳", in_(Status.IN_HANDLING)),
    "papers_made": (Action.PREPARE_RESULT, "孙丽", DISPATCHED),
    "assigned_or_emergency": (Action.RECORD_FIRST_CONTACT, "王芳", in_(Status.ACCEPTED)),
    "reachable": (Action.RECORD_FIRST_CONTACT, "孙丽", in_(Status.IN_HANDLING, naming=Naming.ANONYMOUS)),
    "to_be_asked": (Action.RECORD_FOLLOW_UP, "赵红", declined),
    "speaker_known": (Action.REGISTER_LINKED, "赵红", in_(Status.IN_HANDLING, naming=Naming.ANONYMOUS)),
    "a_group": (Action.ADD_SPOKESPERSON, "王芳", in_(Status.IN_HANDLING)),
    "not_a_group": (Action.MERGE, "刘敏", in_(Status.IN_HANDLING, by="王芳", group=group())),
    "nobody_consents_for_all": (
        Action.CONSENT_TO_PUBLICATION,
        "说事人",
        in_(Status.IN_HANDLING, by="王芳", group=group()),
    ),
    "everybody_satisfied": (Action.CONFIRM_SATISFIED, "规则", in_(Status.IN_FOLLOW_UP, by="王芳", group=group())),
    "somebody_speaks": (Action.REOPEN, "王芳", all_left),
    "no_part_is_ending": (Action.REQUEST_REVIEW, "赵红", part_ends),
    "result_prepared": (Action.SIGN_RESULT, "周建国", in_(Status.IN_HANDLING)),
    "no_result_waiting": (Action.PREPARE_RESULT, "孙丽", lambda town: town.prepare(town.matter_in(Status.IN_HANDLING))),
    "signed_by_another_unless_short": (Action.SIGN_RESULT, "周建国", complex_by_its_head),
    "receipt_open": (Action.HAND_OVER_RECEIPT, "王芳", raised()),
    "not_nudged_lately": (Action.NUDGE, "说事人", after(raised(), "说事人", Action.NUDGE)),
    "not_withdrawing": (Action.WITHDRAW, "说事人", WITHDRAWN),
    "known_or_own": (Action.WITHDRAW, "王芳", in_(Status.IN_HANDLING, naming=Naming.ANONYMOUS)),
    "own_or_entered_withdrawal": (Action.REVOKE_WITHDRAWAL, "王芳", WITHDRAWN),
    "withdrawing": (Action.REVOKE_WITHDRAWAL, "说事人", in_(Status.IN_HANDLING)),
    "within_second_thoughts": (Action.RATE, "说事人", in_(Status.CLOSED)),
    "rateable": (Action.RATE, "说事人", answered),
    "satisfied_with_result": (Action.CONFIRM_SATISFIED, "规则", in_(Status.IN_FOLLOW_UP)),
    "nobody_else_asks_yet": (Action.CONFIRM_SATISFIED, "规则", in_(Status.IN_FOLLOW_UP)),
    "dissatisfied_with_result": (Action.START_REWORK, "规则", in_(Status.IN_FOLLOW_UP)),
    "rework_open_for_kind": (Action.START_REWORK, "规则", forced(in_(Status.IN_FOLLOW_UP), kind=Kind.PRAISE)),
    "closed_by_its_own_word_or_open": (Action.START_REWORK, "规则", answered),
    "rework_used_up": (Action.REFER, "规则", in_(Status.IN_FOLLOW_UP)),
    "second_dissatisfaction_or_by_hand": (Action.ESCALATE, "规则", reworked),
    "long_overdue": (Action.RAISE_TIER, "规则", in_(Status.ASSIGNED)),
    "tier_above_exists": (Action.ESCALATE, "刘敏", forced(in_(Status.IN_HANDLING), tier_above_path="")),
    "attempts_used_up": (Action.CLOSE_UNREACHED, "规则", in_(Status.IN_FOLLOW_UP)),
    "rating_time_over": (Action.CLOSE_UNRATED, "规则", in_(Status.IN_FOLLOW_UP)),
    "withdrawal_time_over": (Action.CONFIRM_WITHDRAWN, "规则", WITHDRAWN),
    "not_reminded_today": (Action.REMIND, "刘敏", after(in_(Status.IN_HANDLING), "刘敏", Action.REMIND)),
    "no_order_open": (Action.ORDER_SUPERVISION, "马镇长", SUPERVISED),
    "by_hand_or_by_rule": (Action.ORDER_SUPERVISION, "规则", in_(Status.IN_HANDLING)),
    "nothing_merged_into_it": (Action.MERGE, "刘敏", has_others),
    "nothing_pending": (Action.MERGE, "刘敏", after(in_(Status.IN_HANDLING), "孙丽", Action.REQUEST_EXTENSION)),
    "waits_for_nobody": (Action.MERGE, "刘敏", in_(Status.IN_HANDLING, by="王芳", urgency=Urgency.U2)),
    "several_demands": (Action.DIVIDE, "刘敏", lambda town: town.classify(town.matter_in(Status.ACCEPTED))),
    "of_a_kind_to_divide": (Action.DIVIDE, "刘敏", to_divide_a_dispute),
    "neither_ordered_nor_urgent": (Action.DIVIDE, "刘敏", lambda town: divided.to_divide(town, danger_ticked=True)),
    "a_part": (Action.END_PART, "规则", in_(Status.IN_HANDLING)),
    "in_parts": (Action.TELL_WHOLE, "规则", in_(Status.IN_FOLLOW_UP)),
    "the_last_part": (Action.GATHER_PARTS, "规则", divided.divide),
    "date_still_runs": (Action.MERGE, "刘敏", reworked),
    "order_open": (Action.ANSWER_SUPERVISION, "周建国", in_(Status.IN_HANDLING)),
    "not_the_one_who_screened": (Action.ACCEPT, "王芳", OBJECTED),
    "not_objected_yet": (Action.OBJECT_TO_SCREENING, "说事人", screened_again),
    "asked_for_something": (Action.REOPEN, "说事人", praised),
    "named_or_own": (Action.REWORD_DEMANDS, "王芳", in_(Status.ACCEPTED, naming=Naming.ANONYMOUS)),
    "known_or_speaking": (Action.REOPEN, "赵红", answered_anonymously),
    "within_reopening": (Action.REOPEN, "说事人", in_(Status.CLOSED)),
    "opinion_owed": (Action.GIVE_CO_OPINION, "赵立新", in_(Status.IN_HANDLING)),
    "work_has_a_limit": (Action.ADD_CO_UNIT, "孙丽", in_(Status.IN_HANDLING)),
    "not_sponsored_by_me": (Action.SPONSOR, "马镇长", after(in_(Status.IN_HANDLING), "马镇长", Action.SPONSOR)),
    "return_ruled_on": (Action.CONFER, "刘敏", RETURN_ASKED),
    "instruction_open": (Action.ANSWER_INSTRUCTION, "周建国", in_(Status.IN_HANDLING)),
    "not_ordered_by_a_superior": (Action.MERGE, "刘敏", lambda town: outside.sent_down(town, Status.IN_HANDLING)),
    "order_reported": (Action.CONFIRM_WITHDRAWN, "规则", withdrawn_order),
    "papers_back": (
        Action.SIGN_RESULT,
        "周建国",
        lambda town: town.prepare(outside.entrusted(town, Action.TAKE_PAPERS)),
    ),
    "outside_order_open": (Action.REPORT_BACK, "刘敏", in_(Status.IN_FOLLOW_UP)),
    "something_to_report": (Action.REPORT_BACK, "刘敏", lambda town: outside.sent_down(town, Status.IN_HANDLING)),
    "no_objection_open": (Action.REPORT_BACK, "刘敏", outside.objected),
    "not_objected_to_superior": (Action.OBJECT_TO_SUPERIOR, "刘敏", outside.objected),
    "within_the_orders_limit": (Action.OBJECT_TO_SUPERIOR, "刘敏", outside.sent_down),
    "objection_open": (Action.RECORD_SUPERIOR_ANSWER, "王芳", outside.sent_down),
    "known_speaker": (Action.AUTHORISE_AGENCY, "孙丽", in_(Status.IN_HANDLING, naming=Naming.ANONYMOUS)),
    "agency_open": (Action.REVOKE_AGENCY, "说事人", in_(Status.IN_HANDLING)),
    "agency_time_over": (Action.LAPSE_AGENCY, "规则", outside.entrusted),
    "papers_out": (Action.HAND_BACK_PAPERS, "孙丽", outside.entrusted),
    "outside_answer_owed": (Action.ASK_OUTSIDE, "孙丽", in_(Status.IN_HANDLING)),
    "review_long_overdue": (Action.LAPSE_REVIEW, "规则", in_(Status.UNDER_REVIEW)),
    "imported": (Action.UNDO_IMPORT, "规则", in_(Status.REGISTERED)),
    "danger_looked_at": (Action.ANSWER_ON_THE_SPOT, "王芳", raised(danger_ticked=True)),
    "nobody_waits_with_it": (
        Action.REQUEST_PAUSE,
        "孙丽",
        forced(in_(Status.IN_HANDLING), merged_here=1),
    ),
    "something_to_review": (Action.REQUEST_REVIEW, "说事人", praised),
    "reviews_left": (Action.REQUEST_REVIEW, "说事人", forced(in_(Status.CLOSED), reviews_asked=1)),
    "within_review": (Action.REQUEST_REVIEW, "说事人", in_(Status.CLOSED)),
    "no_escalation_pending": (Action.REQUEST_ESCALATION, "周建国", asked_for(Action.REQUEST_ESCALATION, "周建国")),
    "escalation_pending": (Action.RULE_ESCALATION, "县分办", in_(Status.IN_HANDLING)),
    "no_extension_pending": (Action.REQUEST_EXTENSION, "孙丽", asked_for(Action.REQUEST_EXTENSION)),
    "extension_pending": (Action.RULE_EXTENSION, "刘敏", in_(Status.IN_HANDLING)),
    "not_extended_yet": (Action.REQUEST_EXTENSION, "孙丽", forced(in_(Status.IN_HANDLING), extensions=1)),
    "time_is_left": (Action.REQUEST_EXTENSION, "孙丽", in_(Status.IN_HANDLING)),
    "time_is_left_or_stands_still": (Action.REQUEST_PAUSE, "孙丽", in_(Status.IN_HANDLING)),
    "not_urgent": (Action.REQUEST_PAUSE, "孙丽", in_(Status.IN_HANDLING, by="王芳", urgency=Urgency.U2)),
    "not_given_out_yet": (Action.ANSWER_ON_THE_SPOT, "刘敏", returned_once),
    "no_pause_pending": (Action.REQUEST_PAUSE, "孙丽", asked_for(Action.REQUEST_PAUSE)),
    "pause_pending": (Action.RULE_PAUSE, "刘敏", in_(Status.IN_HANDLING)),
    "pause_is_over": (Action.RESUME, "规则", forced(in_(Status.PAUSED), waits_for_speaker=False)),
    "no_parking_pending": (Action.REQUEST_PARK, "周建国", asked_for(Action.REQUEST_PARK, "周建国")),
    "parking_pending": (Action.RULE_PARK, "马镇长", in_(Status.IN_HANDLING)),
    "leader_after_a_failed_round": (Action.RULE_EXIT, "刘敏", exit_after_a_failed_round),
    "a_dispute": (Action.OPEN_MEDIATION, "孙丽", in_(Status.IN_HANDLING)),
    "duties_answered": (Action.SET_PLAN, "孙丽", in_hand(Kind.DISPUTE, "D101")),
    "other_side_known": (Action.OPEN_MEDIATION, "孙丽", forced(disputed, other_side=False)),
    "speaker_named": (Action.OPEN_MEDIATION, "孙丽", forced(disputed, naming=Naming.CONFIDENTIAL)),
    "not_mediated_yet": (Action.OPEN_MEDIATION, "孙丽", after(mediated, "孙丽", Action.END_MEDIATION)),
    "mediating": (Action.RECORD_SESSION, "孙丽", disputed),
    "not_mediating": (Action.PREPARE_RESULT, "孙丽", mediated),
    "danger_is_over": (Action.OPEN_MEDIATION, "孙丽", forced(disputed, urgency=Urgency.U2)),
    "nobody_joined": (Action.OPEN_MEDIATION, "孙丽", forced(disputed, merged_here=1)),
    "agreement_signed": (Action.CLOSE_AGREED, "规则", in_(Status.IN_FOLLOW_UP)),
    "performance_owed": (Action.CHECK_PERFORMANCE, "孙丽", mediated),
    "has_other_side": (Action.ASK_OTHER_SIDE, "赵红", answered_dispute),
    "a_suggestion": (Action.ADOPT, "孙丽", in_(Status.IN_HANDLING)),
    "not_a_suggestion": (Action.ANSWER_ON_THE_SPOT, "王芳", accepted(Kind.SUGGESTION)),
    "not_decided_yet": (Action.ADOPT, "孙丽", after(SUGGESTED, "孙丽", Action.DECLINE_SUGGESTION)),
    "decided_on": (Action.PREPARE_RESULT, "孙丽", SUGGESTED),
    "carrying_out": (Action.CONFIRM_CARRIED_OUT, "孙丽", SUGGESTED),
    "a_ruling_is_overdue": (Action.LAPSE_REQUEST, "规则", RETURN_ASKED),
}
LATER = {
    "within_return_window": timedelta(days=20),
    "within_second_thoughts": timedelta(days=31),
    "within_reopening": timedelta(days=110),
    "within_review": timedelta(days=32),
    "work_has_a_limit": timedelta(days=30),
    "order_reported": timedelta(days=8),
    "within_the_orders_limit": timedelta(days=30),
    "time_is_left": timedelta(days=30),
    "time_is_left_or_stands_still": timedelta(days=30),
}
# Where an earlier question already says no; the guard stands behind it and is asked alone.
BEHIND = {
    "assigned_or_emergency": "policy",
    "nobody_else_asks_yet": "satisfied_with_result",
    "agreement_signed": "dissatisfied_with_result",
    "everybody_satisfied": "satisfied_with_result",
    "rework_open_for_kind": "dissatisfied_with_result",
    "rework_used_up": "dissatisfied_with_result",
    "closed_by_its_own_word_or_open": "dissatisfied_with_result",
}


def case_of(matter: Matter, actor: Actor) -> Case:
    return Case(
        actor=actor,
        matter=matter,
        standing=standing(actor, matter),
        now=clock.now(),
        clocks=open_clocks(matter),
        profile=default_profile(),
    )


def test_every_guard_is_met_here():
    assert set(MEETINGS) == set(GUARDS)


@pytest.mark.once  # rules, not rows
def test_every_guard_refuses_under_its_own_name(town: Place):
    wrong = {name: said for name in MEETINGS if (said := met(town, name)) != expected(name)}
    assert not wrong


def expected(name: str) -> str:
    return "hidden" if GUARDS[name].hides else BEHIND.get(name, name)


def met(town: Place, name: str) -> str:
    """What the person hears, or "hidden" when the page does not even list the action."""
    action, who, scene = MEETINGS[name]
    with transaction.atomic():
        matter = scene(town)
        with clock.simulated(clock.now() + LATER.get(name, timedelta())):
            actor = actor_named(town, matter, who)
            assert not GUARDS[name](case_of(matter, actor)), f"{name} holds"
            allowed, code = attempt(town, action, matter, actor)
            listed = any(offer.action == action for offer in queries.offers(actor, matter, clock.now()))
        transaction.set_rollback(True)
    if allowed:
        return "allowed"
    return "hidden" if GUARDS[name].hides and not listed else code


@pytest.mark.parametrize("name", sorted(GUARDS))
def test_every_guard_says_why(name: str):
    assert str(GUARDS[name].says).endswith("。")
