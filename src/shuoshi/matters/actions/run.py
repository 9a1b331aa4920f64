"""The door for every row but `register`: key, lock, turn, standing, policy, guards, stage — in one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import UUIDField

from shuoshi.kernel import clock, idempotency, rows
from shuoshi.kernel.actors import Actor, ActorKind
from shuoshi.kernel.events import Event
from shuoshi.kernel.prepared import Prepared
from shuoshi.matters import meanwhile, workflow
from shuoshi.matters.actions import seats
from shuoshi.matters.actions.locking import locked, open_clocks
from shuoshi.matters.actions.perform import perform
from shuoshi.matters.case import Case, Standing
from shuoshi.matters.models import Assignment, CoUnit, Matter
from shuoshi.matters.permission import permit, placed
from shuoshi.matters.scope import sees, standing
from shuoshi.matters.step import Step
from shuoshi.matters.terms import Terms
from shuoshi.matters.vocabulary import Action
from shuoshi.organization.profile import stored


@dataclass(frozen=True)
class Done:
    """What came of an action: the matter as it stands now, and the hash of the event that binds it."""

    matter_id: UUID
    number: str
    status: str
    turn: int
    event_hash: str


def run(
    action: Action,
    matter_id: UUID,
    terms: Terms,
    *,
    actor: Actor,
    turn: int | None = None,
    key: str = "",
) -> Done:
    """Carry out one action on one matter, or raise and change nothing.

    `turn` is what the form was opened with: another one raises Stale. The same `key` again returns the first result;
    other terms under it raise KeyReused. Raises Refused with the words for the page, Matter.DoesNotExist when the
    actor may not know of the matter.
    """
    return run_all(matter_id, [terms], actor=actor, turn=turn, key=key, action=action)


def done_before(matter_id: UUID, given: Terms, *, actor: Actor, key: str) -> bool:
    """Whether this very form was carried out already: sent again, it is not refused for what it did itself."""
    return idempotency.done(_scope(matter_id), key, _fingerprint(actor, [given]))


def run_all(
    matter_id: UUID,
    several: Sequence[Terms],
    *,
    actor: Actor,
    turn: int | None = None,
    key: str = "",
    action: Action | None = None,
) -> Done:
    """Several rows in one transaction (accept, classify, assign to oneself): each permitted and told for itself."""
    with transaction.atomic(), rows.together():
        scope = _scope(matter_id)
        if not key:
            return _run(matter_id, several, actor, turn, action)
        with idempotency.once(scope, key, _fingerprint(actor, several)) as once:
            if once.first:
                done = _run(matter_id, several, actor, turn, action)
                once.keep({"number": done.number, "status": done.status, "turn": done.turn, "hash": done.event_hash})
            kept = once.answer
        return Done(matter_id, kept["number"], kept["status"], kept["turn"], kept["hash"])


def _scope(matter_id: UUID) -> str:
    return f"act:{matter_id}"


def _run(
    matter_id: UUID,
    several: Sequence[Terms],
    actor: Actor,
    turn: int | None,
    action: Action | None,
) -> Done:
    matter = locked(matter_id, *(pk for given in several for pk in given.others))
    held = standing(actor, matter)
    if actor.part is not None and seats.of(matter, actor.part) is None:
        raise Matter.DoesNotExist
    if not _knows(actor, matter, held):
        raise Matter.DoesNotExist
    now = clock.now()
    if turn is not None and turn != matter.turn:
        case = Case(actor=actor, matter=matter, standing=held, now=now, clocks=open_clocks(matter))
        raise meanwhile.stale(case, workflow.row(action or several[0].action), turn)
    profile = stored.version(matter.profile_id)
    event: Event | None = None
    for place, given in enumerate(several):
        row = workflow.row(action or given.action)
        case = Case(
            actor=actor,
            matter=matter,
            standing=standing(actor, matter) if place else held,  # the row before may have changed it
            now=now,
            clocks=open_clocks(matter),
            profile=profile,
        )
        case = placed(row, case)
        permit(row, case)
        event = perform(Step(row, case, profile), given)
    assert event is not None
    return Done(matter.id, matter.number, matter.status, matter.turn, event.hash)


def _knows(actor: Actor, matter: Matter, held: Standing) -> bool:
    """What `visible_to` says, without its statement: only earlier leads and co-units are asked for, where it is on them."""
    if sees(actor, matter, held, frozenset({matter.lead_unit_id} if matter.lead_unit_id else ())):
        return True
    if held.excluded or actor.kind is not ActorKind.STAFF:
        return False
    return sees(actor, matter, held, frozenset(unit for (unit,) in _UNITS.ask(matter=matter.pk)))


_UNITS: Prepared[tuple[UUID]] = Prepared(
    lambda matter: (
        Assignment.objects.filter(matter=matter)
        .values_list("unit_id")
        .union(CoUnit.objects.filter(matter=matter).values_list("unit_id"))
    ),
    matter=UUIDField(),
)


def _fingerprint(actor: Actor, several: Sequence[Terms]) -> str:
    return hashlib.sha256(f"{actor.person_id} {list(several)!r}".encode()).hexdigest()
