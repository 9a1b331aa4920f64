"""The parts of a divided matter, as the desk, the units of the other parts and the speaker read of them (4.2.2).

Unit and state of a part are known to everybody who may see the whole or another part; the part itself opens only for
whom `visible_to` shows it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch

from shuoshi.kernel.actors import Actor
from shuoshi.kernel.clocks import Outcome
from shuoshi.matters.models import Attachment, Deadline, Entry, Matter
from shuoshi.matters.scope import visible_to
from shuoshi.matters.vocabulary import Action, Audience, DeadlineKind, Status


@dataclass(frozen=True)
class PartView:
    """One part: who has it, how it stands, and until when it is answered. `opens`: the reader may open its page."""

    number: str
    part: int
    unit: str
    handler: str
    state: str
    over: bool
    due_at: datetime | None
    opens: bool = False
    own: bool = False  # it is the page that is read


def was_divided(entries: Sequence[Entry]) -> bool:
    return any(entry.action == Action.DIVIDE for entry in entries)


def parts_beside(actor: Actor, matter: Matter, entries: Sequence[Entry]) -> list[PartView]:
    """Of a whole its parts, of a part all of its whole; three statements, none for what was never divided."""
    if not matter.is_part and not was_divided(entries):
        return []
    rows = _rows(matter.part_of_id or matter.pk)
    seen = set(visible_to(actor).filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    return [_view(row, opens=row.pk in seen and row.pk != matter.pk, own=row.pk == matter.pk) for row in rows]


def parts_told(matter: Matter, entries: Sequence[Entry]) -> list[PartView]:
    """As the speaker reads them; two statements, none for what was never divided."""
    return [_view(row) for row in _rows(matter.pk)] if was_divided(entries) else []


def whole_of(actor: Actor, matter: Matter) -> Matter | None:
    """Of a part the whole, where this person may see that; one statement, none for any other matter."""
    if matter.part_of_id is None:
        return None
    return visible_to(actor).filter(pk=matter.part_of_id).only("number").first()


def said_in_parts(matter: Matter, entries: Sequence[Entry]) -> tuple[list[Entry], list[Attachment]]:
    """What the units said to the speaker in the parts, with the files, each knowing its part; two statements, or none."""
    if not was_divided(entries):
        return [], []
    lines = Entry.objects.filter(matter__part_of=matter, audience=Audience.PUBLIC)
    lines = lines.select_related("person", "unit", "round", "in_place_of", "matter__lead_unit").order_by("at", "id")
    files = Attachment.objects.filter(matter__part_of=matter, audience=Audience.PUBLIC).select_related("matter")
    found = list(lines)
    for entry in found:
        entry.of_part = entry.matter.part
    return found, list(files.order_by("id"))


def _rows(whole: UUID) -> list[Matter]:
    limits = Deadline.objects.filter(kind=DeadlineKind.COMPLETION, outcome=Outcome.OPEN)
    rows = Matter.objects.filter(part_of=whole).select_related("lead_unit", "handler")
    return list(rows.prefetch_related(Prefetch("deadlines", limits, to_attr="limits")).order_by("part"))


def _view(row: Matter, *, opens: bool = False, own: bool = False) -> PartView:
    limits: list[Deadline] = row.limits  # type: ignore[attr-defined]  # by the prefetch above
    return PartView(
        number=row.number,
        part=row.part,
        unit=row.lead_unit.short_name if row.lead_unit else "",
        handler=str(row.handler.name) if row.handler else "",
        state=str(Status(row.status).label),
        over=row.status == Status.PART_OVER,
        due_at=limits[0].due_at if limits else None,
        opens=opens,
        own=own,
    )
