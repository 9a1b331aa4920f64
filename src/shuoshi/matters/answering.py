"""Whether parts answer a matter, and which of them which of its demands. Asked by guards, actions and pages alike."""

from __future__ import annotations

from uuid import UUID

from shuoshi.matters.models import Demand, Matter
from shuoshi.matters.vocabulary import ANSWERED_IN_PARTS


def divided(matter: Matter) -> bool:
    """Whether parts answer it, or answered it last; without a statement.

    A matter without parts has an assignment from the moment it is given out, or answered on the spot.
    """
    return matter.status in ANSWERED_IN_PARTS and matter.assignment_id is None and not matter.is_part


def answered_by(matter: Matter) -> dict[int, Matter]:
    """Which part answers a demand, by its ordinal: of a matter that was divided twice the latest."""
    rows = Demand.objects.filter(matter__part_of=matter).select_related("matter__lead_unit", "matter__assignment")
    found: dict[int, Matter] = {}
    known: dict[UUID, Matter] = {}
    for row in rows.order_by("matter__part", "ordinal"):
        found[row.ordinal] = known.setdefault(row.matter_id, row.matter)
    return found


def answering(matter: Matter) -> list[Matter]:
    """The parts whose answers make up the reply that stands, in their order."""
    still = set(matter.demands.filter(dropped=False, settled=False).values_list("ordinal", flat=True))
    found = {part.pk: part for ordinal, part in answered_by(matter).items() if ordinal in still}
    return sorted(found.values(), key=lambda part: part.part)
