"""To whom a matter speaks: who said it, of a group each of its spokespersons, and how each wishes to hear."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from shuoshi.matters.models import Matter, Party, Spokesperson
from shuoshi.matters.vocabulary import SPEAKING, PartyRole


def parties(*, gone: bool = False) -> QuerySet[Party]:
    """Those who speak now, of any matter; whose part in a group ended is one of them only where `gone`."""
    rows = Party.objects.filter(role__in=SPEAKING)
    rows = rows if gone else rows.filter(spokesperson__left_at__isnull=True)
    return rows.select_related("person", "contact__person", "spokesperson").order_by("spokesperson__seat", "pk")


def speaking(matters: Collection[UUID], *, gone: bool = False) -> dict[UUID, list[Party]]:
    """By matter; one statement."""
    found: dict[UUID, list[Party]] = {}
    for party in parties(gone=gone).filter(matter__in=matters):
        found.setdefault(party.matter_id, []).append(party)
    return found


def has_left(party: Party) -> bool:
    """Whether the part of this spokesperson ended."""
    return party.role == PartyRole.SPOKESPERSON and party.spokesperson.left_at is not None


def speaker(matter: UUID, person: UUID, *, gone: bool = False) -> Party | None:
    """This person as one who speaks in the matter; one statement."""
    return parties(gone=gone).filter(matter=matter, person=person).first()


def wish_of(party: Party, matter: Matter) -> Matter | Spokesperson:
    """What holds `tell_by` and `no_messages` of this party: in a group each chooses alone."""
    return party.spokesperson if party.role == PartyRole.SPOKESPERSON else matter
