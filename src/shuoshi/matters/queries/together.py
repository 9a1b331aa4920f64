"""Matters that belong together, each to be seen by whoever may see both (4.2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from shuoshi.kernel import search
from shuoshi.kernel.actors import Actor
from shuoshi.matters.models import Entry, Matter
from shuoshi.matters.scope import visible_to
from shuoshi.matters.vocabulary import Action, Mediated, Status

PROPOSED = 5
SHOWN = 20
_COMPARED = 150  # the latest of the place whose words are compared
_IN_HAND = (Status.ASSIGNED, Status.IN_HANDLING)


def mains_for(actor: Actor, matter: Matter) -> Sequence[Matter]:
    """Matters in hand that this one may be merged into, those in like words first; two statements.

    Of the same kind, tier and place, and none that is being mediated. Words are known to the index from acceptance on,
    and never of sensitive categories.
    """
    given = (
        visible_to(actor)
        .filter(status__in=_IN_HAND, kind=matter.kind, tier_path=matter.tier_path, promised_by__isnull=False)
        .exclude(mediation=Mediated.OPEN)
    )
    here = given.filter(area=matter.area_id, part_of__isnull=True).exclude(pk=matter.pk)
    latest = here.order_by("-registered_at").values("pk")[:_COMPARED]
    keys = search.alike("matter", f"{matter.title}\n{matter.content}", latest)[:PROPOSED]
    if not keys:
        return []
    rows = {found.pk: found for found in here.filter(pk__in=keys).select_related("lead_unit")}
    return [rows[key] for key in keys if key in rows]


def main_of(actor: Actor, matter: Matter) -> Matter | None:
    """What it is merged into, where this person may see that; one statement, none where it is not merged."""
    if matter.merged_into_id is None:
        return None
    return visible_to(actor).filter(pk=matter.merged_into_id).only("number").first()


def merged_here(actor: Actor, matter: Matter) -> Sequence[Matter]:
    """What is merged into it, of that what this person may see; one statement, none where nothing is."""
    if not matter.merged_here:
        return []
    found = visible_to(actor).filter(merged_into=matter).only("number", "title", "wrapped_key")
    return list(found.order_by("registered_at", "pk")[:SHOWN])


def numbers_beside(entries: Iterable[Entry]) -> list[str]:
    """The numbers of what the same speaker raised from this matter, and of the one it was raised from."""
    found = [str(one.facts["number"]) for one in entries if one.action == Action.REGISTER_LINKED]
    found += [str(one.facts["linked_to"]) for one in entries if one.facts.get("linked_to")]
    return found


def related(actor: Actor, entries: Iterable[Entry]) -> Sequence[Matter]:
    """Those of them that this person may see; one statement, none where there are none."""
    numbers = numbers_beside(entries)
    if not numbers:
        return []
    found = visible_to(actor).filter(number__in=numbers)
    return list(found.only("number", "title", "wrapped_key", "content").order_by("registered_at", "pk")[:SHOWN])
