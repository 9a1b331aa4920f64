"""Follow-up and rating, and the ends they lead to; what a bad rating leads to is `rework` (4.4)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from shuoshi.kernel import clock
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import group_guards, guards, outside_guards, policies, terms
from shuoshi.matters.actions import hearing, outside_orders
from shuoshi.matters.models import FollowUp, Rating, Spokesperson
from shuoshi.matters.step import Step
from shuoshi.matters.transition import Told, Transition
from shuoshi.matters.vocabulary import (
    Action,
    Audience,
    Bond,
    Channel,
    DeadlineKind,
    Exit,
    Heard,
    PartyRole,
    RatingSource,
    Satisfaction,
    Solved,
    Status,
)

NOTHING_OWED = (outside_guards.order_reported, outside_guards.papers_back)
IN_FOLLOW_UP = frozenset({Status.IN_FOLLOW_UP})


def record_follow_up(step: Step, given: terms.RecordFollowUp) -> None:
    """One attempt, and the person's own answers when reached, with what proves them (4.4.1).

    Who would not say is asked no more and may still rate alone: no answer is never turned into one.
    """
    whom = hearing.to_be_asked(step, given.spokesperson)
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
            declined=given.declined,
            spokesperson=whom,
        )
    )
    step.involve(step.actor.person_id, Bond.FOLLOWED_UP)
    step.set(attempts=step.matter.attempts + 1)
    if whom is not None:
        step.change(whom, attempts=whom.attempts + 1)
    facts: dict[str, Any] = {"way": str(given.way), "part": whom.pk.hex if whom else None}
    count = whom.attempts if whom else step.matter.attempts
    if given.declined:
        _nobody_is_owed_a_call(step, whom, Heard.DECLINED)
        step.say(Audience.PUBLIC, given.text, declined=True, attempt=count, **facts)
        return
    if given.answers is None:
        _not_reached(step, whom)
        step.say(Audience.PUBLIC, given.text, reached=False, attempt=count, **facts)
        return
    if whom is None:
        step.settle(DeadlineKind.FOLLOW_UP)
        step.drop(DeadlineKind.RATING)
    rating = _take(step, given.answers, RatingSource.CALL, attempt, whom, proof=str(given.proof), **facts)
    if whom is not None:
        hearing.heard(step, whom, hearing.word_of(rating))


def _nobody_is_owed_a_call(step: Step, whom: Spokesperson | None, what: Heard) -> None:
    if whom is None:
        step.settle(DeadlineKind.FOLLOW_UP)
    else:
        hearing.heard(step, whom, what)


def _not_reached(step: Step, whom: Spokesperson | None) -> None:
    if whom is None:
        step.set(attempts_used_up=_used_up(step))
    elif _used_up(step, whom):
        hearing.heard(step, whom, Heard.UNREACHED)


def rate(step: Step, given: terms.Rate) -> None:
    """The speaker answers the same questions alone.

    Where whoever had to do with the answer had the code before their eyes, it may be theirs: it is kept, and the call
    by others stays owed, which alone ends the matter as satisfied (rule g).
    """
    whom = hearing.whose_part(step, None)
    perhaps_another = _code_was_read_by_those_it_is_about(step)
    if whom is None and not perhaps_another:
        step.drop(DeadlineKind.FOLLOW_UP)
        step.drop(DeadlineKind.RATING)
    rating = _take(step, given.answers, RatingSource.SPEAKER, None, whom, part=whom.pk.hex if whom else None)
    if whom is not None and not perhaps_another:
        hearing.heard(step, whom, hearing.word_of(rating))


def _code_was_read_by_those_it_is_about(step: Step) -> bool:
    """Only where staff hand the receipt over is there a slip, and only who draws it sees the code."""
    drawn = step.matter.receipt_on_paper or step.matter.query_generation > 1  # also of a lost one, handed out anew
    if not drawn or DeadlineKind.FOLLOW_UP not in step.clocks:
        return False
    from shuoshi.matters.actions.slip import read_by

    return not read_by(step.matter).isdisjoint(step.case.standing.involved)


def _take(
    step: Step,
    answers: terms.Answers,
    source: RatingSource,
    call: FollowUp | None,
    whom: Spokesperson | None,
    **facts: Any,
) -> Rating:
    """Keep the answers as they are; what contradicts itself was asked again."""
    if answers.solved == Solved.NO and answers.result >= Satisfaction.GOOD and not answers.meant:
        raise Refused("ask_again", _("没有解决，但是满意：请再问一遍，确认是这个意思。"))
    if answers.solved == Solved.PARTLY and answers.rest_wanted is None:
        raise Refused("ask_rest", _("部分解决的，要问剩下的要不要继续办。"))
    step.rating = rating = step.add(
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
            for_another=_said_for_another(step),
            spokesperson=whom,
            at=step.now,
        )
    )
    _settle_demands(step, answers.unsettled)
    outside_orders.tell_that_it_is_owed(step)
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
    return rating


def _said_for_another(step: Step) -> bool:
    """A representative brought it, or somebody spoke for another: their rating is counted apart (4.4.1)."""
    for_another = step.matter.parties.filter(role=PartyRole.ON_BEHALF_OF)
    return step.matter.channel == Channel.REPRESENTATIVE or for_another.exists()


def _settle_demands(step: Step, unsettled: tuple[UUID, ...]) -> None:
    """Where the person named what is still open, the rest is settled by their word; of a group by nobody's alone."""
    if not unsettled or step.matter.is_group:
        return
    for demand in step.matter.demands.filter(dropped=False, settled=False).exclude(pk__in=unsettled):
        step.change(demand, settled=True)


def _used_up(step: Step, whom: Spokesperson | None = None) -> bool:
    """Whether the profile's rule is fulfilled for this reply: so many calls, on so many days, one in each band of hours."""
    rule = step.profile.attempts
    assert step.matter.round is not None and step.matter.round.replied_at is not None
    missed = step.matter.follow_ups.filter(reached=False, at__gte=step.matter.round.replied_at, spokesperson=whom)
    times = [clock.local(at) for at in missed.values_list("at", flat=True)]
    in_bands = all(any(band.start <= f"{at:%H:%M}" <= band.end for at in times) for band in rule.bands)
    return len(times) >= rule.calls and len({at.date() for at in times}) >= rule.days and in_bands


def confirm_satisfied(step: Step, given: object) -> None:
    """From the person's own answer only (rule 6)."""
    step.close(Exit.SATISFIED)
    step.say(Audience.PUBLIC)


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
        when=(guards.reachable, guards.to_be_asked),
        do=record_follow_up,
        then=(
            Action.CONFIRM_SATISFIED,
            Action.CLOSE_AGREED,
            Action.START_REWORK,
            Action.REFER,
            Action.CLOSE_UNREACHED,
        ),
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
        then=(Action.CONFIRM_SATISFIED, Action.CLOSE_AGREED, Action.START_REWORK, Action.REFER),
        resident=True,
        turns=True,
    ),
    Transition(
        action=Action.CONFIRM_SATISFIED,
        source=IN_FOLLOW_UP,
        target=Status.CLOSED,
        clause="4.4.2",
        allow=policies.system,
        when=(
            guards.satisfied_with_result,
            guards.nobody_else_asks_yet,
            group_guards.everybody_satisfied,
            *NOTHING_OWED,
        ),
        do=confirm_satisfied,
        resident=True,
    ),
    Transition(
        action=Action.CLOSE_UNREACHED,
        source=IN_FOLLOW_UP,
        target=Status.CLOSED,
        clause="4.4.1",
        allow=policies.system,
        when=(guards.attempts_used_up, *NOTHING_OWED),
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
        when=(guards.rating_time_over, *NOTHING_OWED),
        do=close_unrated,
        resident=True,
    ),
)
