"""Until when a matter is kept: its kind and what happened in it, by the schedule in force, from the end of the year it ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from shuoshi.archive.models import Basis, Extended, Retention
from shuoshi.kernel import clock
from shuoshi.matters.models import Agreement, Entry, Instruction, Matter, Talk
from shuoshi.matters.vocabulary import OVER, Action, Status
from shuoshi.organization import profile
from shuoshi.organization.profile.retention import Retention as Schedule
from shuoshi.organization.profile.retention import Years, is_longer, until

BATCH = 500  # matters at once
_REASONS = (Basis.INSTRUCTION, Basis.GROUP, Basis.AGREEMENT, Basis.TALK)


@dataclass(frozen=True)
class Kept:
    """`until` is the last day, None for ever."""

    ended_at: datetime
    until: date | None
    basis: Basis

    def is_over(self, today: date) -> bool:
        return self.until is not None and self.until < today


def kept(matters: Iterable[Matter], schedule: Schedule) -> dict[UUID, Kept]:
    """How long each of these is kept; what is not over for good is not among them. Six statements, however many."""
    rows = {matter.pk: matter for matter in matters}
    ends = _ends(list(rows.values()))
    speaks = {
        Basis.INSTRUCTION: _having(Instruction.objects.filter(matter__in=rows)),
        Basis.GROUP: {pk for pk, matter in rows.items() if matter.headcount},
        Basis.AGREEMENT: _having(Agreement.objects.filter(matter__in=rows)),
        Basis.TALK: _having(Talk.objects.filter(matter__in=rows)),
    }
    longer: dict[UUID, list[Extended]] = {}
    for one in Extended.objects.filter(matter__in=rows).order_by("at", "id"):
        longer.setdefault(one.matter_id, []).append(one)
    found = {}
    for pk, ended_at in ends.items():
        reasons = [basis for basis in _REASONS if pk in speaks[basis]]
        found[pk] = _kept(rows[pk], ended_at, schedule, reasons, longer.get(pk, []))
    return found


def reckon(now: datetime, batch: int = BATCH) -> int:
    """For `tasks.every`: reckon for what ended, or ended anew, and after the schedule changed; how many. Nothing
    before an institution is set up."""
    try:
        version = profile.current_id()
    except profile.NoProfile:
        return 0
    unreckoned = Q(retention__isnull=True) | Q(closed_at__gt=F("retention__ended_at")) | ~Q(retention__schedule=version)
    found = list(_over().filter(unreckoned).order_by("pk")[:batch])
    keep(found, now)
    return len(found)


def keep(matters: Iterable[Matter], now: datetime) -> None:
    """Write down until when these are kept, as the schedule in force says."""
    version = profile.current_id()
    rows = [
        Retention(matter_id=pk, ended_at=one.ended_at, until=one.until, basis=one.basis, schedule_id=version)
        for pk, one in kept(matters, profile.current().retention).items()
    ]
    columns = ["ended_at", "until", "basis", "schedule"]
    Retention.objects.bulk_create(rows, update_conflicts=True, update_fields=columns, unique_fields=["matter"])


def _over() -> QuerySet[Matter]:
    """What is over for good and still there; parts go with their whole, exercises are no files."""
    over = Q(status__in=sorted(OVER)) | Q(status=Status.MERGED, merged_into__status=Status.CLOSED)
    return Matter.objects.filter(over, part_of=None, wrapped_key__isnull=False)


def _ends(matters: list[Matter]) -> dict[UUID, datetime]:
    """When each ended: a merged one with its main matter, what was not accepted when that was said."""
    keys = [matter.pk for matter in matters]
    mains = dict(
        Matter.objects.filter(pk__in=keys, status=Status.MERGED, merged_into__closed_at__isnull=False).values_list(
            "pk", "merged_into__closed_at"
        )
    )
    said = Entry.objects.filter(matter__in=keys, action=Action.SCREEN_OUT).order_by("at")
    screened = dict(said.values_list("matter", "at"))
    found = {}
    for matter in matters:
        ended = matter.closed_at or mains.get(matter.pk)
        if ended is None and matter.status == Status.SCREENED_OUT:
            ended = screened.get(matter.pk, matter.registered_at)
        if ended is not None:
            found[matter.pk] = ended
    return found


def _kept(matter: Matter, ended_at: datetime, schedule: Schedule, reasons: list[Basis], longer: list[Extended]) -> Kept:
    years: Years = schedule.of(matter.kind)
    basis = Basis.KIND
    for reason in reasons:
        asked = schedule.reasons[reason.value]
        if is_longer(asked, years):
            years, basis = asked, reason
    last = until(years, clock.local(ended_at).date())
    for one in longer:
        if last is not None and (one.until is None or one.until > last):
            last, basis = one.until, Basis.EXTENDED
    return Kept(ended_at, last, basis)


def _having(rows: QuerySet[Any]) -> set[UUID]:
    return set(rows.values_list("matter", flat=True).distinct())
