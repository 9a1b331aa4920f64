"""Cards as lists: of what one may see, the newest first, and how many of each colour a quarter brought a unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, QuerySet

from shuoshi.kernel.actors import Actor
from shuoshi.kernel.clock import quarter_of
from shuoshi.matters.models import Card
from shuoshi.matters.scope import visible_to
from shuoshi.matters.vocabulary import CardColour

ORDER = ("-at", "-id")
MOST = 20  # units in the sum of a quarter, and talks that are due


@dataclass(frozen=True)
class Sum:
    """What this quarter brought one unit."""

    unit: str
    yellow: int
    red: int
    talk: int


def cards(actor: Actor, colour: str = "", unit: UUID | None = None) -> QuerySet[Card]:
    """Cards of the matters one may see, to be taken in ORDER; narrowed by colour and unit."""
    found = Card.objects.filter(matter__in=visible_to(actor).order_by().values("pk"))
    if colour:
        found = found.filter(colour=colour)
    if unit is not None:
        found = found.filter(unit=unit)
    return found.select_related("matter__area", "unit", "talk__person", "talk__by")


def talks_due(actor: Actor) -> Sequence[Card]:
    """Talks that were asked for and that nobody wrote down yet, the oldest first; MOST at most."""
    return list(cards(actor, CardColour.TALK).filter(talk__isnull=True).order_by("at", "id")[:MOST])


def of_the_quarter(actor: Actor, now: datetime) -> tuple[str, Sequence[Sum]]:
    """The quarter, and the units with the most red cards in it; one statement."""
    quarter, since = quarter_of(now)
    seen = Card.objects.filter(matter__in=visible_to(actor).order_by().values("pk"), at__gte=since)
    counted: dict[str, dict[str, int]] = {}
    for name, colour, count in seen.order_by().values_list("unit__short_name", "colour").annotate(n=Count("pk")):
        counted.setdefault(name, {})[colour] = count
    sums = [
        Sum(name, of.get(CardColour.YELLOW, 0), of.get(CardColour.RED, 0), of.get(CardColour.TALK, 0))
        for name, of in counted.items()
    ]
    return quarter, sorted(sums, key=lambda one: (-one.red, -one.talk, -one.yellow, one.unit))[:MOST]
