"""The words of the procedure as enums with their labels; nothing here decides anything.

Names follow the glossary of the institution; labels are what people read, everywhere the same.
"""

from __future__ import annotations

from shuoshi.matters.vocabulary.action import Action
from shuoshi.matters.vocabulary.ending import (
    DECIDED_EXITS,
    Exit,
    FollowUpBy,
    Outcome,
    Proof,
    RatingSource,
    ReportForm,
    Satisfaction,
    Solved,
    WishShown,
)
from shuoshi.matters.vocabulary.matter import (
    EMERGENCIES,
    FOUR_KINDS,
    Audience,
    Channel,
    Complexity,
    Kind,
    Naming,
    PartyRole,
    TellBy,
    Urgency,
    Way,
)
from shuoshi.matters.vocabulary.state import (
    GIVEN,
    HELD,
    INVOLVING,
    OF_THE_WORK,
    OPEN,
    Bond,
    DeadlineKind,
    EndedBecause,
    ExcludedBecause,
    RequestKind,
    RequestState,
    ResultState,
    RoundBecause,
    Status,
)

__all__ = [
    "DECIDED_EXITS",
    "EMERGENCIES",
    "FOUR_KINDS",
    "GIVEN",
    "HELD",
    "INVOLVING",
    "OF_THE_WORK",
    "OPEN",
    "Action",
    "Audience",
    "Bond",
    "Channel",
    "Complexity",
    "DeadlineKind",
    "EndedBecause",
    "ExcludedBecause",
    "Exit",
    "FollowUpBy",
    "Kind",
    "Naming",
    "Outcome",
    "PartyRole",
    "Proof",
    "RatingSource",
    "ReportForm",
    "RequestKind",
    "RequestState",
    "ResultState",
    "RoundBecause",
    "Satisfaction",
    "Solved",
    "Status",
    "TellBy",
    "Urgency",
    "Way",
    "WishShown",
]
