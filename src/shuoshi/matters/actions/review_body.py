"""Who reviews an answer: the nearest tier above with somebody who had nothing to do with it (4.4.2)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from shuoshi.kernel.refusal import Refused
from shuoshi.matters.actions import people as at_hand
from shuoshi.matters.case import NOT_LEAD, parent_path
from shuoshi.matters.step import Step
from shuoshi.matters.transition import Told
from shuoshi.organization.roles import Role

DECIDING = (Role.LEADER, Role.DISPATCHER)


@dataclass(frozen=True)
class Body:
    """The tier that decides. `here`: the matter's own, for none stands above; then only a leader does."""

    path: str
    here: bool = False


def find(step: Step, after: str) -> Body:
    """`after`: the tier that reviewed before, whose superior the next one is.

    Where none stands above, a leader of the same tier who had nothing to do with it, for the first review only, and it
    is told. Raises Refused where there is nobody.
    """
    body = _free(step, above(step, after)) or (None if after else _here(step))
    if body is None:
        raise Refused("nobody_reviews", _("这里没有上一级能复核。不服答复的，请走答复里写的途径。"))
    return body


def above(step: Step, after: str) -> list[str]:
    """The tiers that could review, nearest first."""
    return at_hand.upwards(parent_path(after or step.matter.tier_path))


def move_on(step: Step, *, late: bool = False) -> bool:
    """Whoever was asked must stay away, left, or let the time pass (`late`): the next above decides, else a leader here.

    False where somebody should and nobody is left at all: it stays and says so, until its time is over.
    """
    if not late and _still_there(step):
        return True
    body = _free(step, above(step, step.matter.review_path))
    if body is not None:
        step.fall_back("reviews_above", "nobody_decided" if late else "nobody_left_to_review")
    elif not late and not step.matter.review_here:
        body = _here(step)
    review = step.matter.reviews.get(decided_at__isnull=True, lapsed_at__isnull=True)
    review.matter = step.matter
    if body is None:
        step.story.fact(nobody_left_to_review=True)
        step.change(review, nobody_left=True)
        return False
    step.change(review, body_path=body.path, nobody_left=False)
    step.set(review_path=body.path, review_here=body.here)
    step.notify("review_asked", Told.REVIEWER)
    return True


def _still_there(step: Step) -> bool:
    roles = (Role.LEADER,) if step.matter.review_here else DECIDING
    return bool(at_hand.serving(step, roles, step.matter.review_path) - _not_them(step))


def _free(step: Step, tiers: list[str]) -> Body | None:
    blocked = _not_them(step)
    return next((Body(tier) for tier in tiers if at_hand.serving(step, DECIDING, tier) - blocked), None)


def _here(step: Step) -> Body | None:
    here = step.matter.tier_path
    if not at_hand.serving(step, (Role.LEADER,), here) - _not_them(step):
        return None
    step.fall_back("reviews_here", "nobody_above_reviews")
    return Body(here, here=True)


def _not_them(step: Step) -> set[UUID]:
    """Whoever handled, signed, led or ruled, whom it concerns, who wrote the request down, the people of the lead unit."""
    matter, lead = step.matter, step.matter.lead_unit
    side = at_hand.beneath(step, [lead.path], *NOT_LEAD) if lead is not None else set()
    wrote = {matter.review_written_by_id} if matter.review_written_by_id else set()
    return set(step.case.standing.involved) | at_hand.kept_away(step) | side | wrote
