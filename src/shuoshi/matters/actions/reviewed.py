"""Reviewed: the speaker asks the tier above within thirty days, it upholds the answer or has it done again (4.4.2).

An upheld answer is still for the speaker to rate. What is handled as a petition is reviewed twice, by two bodies: after
the second it is over, and the same need not be accepted again. A review that nobody decided was none.
"""

from __future__ import annotations

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.kernel.actors import ActorKind
from shuoshi.matters import again_guards, deadlines, emergency_guards, group_guards, policies, terms, withdrawal_guards
from shuoshi.matters.actions import review_body, rulings
from shuoshi.matters.actions.reopened import begin_anew
from shuoshi.matters.actions.result import hand_to_follow_up
from shuoshi.matters.actions.rework import still_running
from shuoshi.matters.actions.wishes import keep_what_shows_the_wish
from shuoshi.matters.case import Case
from shuoshi.matters.guards import guard
from shuoshi.matters.models import Matter, Review
from shuoshi.matters.step import Step
from shuoshi.matters.transition import Told, Transition
from shuoshi.matters.vocabulary import (
    Action,
    Audience,
    Bond,
    DeadlineKind,
    Exit,
    Lateness,
    RequestKind,
    RoundBecause,
    Status,
)

ASKED_AGAIN = frozenset({"", Exit.SATISFIED, Exit.UNRATED, Exit.UNREACHABLE})  # how it went is for the speaker to say
NOTHING_TO_REVIEW = frozenset({Exit.VOID, Exit.PASSED_ON, Exit.WITHDRAWN})


@guard(_("没有可以复核的答复。"))
def something_to_review(case: Case) -> bool:
    return case.matter.exit not in NOTHING_TO_REVIEW


@guard(_("这次答复已经复核过了，不再复核。还不同意的，可以走复核意见里告知的途径。"))
def reviews_left(case: Case) -> bool:
    return case.matter.reviews_asked < _most(case.matter.petition)


@guard(_("请上一级复核的时限已经过了。"))
def within_review(case: Case) -> bool:
    until = case.matter.may_be_reviewed_until
    return until is None or case.now <= until


@guard(_("复核的期限还没有过五个工作日。"))
def review_long_overdue(case: Case) -> bool:
    clock = case.clocks.get(DeadlineKind.REVIEW)
    return clock is not None and clock.late >= Lateness.LONG


def _most(petition: bool) -> int:
    return 2 if petition else 1


def request_review(step: Step, given: terms.RequestReview) -> None:
    """Why the answer is not right; whoever had nothing to do with it decides. The rating stays what it is."""
    matter, staff = step.matter, step.actor.kind is ActorKind.STAFF
    if staff:
        refused = _now("替说事人请复核，要写明凭什么知道是他本人的意思，凭据在哪里。")
        keep_what_shows_the_wish(step, given, refused)
    step.set(review_written_by_id=step.actor.person_id if staff else None)
    upheld = _upheld_by(matter)
    body = review_body.find(step, upheld[0] if upheld else "")
    rulings.let_fall(step, RequestKind.EXIT)
    last = matter.reviews.order_by("-ordinal").values_list("ordinal", flat=True).first() or 0
    assert matter.round is not None
    step.add(
        Review(
            matter=matter,
            round=matter.round,
            ordinal=last + 1,
            body_path=body.path,
            asked_at=step.now,
            text=given.text,
            exit_before=matter.exit,
        )
    )
    step.set(
        exit="",
        closed_at=None,
        reconsidered_until=None,
        reopen_until=None,
        review_until=None,
        review_path=body.path,
        review_here=body.here,
        reviews_asked=matter.reviews_asked + 1,
    )
    step.start(DeadlineKind.REVIEW)
    step.say(Audience.PUBLIC, given.text, review=last + 1)
    step.notify("review_asked", Told.REVIEWER)


def decide_review(step: Step, given: terms.DecideReview) -> None:
    """Upheld: the speaker is asked how it went, or it ends as it had; of a petition the second time for good.

    Changed: handled again from the start.
    """
    matter = step.matter
    review = matter.reviews.get(decided_at__isnull=True, lapsed_at__isnull=True)
    review.matter = matter
    step.change(
        review,
        decided_by_id=step.actor.person_id,
        decided_at=step.now,
        upheld=given.upheld,
        decision=given.text,
        basis=given.basis,
        remedies=given.remedies,
    )
    step.involve(step.actor.person_id, Bond.RULED)
    step.miss(DeadlineKind.FIRST_CONTACT)  # of an emergency meanwhile
    step.set(review_path="", review_here=False, review_written_by_id=None)
    words = "\n".join(part for part in (given.text, given.basis, given.remedies) if part.strip())
    if given.upheld:
        step.say(Audience.PUBLIC, words, upheld=True)
        _stands(step, review)
    else:
        step.say(Audience.PUBLIC, words, upheld=False)
        _is_done_again(step, review.text)
    step.notify("review_decided", Told.REGISTRY, Told.DISPATCHER, Told.LEAD)


def lapse_review(step: Step, given: object) -> None:
    """Nobody decided: the next above has thirty days of its own; where none is left, all stands as it was before.

    The speaker may ask for it once more, in as many days as after an answer.
    """
    step.miss(DeadlineKind.REVIEW)
    if review_body.move_on(step, late=True):
        step.start(DeadlineKind.REVIEW)
        step.say(Audience.PUBLIC)
        return
    review = step.matter.reviews.get(decided_at__isnull=True, lapsed_at__isnull=True)
    review.matter = step.matter
    step.miss(DeadlineKind.FIRST_CONTACT)
    step.change(review, lapsed_at=step.now)
    step.set(review_path="", review_here=False, review_written_by_id=None)
    step.set(reviews_asked=max(step.matter.reviews_asked - 1, 0))
    step.set(review_until=deadlines.review_until(step.matter, step.profile, step.now))
    step.say(Audience.PUBLIC)
    _as_before(step, review)
    step.notify("review_lapsed", Told.REGISTRY, Told.LEADER)


def _stands(step: Step, review: Review) -> None:
    """Nothing is counted better for it: what ended by the speaker's word, or by silence, is asked about once more."""
    matter = step.matter
    bodies = set(_upheld_by(matter))
    step.set(reviews_asked=len(bodies))  # the same body once more is no second one
    if matter.petition and len(bodies) >= _most(petition=True):
        step.move(Status.CLOSED)
        step.close(Exit.REVIEW_FINAL)
        step.set(finally_reviewed_at=step.now)
        return
    step.set(review_until=deadlines.review_until(matter, step.profile, step.now))
    _as_before(step, review)


def _upheld_by(matter: Matter) -> list[str]:
    """The tiers whose decisions upheld the last answer, the last of them first."""
    upheld = matter.reviews.filter(upheld=True, round=matter.round).order_by("-ordinal")
    return list(upheld.values_list("body_path", flat=True)[: matter.reviews_asked])


def _as_before(step: Step, review: Review) -> None:
    """Back to the speaker's word, or to the end somebody had decided."""
    matter = step.matter
    if review.exit_before in ASKED_AGAIN:
        assert matter.round is not None
        if matter.round.ended_at is not None:
            step.change(matter.round, ended_at=None)
        step.move(Status.IN_FOLLOW_UP)
        hand_to_follow_up(step, reviewed=True)
        return
    until = matter.review_until
    step.move(Status.CLOSED)
    step.close(Exit(review.exit_before))
    step.set(review_until=until)


def _is_done_again(step: Step, words: str) -> None:
    matter = step.matter
    assert matter.round is not None
    if matter.round.ended_at is None:
        step.change(matter.round, ended_at=step.now)
    if matter.assignment is not None and matter.assignment.ended_at is None:
        step.change(matter.assignment, ended_at=step.now, ended_because="round_ended")
    step.drop_all(but=(*still_running(step), *step.afterwards))
    begin_anew(step, RoundBecause.REVIEWED, words)


ROWS = (
    Transition(
        action=Action.REQUEST_REVIEW,
        source=frozenset({Status.IN_FOLLOW_UP, Status.CLOSED}),
        target=Status.UNDER_REVIEW,
        clause="4.4.2",
        allow=policies.for_the_speaker,
        when=(
            something_to_review,
            again_guards.known_or_speaking,
            withdrawal_guards.not_withdrawing,
            group_guards.no_part_is_ending,
            group_guards.somebody_speaks,
            reviews_left,
            within_review,
        ),
        do=request_review,
        start=(DeadlineKind.REVIEW,),
        drop=(DeadlineKind.FOLLOW_UP, DeadlineKind.RATING),
        notify=(Told.REVIEWER,),
        resident=True,
    ),
    Transition(
        action=Action.LAPSE_REVIEW,
        source=frozenset({Status.UNDER_REVIEW}),
        also=frozenset({Status.UNDER_REVIEW, Status.CLOSED, Status.IN_FOLLOW_UP}),
        clause="4.4.2",
        allow=policies.system,
        when=(review_long_overdue, emergency_guards.emergency_over),
        do=lapse_review,
        start=(DeadlineKind.REVIEW, DeadlineKind.FOLLOW_UP, DeadlineKind.RATING),
        notify=(Told.REVIEWER, Told.REGISTRY, Told.LEADER, Told.FOLLOW_UP),
        resident=True,
    ),
    Transition(
        action=Action.DECIDE_REVIEW,
        source=frozenset({Status.UNDER_REVIEW}),
        also=frozenset({Status.CLOSED, Status.ACCEPTED, Status.IN_FOLLOW_UP}),
        clause="4.4.2",
        allow=policies.decides_review,
        when=(emergency_guards.emergency_over,),
        do=decide_review,
        start=(DeadlineKind.ASSIGN, DeadlineKind.FOLLOW_UP, DeadlineKind.RATING),
        stop=(DeadlineKind.REVIEW,),
        notify=(Told.REGISTRY, Told.DISPATCHER, Told.LEAD, Told.FOLLOW_UP),
        resident=True,
    ),
)
