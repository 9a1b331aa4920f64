"""One person before several matters at once: what they may do to each, and why not, before anything is done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from shuoshi.kernel.actors import Actor
from shuoshi.kernel.clocks import Outcome
from shuoshi.matters import workflow
from shuoshi.matters.case import Case
from shuoshi.matters.models import Deadline
from shuoshi.matters.permission import refusal_of
from shuoshi.matters.queries.matter import RELATED, running
from shuoshi.matters.scope import standings_before, visible_to
from shuoshi.matters.vocabulary import Action


def cases(actor: Actor, keys: Sequence[UUID], now: datetime) -> list[Case]:
    """This person before each of these matters, in their order, without those they may not know of. Three statements."""
    found = {row.pk: row for row in visible_to(actor).select_related(*RELATED).filter(pk__in=keys)}
    standings, clocks = standings_before(actor, found), _open_clocks(found)
    return [
        Case(actor=actor, matter=found[key], standing=standings[key], now=now, clocks=running(clocks[key]))
        for key in dict.fromkeys(keys)
        if key in found
    ]


def refusals(action: Action, several: Sequence[Case]) -> dict[UUID, str]:
    """Why this step cannot be taken of some of them, in the words of the procedure; nothing of those it can be. Pure."""
    row = workflow.row(action)
    asked = ((case.matter.pk, refusal_of(row, case)) for case in several)
    return {key: refusal[1] for key, refusal in asked if refusal is not None}


def _open_clocks(matters: Collection[UUID]) -> dict[UUID, list[Deadline]]:
    clocks: dict[UUID, list[Deadline]] = defaultdict(list)
    for row in Deadline.objects.filter(matter__in=matters, outcome=Outcome.OPEN).order_by("due_at", "started_at", "pk"):
        clocks[row.matter_id].append(row)
    return clocks
