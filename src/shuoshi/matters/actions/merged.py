"""Where a main matter went, and what becomes of those merged into it: answered with it, or on their own again (4.2)."""

from __future__ import annotations

from uuid import UUID

from shuoshi.matters import terms
from shuoshi.matters.models import Matter
from shuoshi.matters.step import Step
from shuoshi.matters.terms import Terms
from shuoshi.matters.vocabulary import GIVEN, Action, Status

MAIN = GIVEN | {Status.ACCEPTED}  # where others may be merged into it, or still are


def where_the_main_went(step: Step) -> list[tuple[UUID, Action, Terms]]:
    """The rows that follow in those merged into it: its reply is theirs; where it ends without one, they come back."""
    status = step.matter.status
    if not step.came_with or status in MAIN:
        return []
    follows: Terms = terms.ShareResult() if status == Status.IN_FOLLOW_UP else terms.Unmerge()
    merged = Matter.objects.filter(merged_into=step.matter).order_by("pk").values_list("pk", flat=True)
    return [(pk, follows.action, follows) for pk in merged]
