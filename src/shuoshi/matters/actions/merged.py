"""Where a main matter went, and what becomes of those merged into it: answered with it, or on their own again (4.2)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from shuoshi.matters import terms
from shuoshi.matters.models import Matter, Merging
from shuoshi.matters.step import Step
from shuoshi.matters.terms import Terms
from shuoshi.matters.vocabulary import GIVEN, Action, ExcludedBecause, FromMain, Status

MAIN = GIVEN | {Status.ACCEPTED}  # where others may be merged into it, or still are


def where_the_main_went(step: Step) -> list[tuple[UUID, Action, Terms]]:
    """The rows that follow in those merged into it: its reply is theirs; where it ends without one, they come back."""
    status = step.matter.status
    if not step.came_with or status in MAIN:
        return []
    follows: Terms = terms.ShareResult() if status == Status.IN_FOLLOW_UP else terms.Unmerge()
    return [(pk, follows.action, follows) for pk in _merged_into(step.matter)]


def keep_from_them_too(step: Step, why: ExcludedBecause, people: Iterable[UUID], units: Iterable[UUID]) -> None:
    """Who is kept from a main matter is kept from those merged into it: they are handled as one (5.3)."""
    if not step.matter.merged_here:
        return
    kept = terms.Kept(why=why, people=tuple(sorted(people, key=str)), units=tuple(units))
    for pk in _merged_into(step.matter):
        step.send(pk, terms.TellMerged(what=FromMain.KEPT, number=step.matter.number, kept=kept))


def tell_of_the_return(step: Step, signed_at: datetime) -> None:
    """This reply did not hold, and those merged into it got the same: their registry is told which they are."""
    shared = Merging.objects.filter(main=step.matter, ended_at__gte=signed_at, matter__status=Status.IN_FOLLOW_UP)
    for pk in shared.order_by("matter").values_list("matter", flat=True):
        step.send(pk, terms.TellMerged(what=FromMain.RETURNED, number=step.matter.number))


def _merged_into(main: Matter) -> list[UUID]:
    return list(Matter.objects.filter(merged_into=main).order_by("pk").values_list("pk", flat=True))
