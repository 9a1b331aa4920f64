"""Duties moved to another unit by a document: open matters of theirs follow by rule (职责划转, 4.3.1).

No clock begins anew and none is given back. What is in time goes over with the time that is left; what is late already
stays a clock of the unit that was late, until it is answered: a transfer sheds nothing. Nobody is returned anything.
"""

from __future__ import annotations

from shuoshi.matters import policies, terms
from shuoshi.matters.actions import co_units, rulings, stopped
from shuoshi.matters.actions import people as at_hand
from shuoshi.matters.actions.keeping_away import take_from_lead
from shuoshi.matters.actions.triage import new_assignment
from shuoshi.matters.models import Assignment, CoUnit
from shuoshi.matters.step import Step
from shuoshi.matters.transition import Told, Transition
from shuoshi.matters.vocabulary import (
    GIVEN,
    OF_THE_WORK,
    Action,
    Audience,
    DeadlineKind,
    EndedBecause,
    Status,
)
from shuoshi.organization.models import Unit
from shuoshi.organization.transfer import DutyTransfer

WORK = (DeadlineKind.FIRST_CONTACT, DeadlineKind.PROGRESS, DeadlineKind.COMPLETION)


def transfer_duties(step: Step, given: terms.TransferDuties) -> None:
    """To the unit the document names, which signs for it; to whoever assigns, where that unit may not or cannot."""
    transfer = DutyTransfer.objects.select_related("to_unit", "area").get(pk=given.transfer)
    unit = at_hand.may_have_it(step, transfer.to_unit_id)
    if unit is None or not at_hand.able(step, unit):
        take_from_lead(step, EndedBecause.TRANSFERRED)
        step.story.fact(nobody_left_in_unit=True)
        step.notify("returned", Told.DISPATCHER)
    else:
        _to(step, unit, transfer)
        step.notify("assigned", Told.LEAD)
    step.say(
        Audience.PUBLIC,
        transfer.reason,
        unit=unit.short_name if unit is not None and step.matter.lead_unit_id else "",
        number=transfer.document_number,
    )


def _to(step: Step, unit: Unit, transfer: DutyTransfer) -> None:
    old = step.matter.assignment
    assert old is not None
    rulings.let_fall(step, *OF_THE_WORK)
    step.take_back_result()
    stood = step.matter.status in stopped.STANDING
    if stood:
        stopped.end(step)
    step.drop(DeadlineKind.SIGN_FOR)
    helping = co_units.asked(step.matter, co_units.owing(step))
    step.change(old, ended_at=step.now, ended_because=EndedBecause.TRANSFERRED)
    fresh = new_assignment(step, unit, basis="transfer", binding=True, reason=transfer.reason)
    step.set(lead_unit=unit, handler_id=None, assignment=fresh, status=Status.ASSIGNED)
    if stood:
        stopped.tell_anew(step)
    for kind in WORK:
        _goes_along(step, kind, fresh)
    step.start(DeadlineKind.SIGN_FOR)
    for one in helping:
        _helps_on(step, one, unit, fresh)


def _goes_along(step: Step, kind: DeadlineKind, fresh: Assignment) -> None:
    """Its time goes on as the new unit's; what is over stays whose it is."""
    clock = step.clocks.get(kind)
    if clock is None or clock.due_at < step.now or clock.assignment_id == fresh.pk:
        return
    stopped.void(step, kind)
    follower = step.start(
        kind,
        due_at=clock.due_at,
        ordered=not clock.limit,
        basis=clock.basis,
        about=clock.about,
        round_=step.matter.round,
        assignment=fresh,
        follows=clock,
    )
    if follower is not None and clock.provisional:
        step.change(follower, provisional=True)


def _helps_on(step: Step, one: CoUnit, lead: Unit, fresh: Assignment) -> None:
    """Who owes an opinion owes it to the new lead; what that one owed itself has no subject any more."""
    if one.unit_id == lead.pk:
        step.drop(f"{DeadlineKind.CO_OPINION}:{lead.pk.hex}")
        return
    one.matter = step.matter
    step.add(
        CoUnit(
            matter=step.matter,
            assignment=fresh,
            unit=one.unit,
            task=str(one.task),
            asked_by_id=one.asked_by_id,
            asked_at=one.asked_at,
            due_at=one.due_at,
        )
    )


ROWS = (
    Transition(
        action=Action.TRANSFER_DUTIES,
        source=GIVEN,
        also=frozenset({Status.ASSIGNED, Status.ACCEPTED}),
        clause="4.3.1",
        allow=policies.system,
        do=transfer_duties,
        start=(DeadlineKind.SIGN_FOR, DeadlineKind.ASSIGN),
        notify=(Told.LEAD, Told.DISPATCHER),
        resident=True,
        of_part=True,
    ),
)
