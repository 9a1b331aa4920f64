"""The procedure as one table. Stages contribute their rows; buttons, addresses, the diagram and tests are derived here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from shuoshi.matters import guards, policies
from shuoshi.matters.actions import (
    agency,
    calling,
    co_units,
    conflicts,
    dividing,
    duties,
    emergency,
    extended,
    follow_up,
    going_up,
    group,
    handed_over,
    handling,
    leading,
    leaving,
    linked,
    mediation,
    on_the_spot,
    outside_orders,
    parked,
    parts,
    paused,
    performance,
    publication,
    questions,
    rearranged,
    recordings,
    recounted,
    registered,
    reopened,
    result,
    returned_report,
    reviewed,
    reworded,
    rework,
    sampled,
    suggested,
    supervised,
    ticked,
    together,
    told_main,
    told_merged,
    transferred,
    triage,
    undone,
)
from shuoshi.matters.case import HANDLING, Case
from shuoshi.matters.guards import Guard
from shuoshi.matters.permission import Other, named, placed, refusal_of, who_could
from shuoshi.matters.policies import system
from shuoshi.matters.transition import Transition
from shuoshi.matters.vocabulary import Action, Status

TRANSITIONS: tuple[Transition, ...] = (
    *registered.ROWS,
    *undone.ROWS,
    *recordings.ROWS,
    *linked.ROWS,
    *group.ROWS,
    *calling.ROWS,
    *emergency.ROWS,
    *triage.ROWS,
    *dividing.ROWS,
    *parts.ROWS,
    *on_the_spot.ROWS,
    *handling.ROWS,
    *ticked.ROWS,
    *co_units.ROWS,
    *agency.ROWS,
    *handed_over.ROWS,
    *duties.ROWS,
    *mediation.ROWS,
    *performance.ROWS,
    *suggested.ROWS,
    *questions.ROWS,
    *reworded.ROWS,
    *extended.ROWS,
    *paused.ROWS,
    *parked.ROWS,
    *result.ROWS,
    *returned_report.ROWS,
    *follow_up.ROWS,
    *rework.ROWS,
    *sampled.ROWS,
    *reopened.ROWS,
    *reviewed.ROWS,
    *supervised.ROWS,
    *outside_orders.ROWS,
    *leading.ROWS,
    *together.ROWS,
    *told_main.ROWS,
    *told_merged.ROWS,
    *leaving.ROWS,
    *going_up.ROWS,
    *conflicts.ROWS,
    *rearranged.ROWS,
    *transferred.ROWS,
    *recounted.ROWS,
    *publication.ROWS,
)

_BY_ACTION = {row.action: row for row in TRANSITIONS}


@dataclass(frozen=True)
class Offer:
    """One action before one person: allowed, or why not and the names of some who could."""

    action: Action
    allowed: bool
    code: str = ""
    why: str = ""
    who_could: tuple[str, ...] = ()
    acting_for: UUID | None = None  # who is away, and in whose place it would be done

    @property
    def label(self) -> str:
        return str(self.action.label)

    @property
    def asked(self) -> str:
        """The names in one line."""
        return named(self.who_could)


def row(action: Action) -> Transition:
    """The row of this action. Raises KeyError for an action that is none."""
    return _BY_ACTION[Action(action)]


def offers(case: Case, others: Sequence[Other] = ()) -> list[Offer]:
    """Every row that fits the status: what this person may do now, and of the rest what is worth saying why not.

    `others` are asked who could. Rows of the system and rows whose subject does not exist (no return to rule on) are
    left out, not refused; so is what only those who may take it know of.
    """
    found: list[Offer] = []
    if case.matter.is_erased:
        return found
    for transition in TRANSITIONS:
        if case.matter.status not in transition.source or transition.allow is system:
            continue
        if case.matter.is_part and not transition.of_part:
            continue  # the page says once where all that is done
        refusal = refusal_of(transition, case)
        if refusal is None:
            place = placed(transition, case).actor.acting_for
            found.append(Offer(transition.action, True, acting_for=place))
        elif not transition.unseen and not _hidden(transition, case):
            names = who_could(transition, refusal[0], others)
            found.append(Offer(transition.action, False, *refusal, who_could=names))
    return found


def takes_on(case: Case) -> list[UUID]:
    """Units for which this person could take the matter the whole way at once, from acceptance to signing for (我来办).

    Who accepts, assigns and handles may be one person; each step is a row and an event of its own (1.3.1).
    """
    accepts = case.matter.status == Status.REGISTERED and refusal_of(row(Action.ACCEPT), case) is None
    assigns = case.matter.status == Status.ACCEPTED and guards.no_void_pending(case) and guards.assignable(case)
    if case.standing.excluded or not policies.dispatcher(case) or not (accepts or assigns):
        return []
    closed = case.standing.excluded_units
    mine = [post for post in case.actor.posts if post.role in HANDLING]
    return list(
        dict.fromkeys(
            post.unit_id
            for post in mine
            if post.unit_path.startswith(case.matter.tier_path)
            and not any(post.unit_path.startswith(path) for path in closed)
        )
    )


def _hidden(transition: Transition, case: Case) -> bool:
    return any(isinstance(guard, Guard) and guard.hides and not guard(case) for guard in transition.when)
