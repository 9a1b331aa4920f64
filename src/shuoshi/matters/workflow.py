"""The procedure as one table. Stages contribute their rows; buttons, addresses, the diagram and tests are derived here."""

from __future__ import annotations

from dataclasses import dataclass

from shuoshi.matters.actions import (
    conflicts,
    follow_up,
    handling,
    leaving,
    on_the_spot,
    publication,
    questions,
    registered,
    result,
    returned_report,
    triage,
)
from shuoshi.matters.actions.perform import refusal_of
from shuoshi.matters.case import Case
from shuoshi.matters.guards import Guard
from shuoshi.matters.policies import system
from shuoshi.matters.transition import Transition
from shuoshi.matters.vocabulary import Action

TRANSITIONS: tuple[Transition, ...] = (
    *registered.ROWS,
    *triage.ROWS,
    *on_the_spot.ROWS,
    *handling.ROWS,
    *questions.ROWS,
    *result.ROWS,
    *returned_report.ROWS,
    *follow_up.ROWS,
    *leaving.ROWS,
    *conflicts.ROWS,
    *publication.ROWS,
)

_BY_ACTION = {row.action: row for row in TRANSITIONS}


@dataclass(frozen=True)
class Offer:
    """One action before one person: allowed, or why not and who could."""

    action: Action
    allowed: bool
    code: str = ""
    why: str = ""

    @property
    def label(self) -> str:
        return str(self.action.label)


def row(action: Action) -> Transition:
    """The row of this action. Raises KeyError for an action that is none."""
    return _BY_ACTION[Action(action)]


def offers(case: Case) -> list[Offer]:
    """Every row that fits the status: what this person may do now, and of the rest what is worth saying why not.

    Rows of the system and rows whose subject does not exist (no return to rule on) are left out, not refused.
    """
    found = []
    for transition in TRANSITIONS:
        if case.matter.status not in transition.source or transition.allow is system:
            continue
        refusal = refusal_of(transition, case)
        if refusal is None:
            found.append(Offer(transition.action, True))
        elif not _hidden(transition, case):
            found.append(Offer(transition.action, False, *refusal))
    return found


def _hidden(transition: Transition, case: Case) -> bool:
    return any(isinstance(guard, Guard) and guard.hides and not guard(case) for guard in transition.when)
