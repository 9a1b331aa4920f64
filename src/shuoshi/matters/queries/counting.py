"""What a figure may count: of the answers of a round the last, of a chain of clocks the one that nothing follows."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from shuoshi.kernel.clocks import Outcome
from shuoshi.matters.models import Deadline, Rating


def last_of_its_round(ratings: QuerySet[Rating], since: datetime) -> QuerySet[Rating]:
    """Answers are never rewritten: who thinks again answers again, and the last word of a round is the one that counts;
    of a group the last one of each spokesperson.

    Of those given from `since` on, which are all that are read: what is later than one of them was given then as well.
    """
    later = Rating.objects.filter(Q(at__gt=OuterRef("at")) | Q(at=OuterRef("at"), pk__gt=OuterRef("pk")))
    whose = Q(spokesperson=OuterRef("spokesperson")) | Q(spokesperson__isnull=True)
    same = [Q(round=OuterRef("round")), whose]
    return ratings.filter(at__gte=since).exclude(Exists(later.filter(*same, at__gte=since)))


def that_count(clocks: QuerySet[Deadline]) -> QuerySet[Deadline]:
    """Neither void nor followed: a report that was sent back leaves its clock, and a successor with the same end."""
    return clocks.filter(successor__isnull=True).exclude(outcome=Outcome.VOID)
