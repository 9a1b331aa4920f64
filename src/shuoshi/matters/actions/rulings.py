"""Asking and ruling: one table, one rule of approval for all kinds of requests. Silence is refusal."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from shuoshi.kernel.actors import ActorKind
from shuoshi.matters.actions import people as at_hand
from shuoshi.matters.models import Request
from shuoshi.matters.step import Step
from shuoshi.matters.vocabulary import Bond, DeadlineKind, RequestKind, RequestState


def ask(step: Step, kind: RequestKind, text: str, *, requester: UUID | None = None, **columns: Any) -> Request:
    """Put a request to whoever is free to rule on it, and start the clock of the ruling.

    `requester`: the member of staff it comes from, else who acts; a speaker is nobody's id.
    """
    staff = requester or (step.actor.person_id if step.actor.kind is ActorKind.STAFF else None)
    about: UUID | None = columns.get("about_person_id")
    rules = at_hand.decider(
        step, staff, about, leader=_only_a_leader(step, kind), outside_lead=kind is RequestKind.EXIT
    )
    request = step.add(
        Request(
            matter=step.matter,
            round=step.matter.round,
            kind=kind,
            requester_id=staff,
            requested_at=step.now,
            text=text,
            decider_path=rules.path,
            lead_may_rule=rules.lead_too,
            **{"assignment": step.matter.assignment} | columns,
        )
    )
    if rules.path != step.matter.tier_path:
        step.fall_back("tier_above", "nobody_free_at_tier")
    if rules.lead_too:
        step.fall_back("of_lead_unit", "nobody_outside_lead_unit")
    step.start(DeadlineKind.RULING, about=kind)
    return request


def _only_a_leader(step: Step, kind: RequestKind) -> bool:
    """An exit after a failed round (4.4.2)."""
    return kind is RequestKind.EXIT and step.matter.round is not None and step.matter.round.ordinal > 1


def rule(step: Step, kind: RequestKind, granted: bool, text: str) -> Request:
    """Answer the pending request; whoever rules is involved from now on."""
    pending = step.case.standing.pending[kind]
    request = Request.objects.select_related("unit").get(pk=pending.id)
    request.matter = step.matter
    step.change(
        request,
        state=RequestState.GRANTED if granted else RequestState.REFUSED,
        decided_by_id=step.actor.person_id,
        decided_at=step.now,
        decision=text,
    )
    step.settle(f"{DeadlineKind.RULING}:{kind}")
    if kind is not RequestKind.VOID:
        step.involve(step.actor.person_id, Bond.RULED)
    return request


def let_fall(step: Step, *kinds: RequestKind) -> None:
    """What these requests asked for has no subject any more; they fall without a ruling."""
    for request in Request.objects.filter(matter=step.matter, kind__in=kinds, state=RequestState.PENDING):
        request.matter = step.matter
        step.change(request, state=RequestState.WITHDRAWN, decided_at=step.now)
        step.drop(f"{DeadlineKind.RULING}:{request.kind}")


def lapse(step: Step, kind: RequestKind) -> None:
    """Nobody ruled in time: the request is refused by silence and its clock stays missed."""
    for request in Request.objects.filter(matter=step.matter, kind=kind, state=RequestState.PENDING):
        request.matter = step.matter
        step.change(request, state=RequestState.REFUSED, decided_at=step.now)
    step.miss(f"{DeadlineKind.RULING}:{kind}")
