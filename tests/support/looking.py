"""What one sees of a matter from outside: who is offered what, in which list it lies, what its events say."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.events import Event
from shuoshi.kernel.outbox import Notice
from shuoshi.matters import queries
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Action
from tests.support.village import Place


def fresh(matter: Matter) -> Matter:
    return Matter.objects.get(pk=matter.pk)


def queues_with(place: Place, name: str, matter: Matter) -> set[str]:
    """The lists of the desk in which this person finds the matter."""
    actor, now = place.actor(name), clock.now()
    return {queue for queue in queries.QUEUES if queries.in_queue(actor, queue, now).filter(pk=matter.pk).exists()}


def offered(place: Place, who: str | Actor, matter: Matter) -> set[Action]:
    actor = who if isinstance(who, Actor) else place.actor(who)
    return {offer.action for offer in queries.offers(actor, fresh(matter), clock.now()) if offer.allowed}


def who_may(place: Place, action: Action, matter: Matter) -> set[str]:
    return {name for name in place.persons if action in offered(place, name, matter)}


def facts_of(matter: Matter) -> list[dict[str, Any]]:
    """The facts of every event of the matter, in order."""
    return [event.facts() for event in Event.objects.filter(stream_id=str(matter.pk)).order_by("sequence")]


def fell_back(matter: Matter) -> set[tuple[str, str]]:
    """Every step down an order of fall-back: who did it instead, and why nobody before them could."""
    found = set()
    for facts in facts_of(matter):
        found |= set(zip(facts.get("fallback", []), facts.get("why_no_other", []), strict=True))
    return found


def running(matter: Matter) -> set[str]:
    """The kinds of its open clocks."""
    return set(matter.deadlines.filter(outcome="OPEN").values_list("kind", flat=True))


def told(place: Place, matter: Matter, kind: str) -> set[tuple[str, str]]:
    """Who got a notice of this kind: name of unit or person, and the role it is for."""
    names: dict[UUID | None, str] = {unit.pk: name for name, unit in place.units.items()}
    names |= {pk: name for name, pk in place.persons.items()}
    rows = Notice.objects.filter(about_id=matter.pk, kind=kind).values_list("to_unit", "to_person", "to_role")
    return {(names[unit or person], role) for unit, person, role in rows}
