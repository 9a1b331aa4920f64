"""A matter under its lock, with what every step reads. The order of locks: a main matter before what is merged into it, a whole before its parts."""

from __future__ import annotations

from uuid import UUID

from django.db.models import F, QuerySet, UUIDField

from shuoshi.kernel.clocks import Outcome
from shuoshi.kernel.prepared import Prepared
from shuoshi.matters import deadlines
from shuoshi.matters.models import Deadline, Matter


def locked(pk: UUID, *others: UUID) -> Matter:
    """The matter, locked until the transaction ends, and with it its main matter and its whole, or these others. One statement.

    SQLite began IMMEDIATE instead. Whoever locks several does so in one order, so that no two wait for each other.
    """
    rows = _read().filter(pk__in={pk, *others}).order_by("pk") if others else _WITH_ITS_OWN.ask(matter=pk)
    found = {matter.pk: matter for matter in rows}
    if pk not in found:
        raise Matter.DoesNotExist
    matter = found[pk]
    if matter.merged_into_id in found:
        matter.merged_into = found[matter.merged_into_id]
    if matter.part_of_id in found:
        matter.part_of = found[matter.part_of_id]
    return matter


def open_clocks(matter: Matter) -> dict[str, Deadline]:
    """The running clocks of a matter by key; one statement."""
    found = {}
    for running in _RUNNING.ask(matter=matter.pk):
        running.matter = matter
        found[deadlines.key_of(running)] = running
    return found


def _read() -> QuerySet[Matter]:
    return Matter.objects.select_for_update(of=("self",)).select_related(
        "round", "assignment", "assignment__unit", "lead_unit", "lead_unit__parent", "registry"
    )


def _with_its_own(matter: UUID) -> QuerySet[Matter]:
    own = Matter.objects.filter(pk=matter)
    all_of_it = own.values("pk").union(
        own.filter(merged_into__isnull=False).values("merged_into"),
        own.filter(part_of__isnull=False).values("part_of"),
    )
    first = (F("merged_into").asc(nulls_first=True), F("part_of").asc(nulls_first=True))
    return _read().filter(pk__in=all_of_it).order_by(*first, "pk")


_WITH_ITS_OWN = Prepared(_with_its_own, matter=UUIDField())
_RUNNING = Prepared(
    lambda matter: Deadline.objects.filter(matter=matter, outcome=Outcome.OPEN),
    matter=UUIDField(),
)
