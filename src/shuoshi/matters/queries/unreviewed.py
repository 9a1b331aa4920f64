"""Matters under review on which nobody may decide any more: whoever could left, handled it, or must stay away (4.4.2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from shuoshi.kernel.actors import Actor
from shuoshi.matters.case import HANDLING, above, headed, scopes, units
from shuoshi.matters.models import Exclusion, Involvement, Matter
from shuoshi.matters.vocabulary import INVOLVING, Status
from shuoshi.organization import holders
from shuoshi.organization.roles import Role

MOST = 200  # looked at, the oldest first


def nobody_decides() -> list[str]:
    """Their numbers. Three statements, and one for who holds which posts, however many there are."""
    rows = Matter.objects.filter(status=Status.UNDER_REVIEW, drill=False).order_by("next_due_at", "pk")[:MOST]
    matters = list(rows)
    if not matters:
        return []
    kept, units_kept = _kept_away(matters)
    staff = [one.actor for one in holders.everybody()]
    return [
        one.number
        for one in matters
        if not any(_decides(actor, one, kept[one.pk], units_kept[one.pk]) for actor in staff)
    ]


def _kept_away(matters: Iterable[Matter]) -> tuple[dict[UUID, set[UUID]], dict[UUID, set[str]]]:
    """Of each matter the persons who do not decide on it, and the paths of units whose people do not."""
    people: dict[UUID, set[UUID]] = defaultdict(set)
    paths: dict[UUID, set[str]] = defaultdict(set)
    keys = [one.pk for one in matters]
    for matter, person in Involvement.objects.filter(matter__in=keys, bond__in=INVOLVING).values_list(
        "matter", "person"
    ):
        people[matter].add(person)
    away = Exclusion.objects.in_force().filter(matter__in=keys)
    for matter, person, path in away.values_list("matter", "person", "unit__path"):
        if person is not None:
            people[matter].add(person)
        if path is not None:
            paths[matter].add(path)
    for one in matters:
        if one.review_written_by_id is not None:
            people[one.pk].add(one.review_written_by_id)
    return people, paths


def _decides(actor: Actor, matter: Matter, people: set[UUID], paths: set[str]) -> bool:
    """What the row asks of whoever decides, also in somebody's place."""
    roles = (Role.LEADER,) if matter.review_here else (Role.LEADER, Role.DISPATCHER)
    for whose in (actor, *(actor.in_place_of(absent) for absent in actor.stands_in)):
        serves = matter.review_path in scopes(whose, roles)
        away = {actor.person_id, whose.acting_for} & people or above(actor) & paths
        if serves and not away and matter.lead_unit_id not in units(actor, HANDLING) | headed(actor):
            return True
    return False
