"""What a figure may count: of the answers of a round the last, of a chain of clocks the one that nothing follows."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from shuoshi.kernel.clocks import Outcome
from shuoshi.matters.models import Deadline, Rating


def last_of_its_round(ratings: QuerySet[Rating]) -> QuerySet[Rating]:
    """Answers are never rewritten: who thinks again answers again, and the last word of a round is the one that counts."""
    later = Rating.objects.filter(Q(at__gt=OuterRef("at")) | Q(at=OuterRef("at"), pk__gt=OuterRef("pk")))
    return ratings.exclude(Exists(later.filter(round=OuterRef("round"))))


def that_count(clocks: QuerySet[Deadline]) -> QuerySet[Deadline]:
    """Neither void nor followed: a report that was sent back leaves its clock, and a successor with the same end."""
    return clocks.filter(successor__isnull=True).exclude(outcome=Outcome.VOID)
