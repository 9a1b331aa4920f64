"""What follows a reply that does not satisfy: a new round, the tier above, where neither is left a leader's word (4.4.2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shuoshi.matters import guards, policies, terms
from shuoshi.matters.actions import hearing, rulings, whole_and_parts
from shuoshi.matters.actions import people as at_hand
from shuoshi.matters.actions.keeping_away import lay_at, see_who_is_left, take_from_lead, take_up_again
from shuoshi.matters.answering import divided
from shuoshi.matters.models import Assignment, Round
from shuoshi.matters.step import Step
from shuoshi.matters.transition import Told, Transition
from shuoshi.matters.vocabulary import (
    GIVEN,
    OF_THE_WORK,
    Action,
    Adopted,
    Audience,
    DeadlineKind,
    EndedBecause,
    Exit,
    Mediated,
    Naming,
    RequestKind,
    ResultState,
    RoundBecause,
    Status,
)

GOES_UP = GIVEN | {Status.ACCEPTED}
_STILL_RUNNING = (f"{DeadlineKind.RULING}:{RequestKind.RECUSAL}", DeadlineKind.SPONSOR, DeadlineKind.OUTSIDE_ORDER)


def still_running(step: Step) -> tuple[str, ...]:
    """Keys of the clocks that run on whatever the round: what others owe, or are owed, does not begin anew."""
    asked = [key for key in step.clocks if key.startswith(f"{DeadlineKind.ASK_BACK}:")]
    return (*_STILL_RUNNING, *asked)


def start_rework(step: Step, given: object) -> None:
    """A new round with a limit of its own for what is not settled; never an edit of the old one (4.4.2)."""
    matter, old = step.matter, step.matter.assignment
    in_parts = divided(matter)
    rulings.let_fall(step, *OF_THE_WORK)
    if not step.case.goes_on:
        step.set(withdrawal_asked_at=None)  # who wants it done again has thought better of it
    kept = (*still_running(step), *hearing.leaving(step.clocks))
    still = (*kept, DeadlineKind.WITHDRAWAL) if step.case.goes_on else kept
    step.drop_all(but=(*still, *step.afterwards))
    if matter.adoption != Adopted.WHOLE:
        step.set(adoption="")  # what was not adopted is decided on once more (4.4.2)
    words = step.rating.words if step.rating else ""
    begin_round(step, words)
    step.set(
        exit="",
        closed_at=None,
        reconsidered_until=None,
        review_until=None,
        follow_up_by="",
        follow_up_path="",
        rework_at_tier=matter.rework_at_tier + 1,
        tier_above_path=at_hand.tier_above(step),
    )
    if in_parts and not _goes_up_next(step):
        whole_and_parts.rework(step, words)
    elif old is not None and same_lead_can(step):
        to_the_same_lead(step, old)
    else:
        to_whoever_assigns(step)
    take_up_again(step)
    if not _goes_up_next(step):
        _note_who_answers_again(step)
    assert matter.round is not None
    step.say(Audience.PUBLIC, "" if matter.is_group else words, round=matter.round.ordinal)


def begin_round(step: Step, words: str) -> None:
    """The next round, for what did not satisfy; assignment and round before it are over."""
    matter, old_round, old = step.matter, step.matter.round, step.matter.assignment
    assert old_round is not None
    if old is not None and old.ended_at is None:
        step.change(old, ended_at=step.now, ended_because=EndedBecause.ROUND_ENDED)
    if old_round.ended_at is None:
        step.change(old_round, ended_at=step.now)
    matter.round = step.add(
        Round(
            matter=matter,
            ordinal=old_round.ordinal + 1,
            because=RoundBecause.REWORK,
            tier_path=matter.tier_path,
            opened_at=step.now,
            words=words,
        )
    )
    step.set(round=matter.round, handler_id=None)


def same_lead_can(step: Step) -> bool:
    """Whether the unit that answered can answer once more."""
    return step.matter.lead_unit is not None and at_hand.able(step, step.matter.lead_unit)


def to_the_same_lead(step: Step, old: Assignment) -> None:
    matter = step.matter
    assignment = step.add(_again(step, old))
    step.set(assignment=assignment, status=Status.ASSIGNED)
    step.start(DeadlineKind.SIGN_FOR)
    if matter.naming != Naming.ANONYMOUS:
        step.start(DeadlineKind.FIRST_CONTACT)
    step.start(DeadlineKind.COMPLETION)
    step.notify("rework", Told.LEAD, Told.HEAD)


def to_whoever_assigns(step: Step) -> None:
    """The lead has nobody who handles: answered at the registry's desk, those left must stay away, or answered before."""
    step.set(assignment=None, lead_unit=None, status=Status.ACCEPTED)
    step.start(DeadlineKind.ASSIGN)
    step.story.fact(nobody_left_in_unit=True)
    step.notify("rework", Told.DISPATCHER)


def _again(step: Step, old: Assignment) -> Assignment:
    """The same lead once more, bound: a rework cannot be returned."""
    return Assignment(
        matter=step.matter,
        round=step.matter.round,
        ordinal=old.ordinal + 1,
        unit=old.unit,
        assigned_at=step.now,
        basis="rework",
        binding=True,
        returnable_until=step.now,
    )


def _goes_up_next(step: Step) -> bool:
    return step.matter.rework_at_tier >= guards.DISSATISFIED_AT_TIER and bool(step.matter.tier_above_path)


def _note_who_answers_again(step: Step) -> None:
    """Another person should answer, and nobody else could."""
    if at_hand.answered_before(step) and not at_hand.not_again(step):
        step.fall_back("answers_again", "nobody_else_answers")


def escalate(step: Step, given: object) -> None:
    """One tier up, by rule or by the hand of whoever dispatches or leads."""
    one_tier_up(step, given.reason if isinstance(given, terms.Escalate) else "")


def one_tier_up(step: Step, reason: str, beyond: str = "") -> None:
    """Whoever dispatches there assigns anew, the old lead helps. What is not accepted yet is so there."""
    matter = step.matter
    above = at_hand.tier_above(step)
    facts: dict[str, Any] = {"from_tier": matter.tier_path, "to_tier": above}
    lay_at(step, above)
    step.set(rework_at_tier=0)
    if matter.status in GIVEN:
        take_from_lead(step, EndedBecause.ESCALATED)
    elif matter.status == Status.ACCEPTED:
        step.drop(DeadlineKind.ASSIGN)
        step.start(DeadlineKind.ASSIGN)
    if matter.round is not None:
        step.change(matter.round, tier_path=above)
    if beyond:
        facts |= {"granted": True, "beyond": beyond}
    step.say(Audience.PUBLIC, reason, **facts)
    step.notify("escalated", Told.DISPATCHER, Told.LEADER)
    take_up_again(step)
    _note_who_answers_again(step)


def raise_tier(step: Step, given: object) -> None:
    """Long overdue: the tier above has it in hand now, and whoever was to act goes on (4.4.2)."""
    rulings.let_fall(step, RequestKind.ESCALATION)
    below, above = step.matter.tier_path, at_hand.tier_above(step)
    lay_at(step, above)
    step.say(Audience.PUBLIC, from_tier=below, to_tier=above)
    step.notify("escalated", Told.DISPATCHER, Told.LEADER)
    see_who_is_left(step)


_SAID_BY: Mapping[str, Exit] = {Mediated.FAILED: Exit.MEDIATION_ENDED, Mediated.ORAL: Exit.AGREED_MEDIATION}


def refer(step: Step, given: object) -> None:
    """Reworked as often as its kind allows, or mediated: somebody outside rules whether it ends here or goes on (4.4.2).

    The rating stays what it is. Granted it ends as explained, or as the mediation did; refused, or by silence, it is handled once more.
    """
    matter = step.matter
    if matter.closed_at is not None:
        assert matter.round is not None
        step.change(matter.round, ended_at=None)
        step.set(exit="", closed_at=None, reconsidered_until=None)
    stands = matter.results.filter(state=ResultState.SIGNED).order_by("-ordinal").first()
    assert stands is not None
    if RequestKind.EXIT not in step.case.standing.pending:
        rulings.ask(
            step,
            RequestKind.EXIT,
            stands.reply,
            exit=_SAID_BY.get(matter.mediation) or Exit.EXPLAINED,
            basis=stands.basis,
            rights_notice=stands.remedies,
        )
        step.notify("exit_asked", Told.DISPATCHER, Told.LEADER)
    step.say(Audience.PUBLIC, mediated=bool(matter.mediation))


ROWS = (
    Transition(
        action=Action.START_REWORK,
        source=frozenset({Status.IN_FOLLOW_UP, Status.CLOSED}),
        also=frozenset({Status.ASSIGNED, Status.ACCEPTED, Status.DIVIDED}),
        clause="4.4.2",
        allow=policies.system,
        when=(
            guards.dissatisfied_with_result,
            guards.rework_open_for_kind,
            guards.closed_by_its_own_word_or_open,
            guards.within_second_thoughts,
        ),
        do=start_rework,
        start=(DeadlineKind.SIGN_FOR, DeadlineKind.FIRST_CONTACT, DeadlineKind.COMPLETION, DeadlineKind.ASSIGN),
        drop=(DeadlineKind.FOLLOW_UP, DeadlineKind.RATING),
        notify=(Told.HEAD, Told.LEAD, Told.DISPATCHER, Told.REGISTRY),
        then=(Action.ESCALATE,),
        resident=True,
    ),
    Transition(
        action=Action.ESCALATE,
        source=GOES_UP | {Status.REGISTERED},
        also=frozenset({Status.ACCEPTED}),
        moves_from=GOES_UP,
        clause="4.4.2",
        allow=policies.system | policies.dispatcher | policies.leader,
        when=(guards.second_dissatisfaction_or_by_hand, guards.tier_above_exists, guards.no_void_pending),
        do=escalate,
        start=(DeadlineKind.ASSIGN,),
        notify=(Told.DISPATCHER, Told.LEADER),
        resident=True,
        turns=True,
    ),
    Transition(
        action=Action.RAISE_TIER,
        source=GOES_UP | {Status.REGISTERED},
        clause="4.4.2",
        allow=policies.system,
        when=(guards.long_overdue, guards.tier_above_exists),
        do=raise_tier,
        notify=(Told.DISPATCHER, Told.LEADER),
        resident=True,
        turns=True,
    ),
    Transition(
        action=Action.REFER,
        source=frozenset({Status.IN_FOLLOW_UP, Status.CLOSED}),
        target=Status.IN_FOLLOW_UP,
        clause="4.4.2",
        allow=policies.system,
        when=(
            guards.dissatisfied_with_result,
            guards.rework_used_up,
            guards.closed_by_its_own_word_or_open,
            guards.within_second_thoughts,
        ),
        do=refer,
        start=(DeadlineKind.RULING,),
        drop=(DeadlineKind.FOLLOW_UP, DeadlineKind.RATING),
        notify=(Told.DISPATCHER, Told.LEADER),
        resident=True,
    ),
)
