"""Who reviews an answer: the nearest tier above with somebody who had nothing to do with it (4.4.2)."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from shuoshi.kernel.refusal import Refused
from shuoshi.matters.actions import people as at_hand
from shuoshi.matters.case import NOT_LEAD, parent_path
from shuoshi.matters.step import Step
from shuoshi.matters.transition import Told
from shuoshi.organization.roles import Role

DECIDING = (Role.LEADER, Role.DISPATCHER)


def find(step: Step, after: str) -> str:
    """The path of the tier that reviews; `after`: the one that reviewed before, whose superior the next one is.

    Where none stands above, a leader of the same tier who had nothing to do with it, for the first review only, and it
    is told. Raises Refused where there is nobody.
    """
    body = _free(step, above(step, after)) or (not after and _here(step))
    if not body:
        raise Refused("nobody_reviews", _("这里没有上一级能复核。不服答复的，请走答复里写的途径。"))
    return body


def _free(step: Step, tiers: list[str]) -> str:
    blocked = _not_them(step)
    return next((tier for tier in tiers if at_hand.serving(step, DECIDING, tier) - blocked), "")


def _here(step: Step) -> str:
    here = step.matter.tier_path
    if not at_hand.serving(step, (Role.LEADER,), here) - _not_them(step):
        return ""
    step.fall_back("reviews_here", "nobody_above_reviews")
    return here


def above(step: Step, after: str) -> list[str]:
    """The tiers that could review, nearest first."""
    return at_hand.upwards(parent_path(after or step.matter.tier_path))


def still_there(step: Step) -> bool:
    """Whether the tier that was asked still has somebody who may decide."""
    roles = (Role.LEADER,) if step.matter.review_path == step.matter.tier_path else DECIDING
    return bool(at_hand.serving(step, roles, step.matter.review_path) - _not_them(step))


def move_on(step: Step) -> None:
    """Whoever was asked must stay away, or left: the next above decides, else a leader here; nobody left is noted."""
    if still_there(step):
        return
    body = _free(step, above(step, step.matter.review_path))
    if body:
        step.fall_back("reviews_above", "nobody_left_to_review")
    elif step.matter.review_path != step.matter.tier_path:
        body = _here(step)
    if not body:
        step.story.fact(nobody_left_to_review=True)
        return
    review = step.matter.reviews.get(decided_at__isnull=True)
    review.matter = step.matter
    step.change(review, body_path=body)
    step.set(review_path=body)
    step.notify("review_asked", Told.REVIEWER)


def _not_them(step: Step) -> set[UUID]:
    """Whoever handled, signed, led or ruled, whom it concerns, and the people of the lead unit."""
    lead = step.matter.lead_unit
    side = at_hand.beneath(step, [lead.path], *NOT_LEAD) if lead is not None else set()
    return set(step.case.standing.involved) | at_hand.kept_away(step) | side
