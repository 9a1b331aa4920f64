"""A dispute as its page shows it: who mediates until when, what came of it, what each side owes and whether it was done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from shuoshi.matters.models import Agreement, Entry, Matter, Mediation, Obligation
from shuoshi.matters.queries.matter import mine
from shuoshi.matters.vocabulary import Action, Side


@dataclass(frozen=True)
class Owed:
    """One obligation, and who owes it in the words of the reader."""

    who: str
    row: Obligation


@dataclass(frozen=True)
class DisputeView:
    """The newest mediation and, where both agreed, what they agreed on."""

    mediation: Mediation
    agreement: Agreement | None
    obligations: Sequence[Owed]

    @property
    def ended(self) -> bool:
        return self.mediation.ended_at is not None


def dispute_of(matter: Matter, entries: Sequence[Entry], *, to_speaker: bool = False) -> DisputeView | None:
    """None where nobody ever mediated, told from a timeline that was read anyway; else three statements."""
    if not any(entry.action == Action.OPEN_MEDIATION for entry in entries):
        return None
    mediation: Mediation = mine(matter, matter.mediations.select_related("mediator").order_by("-opened_at", "-pk")[:1])[
        0
    ]
    agreements = mine(matter, matter.agreements.filter(mediation=mediation))
    agreement = agreements[0] if agreements else None
    owed = mine(matter, matter.obligations.filter(agreement=agreement).order_by("ordinal")) if agreement else []
    return DisputeView(mediation, agreement, [Owed(_who(row, to_speaker=to_speaker), row) for row in owed])


def _who(row: Obligation, *, to_speaker: bool) -> str:
    return _("您") if to_speaker and row.owed_by == Side.SPEAKER else str(row.get_owed_by_display())
