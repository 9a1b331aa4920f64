"""Follow-up, rating, and what they lead to: closed, a new round, one tier up (4.4)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from shuoshi.kernel import clock
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import guards, policies, terms
from shuoshi.matters.actions import people as at_hand
from shuoshi.matters.actions import rulings
from shuoshi.matters.actions.keeping_away import take_up_again
from shuoshi.matters.models import Assignment, FollowUp, Rating, Round
from shuoshi.matters.step import Step
from shuoshi.matters.transition import Told, Transition
from shuoshi.matters.vocabulary import (
    Action,
    Audience,
    Bond,
    DeadlineKind,
    EndedBecause,
    Exit,
    Naming,
    RatingSource,
    RequestKind,
    RoundBecause,
    Satisfaction,
    Solved,
    Status,
)

IN_FOLLOW_UP = frozenset({Status.IN_FOLLOW_UP})


def record_follow_up(step: Step, given: terms.RecordFollowUp) -> None:
    """One attempt, and the person's own answers when reached, with what proves them (4.4.1)."""
    attempt = step.add(
        FollowUp(
            matter=step.matter,
            round=step.matter.round,
            asked_by_id=step.actor.person_id,  # type: ignore[misc]  # staff are persons
            at=step.now,
            way=given.way,
            reached=given.reached,
            text=given.text,
            proof=given.proof or "",
            proof_ref=given.proof_ref,
        )
    )
    step.involve(step.actor.person_id, Bond.FOLLOWED_UP)
    step.set(attempts=step.matter.attempts + 1)
    if given.answers is None:
        step.set(attempts_used_up=_used_up(step))
        step.say(Audience.PUBLIC, given.text, way=str(given.way), reached=False, attempt=step.matter.attempts)
        return
    step.settle(DeadlineKind.FOLLOW_UP)
    _take(step, given.answers, RatingSource.CALL, attempt, way=str(given.way), proof=str(given.proof))


def rate(step: Step, given: terms.Rate) -> None:
    """The speaker answers the same questions alone."""
    step.drop(DeadlineKind.FOLLOW_UP)
    _take(step, given.answers, RatingSource.SPEAKER, None)


def _take(step: Step, answers: terms.Answers, source: RatingSource, call: FollowUp | None, **facts: Any) -> None:
    """Keep the answers as they are; what contradicts itself was asked again."""
    if answers.solved == Solved.NO and answers.result >= Satisfaction.GOOD and not answers.meant:
        raise Refused("ask_again", _("没有解决，但是满意：请再问一遍，确认是这个意思。"))
    if answers.solved == Solved.PARTLY and answers.rest_wanted is None:
        raise Refused("ask_rest", _("部分解决的，要问剩下的要不要继续办。"))
    step.drop(DeadlineKind.RATING)
    step.rating = step.add(
        Rating(
            matter=step.matter,
            round=step.matter.round,
            follow_up=call,
            source=source,
            contacted=answers.contacted,
            solved=answers.solved,
            result=answers.result,
            attitude=answers.attitude,
            words=answers.words,
            rest_wanted=answers.rest_wanted,
            at=step.now,
        )
    )
    _settle_demands(step, answers.unsettled)
    step.say(
        Audience.PUBLIC,
        answers.words,
        contacted=answers.contacted,
        solved=str(answers.solved),
        result=str(answers.result),
        attitude=str(answers.attitude),
        rest_wanted=answers.rest_wanted,
        source=str(source),
        **facts,
    )
    if answers.attitude <= Satisfaction.BAD:
        step.notify("attitude", Told.HEAD)


def _settle_demands(step: Step, unsettled: tuple[UUID, ...]) -> None:
    """Where the person named what is still open, the rest is settled by their word."""
    if not unsettled:
        return
    for demand in step.matter.demands.filter(dropped=False, settled=False).exclude(pk__in=unsettled):
        step.change(demand, settled=True)


def _used_up(step: Step) -> bool:
    """Whether the profile's rule is fulfilled: so many calls, on so many days, one of them in each band of hours."""
    rule = step.profile.attempts
    times = [
        clock.local(at)
        for at in step.matter.follow_ups.filter(round=step.matter.round, reached=False).values_list("at", flat=True)
    ]
    in_bands = all(any(band.start <= f"{at:%H:%M}" <= band.end for at in times) for band in rule.bands)
    return len(times) >= rule.calls and len({at.date() for at in times}) >= rule.days and in_bands


def confirm_satisfied(step: Step, given: object) -> None:
    """From the person's own answer only (rule 6)."""
    step.close(Exit.SATISFIED)
    step.say(Audience.PUBLIC)


def start_rework(step: Step, given: object) -> None:
    """A new round with a limit of its own for what is not settled; never an edit of the old one (4.4.2)."""
    matter = step.matter
    old_round, old = matter.round, matter.assignment
    assert old_round is not None and old is not None and matter.lead_unit is not None
    rulings.let_fall(step, RequestKind.RETURN, RequestKind.EXIT)
    step.drop_all(but=f"{DeadlineKind.RULING}:{RequestKind.RECUSAL}")
    if old.ended_at is None:
        step.change(old, ended_at=step.now, ended_because=EndedBecause.ROUND_ENDED)
    if old_round.ended_at is None:
        step.change(old_round, ended_at=step.now)
    words = step.rating.words if step.rating else ""
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
    step.set(
        round=matter.round,
        handler_id=None,
        exit="",
        closed_at=None,
        reconsidered_until=None,
        follow_up_by="",
        follow_up_path="",
        rework_at_tier=matter.rework_at_tier + 1,
        withdrawal_asked_at=None,  # who wants it done again has thought better of it; its clock went with the round
    )
    if at_hand.able(step, matter.lead_unit):
        _to_the_same_lead(step, old)
    else:
        _to_whoever_assigns(step)
    take_up_again(step)
    step.say(Audience.PUBLIC, words, round=matter.round.ordinal)


def _to_the_same_lead(step: Step, old: Assignment) -> None:
    matter = step.matter
    assignment = step.add(_again(step, old))
    step.set(assignment=assignment, status=Status.ASSIGNED)
    step.start(DeadlineKind.SIGN_FOR)
    if matter.naming != Naming.ANONYMOUS:
        step.start(DeadlineKind.FIRST_CONTACT)
    step.start(DeadlineKind.COMPLETION)
    step.notify("rework", Told.LEAD, Told.HEAD)


def _to_whoever_assigns(step: Step) -> None:
    """The lead has nobody who handles: it was answered at the registry's desk, or those left must stay away."""
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


def escalate(step: Step, given: object) -> None:
    """One tier up: whoever dispatches there assigns anew, the old lead helps (4.4.2)."""
    matter = step.matter
    reason = given.reason if isinstance(given, terms.Escalate) else ""
    old = matter.assignment
    above = matter.tier_above_path
    rulings.let_fall(step, RequestKind.RETURN, RequestKind.EXIT)
    step.drop_all(but=f"{DeadlineKind.RULING}:{RequestKind.RECUSAL}")
    if old is not None and old.ended_at is None:
        step.change(old, ended_at=step.now, ended_because=EndedBecause.ESCALATED)
    step.set(
        status=Status.ACCEPTED,
        tier_path=above,
        tier_above_path=at_hand.dispatching_tier_above(above),
        rework_at_tier=0,
        assignment=None,
        lead_unit=None,
        handler_id=None,
    )
    step.start(DeadlineKind.ASSIGN)
    step.say(Audience.PUBLIC, reason)
    step.notify("escalated", Told.DISPATCHER, Told.LEADER)


def close_unreached(step: Step, given: object) -> None:
    """Attempts used up: not reached, and never "satisfied" (invariant 7)."""
    step.close(Exit.UNREACHABLE)
    step.say(Audience.PUBLIC)


def close_unrated(step: Step, given: object) -> None:
    """Ten working days of silence: answered, not rated; open to return any time."""
    step.miss(DeadlineKind.FOLLOW_UP)
    step.settle(DeadlineKind.RATING)
    step.close(Exit.UNRATED)
    step.say(Audience.PUBLIC)


ROWS = (
    Transition(
        action=Action.RECORD_FOLLOW_UP,
        source=IN_FOLLOW_UP,
        clause="4.4.1",
        allow=policies.follow_up_agent & ~policies.involved & ~policies.entered_it & ~policies.subordinate_of_handler,
        when=(guards.reachable,),
        do=record_follow_up,
        then=(Action.CONFIRM_SATISFIED, Action.START_REWORK, Action.CLOSE_UNREACHED),
        resident=True,
        turns=True,
    ),
    Transition(
        action=Action.RATE,
        source=IN_FOLLOW_UP | {Status.CLOSED},
        clause="4.4.1",
        allow=policies.speaker,
        when=(guards.rateable, guards.within_second_thoughts),
        do=rate,
        then=(Action.CONFIRM_SATISFIED, Action.START_REWORK),
        resident=True,
        turns=True,
    ),
    Transition(
        action=Action.CONFIRM_SATISFIED,
        source=IN_FOLLOW_UP,
        target=Status.CLOSED,
        clause="4.4.2",
        allow=policies.system,
        when=(guards.satisfied_with_result,),
        do=confirm_satisfied,
        resident=True,
    ),
    Transition(
        action=Action.START_REWORK,
        source=IN_FOLLOW_UP | {Status.CLOSED},
        also=frozenset({Status.ASSIGNED, Status.ACCEPTED}),
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
        notify=(Told.HEAD, Told.LEAD, Told.DISPATCHER),
        then=(Action.ESCALATE,),
        resident=True,
    ),
    Transition(
        action=Action.ESCALATE,
        source=frozenset({Status.ASSIGNED, Status.ACCEPTED}),
        target=Status.ACCEPTED,
        clause="4.4.2",
        allow=policies.system | policies.dispatcher | policies.leader,
        when=(guards.second_dissatisfaction_at_tier, guards.tier_above_exists),
        do=escalate,
        start=(DeadlineKind.ASSIGN,),
        notify=(Told.DISPATCHER, Told.LEADER),
        resident=True,
    ),
    Transition(
        action=Action.CLOSE_UNREACHED,
        source=IN_FOLLOW_UP,
        target=Status.CLOSED,
        clause="4.4.1",
        allow=policies.system,
        when=(guards.attempts_used_up,),
        do=close_unreached,
        stop=(DeadlineKind.FOLLOW_UP,),
        resident=True,
    ),
    Transition(
        action=Action.CLOSE_UNRATED,
        source=IN_FOLLOW_UP,
        target=Status.CLOSED,
        clause="4.4.1",
        allow=policies.system,
        when=(guards.rating_time_over,),
        do=close_unrated,
        resident=True,
    ),
)
