"""How many promises to residents were kept in a month: figures for everybody, without any matter in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.core.cache import cache
from django.db.models import Count, F, Q

from shuoshi.kernel.clock import INSTITUTION_ZONE
from shuoshi.kernel.clocks import Outcome
from shuoshi.matters.models import Deadline
from shuoshi.matters.queries.counting import that_count
from shuoshi.matters.vocabulary import FOUR_KINDS, DeadlineKind, Kind

_KEPT_FOR = 600  # seconds; a closed month changes only by what was still open
ENOUGH = 5  # below this a share says nothing


@dataclass(frozen=True)
class OfKind:
    """One kind: promises that fell due, and those of them kept."""

    kind: Kind  # not its name: what is kept for one reader is shown to the next in another language
    due: int
    kept: int

    @property
    def label(self) -> str:
        return str(self.kind.label)

    @property
    def percent(self) -> int:
        return self.kept * 100 // self.due if self.due else 0

    @property
    def enough(self) -> bool:
        return self.due >= ENOUGH


@dataclass(frozen=True)
class KeptPromises:
    """A month's promises (PROMISE clocks by their date), whole and by kind; kinds without any are left out."""

    month: int
    due: int
    kept: int
    kinds: tuple[OfKind, ...]

    @property
    def late(self) -> int:
        return self.due - self.kept

    @property
    def percent(self) -> int:
        return self.kept * 100 // self.due if self.due else 0

    @property
    def enough(self) -> bool:
        return self.due >= ENOUGH


def kept_last_month(today: date) -> KeptPromises:
    """Of the calendar month before `today`. One statement each ten minutes."""
    last = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    name = f"kept-of:{last:%Y-%m}"
    found: KeptPromises | None = cache.get(name)
    if found is None:
        found = _count(last, today.replace(day=1))
        cache.set(name, found, _KEPT_FOR)
    return found


def _count(first: date, after: date) -> KeptPromises:
    begin = datetime.combine(first, time(), INSTITUTION_ZONE)
    end = datetime.combine(after, time(), INSTITUTION_ZONE)
    rows = (
        that_count(Deadline.objects.filter(kind=DeadlineKind.PROMISE, due_at__gte=begin, due_at__lt=end))
        .filter(matter__kind__in=FOUR_KINDS, matter__drill=False)
        .values(of_kind=F("matter__kind"))
        .annotate(due=Count("pk"), kept=Count("pk", filter=Q(outcome=Outcome.MET)))
    )
    found = {row["of_kind"]: (row["due"], row["kept"]) for row in rows}
    kinds = tuple(OfKind(kind, *found[kind]) for kind in Kind if kind in found)
    return KeptPromises(first.month, sum(kind.due for kind in kinds), sum(kind.kept for kind in kinds), kinds)
