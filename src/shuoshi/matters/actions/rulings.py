"""Asking and ruling: one table, one rule of approval for all kinds of requests. Silence is refusal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shuoshi.kernel.actors import ActorKind
from shuoshi.matters import policies
from shuoshi.matters.actions import people as at_hand
from shuoshi.matters.case import NOT_LEAD
from shuoshi.matters.models import Request
from shuoshi.matters.step import Step
from shuoshi.matters.vocabulary import Bond, DeadlineKind, RequestKind, RequestState, Status
from shuoshi.organization.models import Unit
from shuoshi.organization.roles import Role

_OUTSIDE_LEAD = frozenset({RequestKind.EXIT, RequestKind.EXTENSION, RequestKind.PAUSE, RequestKind.PARK})


def ask(step: Step, kind: RequestKind, text: str, *, requester: UUID | None = None, **columns: Any) -> Request:
    """Put a request to whoever is free to rule on it, and start the clock of the ruling.

    `requester`: the member of staff it comes from, else who acts; a speaker is nobody's id.
    """
    staff = requester or (step.actor.person_id if step.actor.kind is ActorKind.STAFF else None)
    rules = _decider(step, kind, staff, columns)
    request = step.add(
        Request(
            matter=step.matter,
            round=step.matter.round,
            kind=kind,
            requester_id=staff,
            in_place_of_id=step.actor.acting_for if staff == step.actor.person_id else None,
            requested_at=step.now,
            text=text,
            decider_path=rules.path,
            lead_may_rule=rules.lead_too,
            apart=" ".join(rules.apart),
            but_heads_only=rules.but_heads_only,
            **{"assignment": step.matter.assignment} | columns,
        )
    )
    if rules.path != (step.matter.tier_above_path if kind is RequestKind.ESCALATION else step.matter.tier_path):
        step.fall_back("tier_above", "nobody_free_at_tier")
    if rules.instead:
        step.fall_back(*rules.instead)
    step.start(DeadlineKind.RULING, about=kind)
    return request


# ── who rules ──────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class _Decider:
    """The tier that rules, and who of it may not: people of the lead unit, people beneath those it is about.

    `instead` says who rules although they should not, and why nobody better is left.
    """

    path: str
    lead_too: bool = False
    apart: tuple[str, ...] = ()
    but_heads_only: bool = False
    instead: tuple[str, str] | None = None


def _decider(step: Step, kind: RequestKind, requester: UUID | None, columns: Mapping[str, Any]) -> _Decider:
    """The tier the matter lies at, or the nearest above where somebody is free; the whole way up before any fall-back.

    Never the requester, whom it is about, or whom the matter concerns. Who acted in the matter before, only where
    there is nobody else; after them who stands beneath those it is about, the heads of a unit itself excepted. What
    moves or ends the work of a unit is ruled on outside it; on an exit after a failed round and on a parking only a
    leader rules.
    """
    about: UUID | None = columns.get("about_person_id")
    unit: Unit | None = columns.get("unit")
    never = at_hand.kept_away(step) | {pk for pk in (requester, about, step.actor.acting_for) if pk}
    involved = step.case.standing.involved
    if kind in _OUTSIDE_LEAD:
        return _outside_lead(step, kind, never, set(involved), leaders=bool(columns.get("leaders_only")))
    if kind is RequestKind.ESCALATION:
        return _above(step, never, set(involved))
    if kind is not RequestKind.RECUSAL:
        return (
            _free(step, never | involved)
            or _free(step, never, instead=("decider_again", "nobody_uninvolved"))
            or _nobody(step)
        )
    apart = _those_it_is_about(step, about, unit)
    side, heads = at_hand.beneath(step, apart), at_hand.beneath(step, apart, heads=True) if unit else set()
    return (
        _free(step, never | involved | side, apart=apart)
        or _free(step, never | side, apart=apart, instead=("decider_again", "nobody_uninvolved"))
        or _free(step, never | heads, apart=apart if unit else (), but_heads_only=True, instead=_BENEATH)
        or _nobody(step)
    )


def _above(step: Step, never: set[UUID], involved: set[UUID]) -> _Decider:
    """Whoever would have the work: the tier above, or the nearest over it where somebody is free."""
    above = step.matter.tier_above_path
    return (
        _free(step, never | involved, start=above)
        or _free(step, never, start=above, instead=("decider_again", "nobody_uninvolved"))
        or _nobody(step, above)
    )


_BENEATH = ("beneath_those_it_is_about", "nobody_above")


def _outside_lead(step: Step, kind: RequestKind, never: set[UUID], involved: set[UUID], *, leaders: bool) -> _Decider:
    """Outside the lead unit (rule d); its people rule only when there is nobody else up to the top.

    Nobody involved rules on an end. On the time the work takes, and on parking it, they may where nobody else is left.
    """
    failed = step.matter.round is not None and step.matter.round.ordinal > 1
    roles = (Role.LEADER,) if leaders or (kind is RequestKind.EXIT and failed) else at_hand.ASSIGNING
    lead = step.matter.lead_unit
    side = at_hand.beneath(step, [lead.path], *NOT_LEAD) if lead is not None else set()
    again = None
    if kind is not RequestKind.EXIT:
        again = _free(step, never | side, roles, instead=("decider_again", "nobody_uninvolved"))
    return (
        _free(step, never | involved | side, roles)
        or again
        or _free(step, never | involved, roles, lead_too=True, instead=("of_lead_unit", "nobody_outside_lead_unit"))
        or _nobody(step)
    )


def _free(
    step: Step, blocked: set[UUID], roles: Iterable[Role] = at_hand.ASSIGNING, *, start: str = "", **how: Any
) -> _Decider | None:
    for tier in at_hand.upwards(start or step.matter.tier_path):
        if at_hand.there(step, at_hand.serving(step, roles, tier), blocked):
            return _Decider(tier, **how)
    return None


def _nobody(step: Step, path: str = "") -> _Decider:
    """Silence will refuse it."""
    return _Decider(path or step.matter.tier_path, instead=("nobody", "nobody_free_anywhere"))


def _those_it_is_about(step: Step, about: UUID | None, unit: Unit | None) -> tuple[str, ...]:
    """Paths of units whose people do not rule: the unit concerned, or what the person leads."""
    if unit is not None:
        return (unit.path,)
    return tuple(at_hand.headed_by(step, about)) if about else ()


# ── ruling, and what falls without one ─────────────────────────────────────────────────────────────────────────────


def rule(step: Step, kind: RequestKind, granted: bool, text: str) -> Request:
    """Answer the pending request; whoever rules is involved from now on, but for a reviewer on a recusal."""
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
    if kind is not RequestKind.VOID and not _part_of_the_review(step, kind):
        step.involve(step.actor.person_id, Bond.RULED)
    return request


def _part_of_the_review(step: Step, kind: RequestKind) -> bool:
    """A reviewer said who must stay away from the review, and nothing of the answer under review (4.4.2, 5.3).

    Were they involved by it, anybody of the unit could rid the matter of its reviewer by asking for a recusal, and have
    it reviewed by the tier that answered, or by nobody.
    """
    recusal = kind is RequestKind.RECUSAL and step.matter.status == Status.UNDER_REVIEW
    return recusal and policies.decides_review(step.case)


def let_fall(step: Step, *kinds: RequestKind) -> None:
    """What these requests asked for has no subject any more; they fall without a ruling."""
    for request in Request.objects.filter(matter=step.matter, kind__in=kinds, state=RequestState.PENDING):
        request.matter = step.matter
        step.change(request, state=RequestState.WITHDRAWN, decided_at=step.now)
        step.drop(f"{DeadlineKind.RULING}:{request.kind}")


def lapse(step: Step, kind: RequestKind) -> list[Request]:
    """Nobody ruled in time: the request is refused by silence and its clock stays missed. Returns what was refused so."""
    lapsed = list(Request.objects.filter(matter=step.matter, kind=kind, state=RequestState.PENDING))
    for request in lapsed:
        request.matter = step.matter
        step.change(request, state=RequestState.REFUSED, decided_at=step.now)
    step.miss(f"{DeadlineKind.RULING}:{kind}")
    return lapsed
