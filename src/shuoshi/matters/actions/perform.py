"""What every row does the same way, in this order: its stage, clocks, event and state, notices, consequences.

Whether it may be done was asked before (`permit`); nothing here locks or opens a transaction.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from shuoshi.kernel.actors import SYSTEM, Actor
from shuoshi.kernel.events import Event
from shuoshi.kernel.refusal import Refused
from shuoshi.matters.case import Case, Standing
from shuoshi.matters.policies import excluded
from shuoshi.matters.scope import standing
from shuoshi.matters.step import Step
from shuoshi.matters.terms import BySystem
from shuoshi.matters.transition import Transition
from shuoshi.matters.vocabulary import Action


def permit(row: Transition, case: Case) -> None:
    """Raise Refused unless status, policy and guards of the row hold for this case."""
    refusal = refusal_of(row, case)
    if refusal is not None:
        code, text = refusal
        raise Refused(code, text, who_could=str(row.allow.says))


def refusal_of(row: Transition, case: Case) -> tuple[str, str] | None:
    """Why not, as code and words; None when it may be done."""
    if row.source and case.matter.status not in row.source:
        label = case.matter.get_status_display()
        return "status", _("现在是“%(status)s”，不能做这一步。") % {"status": label}
    if excluded(case):
        return "excluded", str(excluded.denies)
    words = row.allow.refusal(case)
    if words is not None:
        return "policy", str(words)
    for guard in row.when:
        if not guard(case):
            return guard.name, str(guard.says)
    return None


def perform(step: Step, given: Any) -> Event:
    """Carry out one permitted row and its consequences; returns the event of the row itself."""
    row = step.row
    if row.target is not None and row.source:
        step.set(status=row.target)
    for kind in row.stop:
        step.settle(kind)
    for kind in row.drop:
        step.drop(kind)
    if row.raises_turn:
        step.set(turn=step.matter.turn + 1)
    row.do(step, given)
    event = step.tell()
    _consequences(step)
    for action, terms in step.onward:
        perform(following(step, action), terms)
    return event


def following(step: Step, action: Action, actor: Actor | None = None) -> Step:
    """The next step in the same transaction, permitted anew for whoever takes it."""
    from shuoshi.matters import workflow

    who = actor or step.actor
    case = replace(
        step.case,
        actor=who,
        clocks=step.clocks,
        rating=step.rating,
        standing=standing(who, step.matter),
    )
    row = workflow.row(action)
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
        case = replace(step.case, actor=SYSTEM, standing=facts, clocks=step.clocks, rating=step.rating)
        if refusal_of(row, case) is None:
            perform(Step(row, case, step.profile), BySystem())
            return
