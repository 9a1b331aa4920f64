"""Whoever had a matter in hand, or was to ask, holds the post no longer: others go on with it (4.3.1, 4.4.1).

`organization` knows nothing of matters; so the worker looks for them, and what it finds moves on by a row of the table.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from shuoshi.matters import policies
from shuoshi.matters.actions import people as at_hand
from shuoshi.matters.actions import review_body
from shuoshi.matters.actions.keeping_away import take_up_again
from shuoshi.matters.actions.result import fix_who_asks
from shuoshi.matters.case import HANDLING
from shuoshi.matters.models import Matter, Review
from shuoshi.matters.step import Step
from shuoshi.matters.transition import Told, Transition
from shuoshi.matters.vocabulary import GIVEN, HELD, Action, Audience, DeadlineKind, FollowUpBy, Status
from shuoshi.organization import queries as organization
from shuoshi.organization.roles import Role

CALLS = {
    Role.FOLLOW_UP_AGENT: (FollowUpBy.REGISTRY, FollowUpBy.ABOVE),
    Role.OVERSIGHT_MEMBER: (FollowUpBy.OVERSIGHT,),
}


def rearrange(step: Step, given: object) -> None:
    """To a colleague, back to whoever assigns, or down the order of who asks the resident."""
    before = step.matter.status
    take_up_again(step)
    if before == Status.IN_FOLLOW_UP:
        fix_who_asks(step)
    if before == Status.UNDER_REVIEW:
        review_body.move_on(step)
    step.say(Audience.PUBLIC if step.matter.status != before else Audience.INTERNAL)


def left_behind(now: datetime) -> QuerySet[Matter]:
    """Matters in hand whose handler handles for the lead unit no longer, whose unit has nobody, that nobody asks about

    or reviews.

    Two statements, whose cost is that of what is in hand: for the worker, every few minutes.
    """
    posts = organization.posts_at(now).select_related(None)
    handles = posts.filter(person=OuterRef("handler"), unit=OuterRef("lead_unit"), role__in=HANDLING)
    manned = posts.filter(role__in=HANDLING).values("unit")
    lost = Q(status__in=HELD) & ~Q(Exists(handles)) | Q(status__in=GIVEN) & ~Q(lead_unit__in=manned)
    for role, by in CALLS.items():
        tiers = at_hand.tiers_with(role, now)
        lost |= Q(status=Status.IN_FOLLOW_UP, follow_up_by__in=by) & ~Q(follow_up_path__in=tiers)
    decide = at_hand.tiers_with(Role.LEADER, now), at_hand.tiers_with(Role.DISPATCHER, now)
    looked_for = Review.objects.filter(matter=OuterRef("pk"), nobody_left=True, decided_at__isnull=True)
    under_review = Q(status=Status.UNDER_REVIEW) & ~Q(review_path__in=decide[0])
    under_review &= ~Q(Exists(looked_for.filter(lapsed_at__isnull=True)))  # its clock ends it
    lost |= under_review & (Q(review_here=True) | ~Q(review_path__in=decide[1]))
    return Matter.objects.filter(lost, drill=False)


ROWS = (
    Transition(
        action=Action.REARRANGE,
        source=GIVEN | {Status.IN_FOLLOW_UP, Status.UNDER_REVIEW},
        also=frozenset({Status.ASSIGNED, Status.ACCEPTED}),
        moves_from=GIVEN,
        clause="4.3.1",
        allow=policies.system,
        do=rearrange,
        start=(DeadlineKind.SIGN_FOR, DeadlineKind.ASSIGN, DeadlineKind.FOLLOW_UP),
        notify=(Told.LEAD, Told.DISPATCHER, Told.FOLLOW_UP, Told.REVIEWER),
        resident=True,
        turns=True,
        of_part=True,
    ),
)
