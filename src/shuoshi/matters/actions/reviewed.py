"""Reviewed: the speaker asks the tier above within thirty days, it upholds the answer or has it done again (4.4.2).

What is handled as a petition is reviewed twice, by two bodies; after the last one the same is not accepted again.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuoshi.matters import again_guards, deadlines, policies, terms
from shuoshi.matters.actions import review_body, rulings
from shuoshi.matters.actions.reopened import begin_anew
from shuoshi.matters.case import Case
from shuoshi.matters.guards import guard
from shuoshi.matters.models import Review
from shuoshi.matters.step import Step
from shuoshi.matters.transition import Told, Transition
from shuoshi.matters.vocabulary import (
    Action,
    Audience,
    Bond,
    DeadlineKind,
    Exit,
    RequestKind,
    RoundBecause,
    Status,
)

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


def _most(petition: bool) -> int:
    return 2 if petition else 1


def request_review(step: Step, given: terms.RequestReview) -> None:
    """Why the answer is not right; whoever had nothing to do with it decides. The rating stays what it is."""
    matter = step.matter
    reviewed = matter.reviews.filter(upheld=True, round=matter.round).order_by("-ordinal").first()
    body = review_body.find(step, reviewed.body_path if reviewed is not None else "")
    rulings.let_fall(step, RequestKind.EXIT)
    step.drop(DeadlineKind.WITHDRAWAL)
    last = matter.reviews.order_by("-ordinal").values_list("ordinal", flat=True).first() or 0
    assert matter.round is not None
    step.add(
        Review(
            matter=matter,
            round=matter.round,
            ordinal=last + 1,
            body_path=body,
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
        review_path=body,
        reviews_asked=matter.reviews_asked + 1,
        withdrawal_asked_at=None,
    )
    step.start(DeadlineKind.REVIEW)
    step.say(Audience.PUBLIC, given.text, review=last + 1)
    step.notify("review_asked", Told.REVIEWER)


def decide_review(step: Step, given: terms.DecideReview) -> None:
    """Upheld: it ends as it had, or for good where no further review is left. Changed: handled again from the start."""
    matter = step.matter
    review = matter.reviews.get(decided_at__isnull=True)
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
    words = "\n".join(part for part in (given.text, given.basis, given.remedies) if part.strip())
    if given.upheld:
        _ends(step, review)
        step.say(Audience.PUBLIC, words, upheld=True, exit=matter.exit)
    else:
        _is_done_again(step, given.text)
        step.say(Audience.PUBLIC, words, upheld=False)
    step.notify("review_decided", Told.REGISTRY, Told.DISPATCHER, Told.LEAD)


def _ends(step: Step, review: Review) -> None:
    matter = step.matter
    over = matter.reviews_asked >= _most(matter.petition) or not review_body.above(step, review.body_path)
    step.move(Status.CLOSED)
    step.close(Exit.REVIEW_FINAL if over else Exit(review.exit_before or Exit.UNRATED))
    step.set(
        review_path="",
        review_until=step.now if over else deadlines.review_until(matter, step.profile, step.now),
        finally_reviewed_at=step.now if over else None,
    )


def _is_done_again(step: Step, words: str) -> None:
    matter = step.matter
    assert matter.round is not None
    if matter.round.ended_at is None:
        step.change(matter.round, ended_at=step.now)
    if matter.assignment is not None and matter.assignment.ended_at is None:
        step.change(matter.assignment, ended_at=step.now, ended_because="round_ended")
    step.drop_all()
    step.set(review_path="")
    begin_anew(step, RoundBecause.REVIEWED, words)


ROWS = (
    Transition(
        action=Action.REQUEST_REVIEW,
        source=frozenset({Status.IN_FOLLOW_UP, Status.CLOSED}),
        target=Status.UNDER_REVIEW,
        clause="4.4.2",
        allow=policies.for_the_speaker,
        when=(something_to_review, again_guards.known_or_speaking, reviews_left, within_review),
        do=request_review,
        start=(DeadlineKind.REVIEW,),
        drop=(DeadlineKind.FOLLOW_UP, DeadlineKind.RATING),
        notify=(Told.REVIEWER,),
        resident=True,
    ),
    Transition(
        action=Action.DECIDE_REVIEW,
        source=frozenset({Status.UNDER_REVIEW}),
        also=frozenset({Status.CLOSED, Status.ACCEPTED}),
        clause="4.4.2",
        allow=policies.reviewer & ~policies.involved & ~policies.works_for_the_lead,
        do=decide_review,
        start=(DeadlineKind.ASSIGN,),
        stop=(DeadlineKind.REVIEW,),
        notify=(Told.REGISTRY, Told.DISPATCHER, Told.LEAD),
        resident=True,
    ),
)
