"""To whom a matter speaks: who said it, of a group each of its spokespersons, and how each wishes to hear."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from shuoshi.matters.models import Matter, Party, Spokesperson
from shuoshi.matters.vocabulary import SPEAKING, PartyRole


def parties() -> QuerySet[Party]:
    """Those who speak now, of any matter; whose part in a group ended is none of them."""
    rows = Party.objects.filter(role__in=SPEAKING, spokesperson__left_at__isnull=True)
    return rows.select_related("person", "contact__person", "spokesperson").order_by("spokesperson__seat")


def speaking(matters: Collection[UUID]) -> dict[UUID, list[Party]]:
    """By matter; one statement."""
    found: dict[UUID, list[Party]] = {}
    for party in parties().filter(matter__in=matters):
        found.setdefault(party.matter_id, []).append(party)
    return found


def speaker(matter: UUID, person: UUID) -> Party | None:
    """This person as one who speaks in the matter; one statement."""
    return parties().filter(matter=matter, person=person).first()


def wish_of(party: Party, matter: Matter) -> Matter | Spokesperson:
    """What holds `tell_by` and `no_messages` of this party: in a group each chooses alone."""
    return party.spokesperson if party.role == PartyRole.SPOKESPERSON else matter
