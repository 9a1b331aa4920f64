"""What every row does the same way, in this order: its stage, clocks, event and state, notices, consequences.

Whether it may be done was asked before (`permission`); nothing here locks or opens a transaction.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast
from uuid import UUID

from django.utils.functional import SimpleLazyObject

from shuoshi.kernel.actors import SYSTEM, Actor
from shuoshi.kernel.events import Event
from shuoshi.matters.actions import merged, outside_orders
from shuoshi.matters.actions import people as at_hand
from shuoshi.matters.actions.drawing import draw
from shuoshi.matters.actions.locking import locked, open_clocks
from shuoshi.matters.actions.resumed import keep_the_end
from shuoshi.matters.case import Case, Standing
from shuoshi.matters.permission import permit, placed, refusal_of
from shuoshi.matters.scope import standing
from shuoshi.matters.step import Step
from shuoshi.matters.terms import BySystem
from shuoshi.matters.vocabulary import Action, Bond
from shuoshi.organization.profile import stored


def perform(step: Step, given: Any) -> Event:
    """Carry out one permitted row and its consequences; returns the event of the row itself."""
    row = step.row
    stand_in(step)
    if row.target is not None and row.source:
        step.set(status=row.target)
    for kind in row.stop:
        step.settle(kind)
    for kind in row.drop:
        step.drop(kind)
    if row.raises_turn:
        step.turn()
    row.do(step, given)
    outside_orders.owed_again(step)
    keep_the_end(step)
    draw(step)
    event = step.tell()
    _consequences(step)
    for action, terms in step.onward:
        perform(following(step, action), terms)
    for other, action, terms in (*step.elsewhere, *merged.where_the_main_went(step)):
        perform(_beside(step, other, action), terms)
    return event


def stand_in(step: Step) -> None:
    """Keep in the event in whose place this is done; whoever does the handler's work handles (1.3.1)."""
    absent = step.actor.acting_for
    if absent is None:
        return
    step.story.fact(acting_for=str(absent))
    if absent == step.matter.handler_id:
        step.involve(step.actor.person_id, Bond.STOOD_IN, at_hand.headed_by(step, absent))


def _beside(step: Step, other: UUID, action: Action) -> Step:
    """A row of another matter that follows from this one, by rule."""
    from shuoshi.matters import workflow

    matter = locked(other)
    profile = stored.version(matter.profile_id)
    case = Case(
        actor=SYSTEM,
        matter=matter,
        standing=standing(SYSTEM, matter),
        now=step.now,
        clocks=open_clocks(matter),
        profile=profile,
    )
    row = workflow.row(action)
    permit(row, case)
    return Step(row, case, profile)


def following(step: Step, action: Action, actor: Actor | None = None) -> Step:
    """The next step in the same transaction, permitted anew for whoever takes it."""
    from shuoshi.matters import workflow

    who = actor or step.case.natural or step.actor
    case = replace(
        step.case,
        actor=who,
        clocks=step.clocks,
        rating=step.rating,
        standing=standing(who, step.matter),
        profile=step.profile,
        sides=(),
        natural=None,
    )
    row = workflow.row(action)
    case = placed(row, case)
    permit(row, case)
    return Step(row, case, step.profile)


def _consequences(step: Step) -> None:
    """The first consequence whose guards hold runs as the system; it may have its own."""
    from shuoshi.matters import workflow

    if not step.row.then:
        return
    facts = cast("Standing", SimpleLazyObject(lambda: standing(SYSTEM, step.matter)))  # most guards look elsewhere
    for action in step.row.then:
        row = workflow.row(action)
        case = replace(
            step.case,
            actor=SYSTEM,
            standing=facts,
            clocks=step.clocks,
            rating=step.rating,
            goes_on=step.goes_on,
            profile=step.profile,
            sides=(),
            natural=None,
        )
        if refusal_of(row, case) is None:
            perform(Step(row, case, step.profile), BySystem())
            return
