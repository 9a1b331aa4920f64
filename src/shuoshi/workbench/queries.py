"""What somebody keeps for the own work, as pages need it; every matter through `visible_to` when it is read."""

from __future__ import annotations

from shuoshi.kernel.actors import Actor
from shuoshi.workbench.models import Phrase, Scope
from shuoshi.workbench.policies import readable

_MOST_SHOWN = 600
_NEAREST = {Scope.OWN: 0, Scope.UNIT: 1, Scope.WHOLE: 2}


def phrases(actor: Actor) -> list[Phrase]:
    """Those in use, the own ones first, then of the nearest unit; of one abbreviation the first is meant. One statement."""
    rows = Phrase.objects.filter(readable(actor), put_away_at__isnull=True).select_related("unit")
    return sorted(rows.order_by("short", "pk")[:_MOST_SHOWN], key=_nearness)


def _nearness(row: Phrase) -> tuple[int, int, str]:
    return _NEAREST[Scope(row.scope)], -len(row.unit.path) if row.unit else 0, row.short
