"""Questions about sheets and runs: what was begun, what would come of a sheet, and what came of a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from shuoshi.channels.spreadsheets import outlook
from shuoshi.channels.spreadsheets.actions import outlook_of, registry_of
from shuoshi.channels.spreadsheets.checking import Checked, Fault
from shuoshi.channels.spreadsheets.columns import TRANSLATED, Field, Settings, words
from shuoshi.channels.spreadsheets.models import Layout, RefusedRow, Run, RunState, Spreadsheet
from shuoshi.channels.spreadsheets.outlook import Outlook
from shuoshi.channels.spreadsheets.policies import may_import, may_open, may_see
from shuoshi.channels.spreadsheets.reading import Grid
from shuoshi.kernel import clock
from shuoshi.kernel.actors import SYSTEM, Actor
from shuoshi.kernel.events import Event
from shuoshi.matters.case import scopes
from shuoshi.matters.models import Matter
from shuoshi.matters.queries import visible_to
from shuoshi.matters.scope import AT_THE_TIER
from shuoshi.organization.roles import Role


@dataclass(frozen=True)
class Preview:
    """What would come of a sheet, and its first good rows as they will be registered."""

    outlook: Outlook
    first: Sequence[Checked]


def begun(actor: Actor) -> list[Spreadsheet]:
    """Sheets the actor gave and did not begin, the newest first."""
    rows = Spreadsheet.objects.filter(by_id=actor.person_id, run=None, expires_at__gt=clock.now())
    return list(rows.order_by("-given_at", "-id")[:20])


def layouts() -> list[Layout]:
    return list(Layout.objects.filter(active=True).select_related("kept_by").order_by("name", "pk"))


def layout_of(sheet: Spreadsheet) -> Layout | None:
    return Layout.objects.filter(digest=sheet.digest, active=True).first()


def runs(actor: Actor) -> QuerySet[Run]:
    """Those the actor may see (policies.may_see), the newest first."""
    rows = Run.objects.select_related("by").order_by("-started_at", "-id")
    if not may_import(actor):
        return rows.none()
    if actor.holds(Role.ADMINISTRATOR):
        return rows
    units = [post.unit_id for post in actor.posts]
    return rows.filter(Q(by_id=actor.person_id) | Q(registry_id__in=units))


def run(key: UUID, actor: Actor) -> Run | None:
    found = Run.objects.select_related("by", "registry", "undo_asked_by", "undo_agreed_by").filter(pk=key).first()
    return found if found is not None and may_see(actor, found) else None


def sheet(key: UUID, actor: Actor) -> Spreadsheet | None:
    """One that is still there, of the actor's own."""
    found = Spreadsheet.objects.select_related("run").filter(pk=key).first()
    return found if found is not None and may_open(actor, found) else None


def sheet_of(run: Run, actor: Actor) -> Spreadsheet | None:
    """What a run was made of, for whoever gave it, until it is cleared away."""
    found = Spreadsheet.objects.select_related("run").filter(run=run).first()
    return found if found is not None and may_open(actor, found) else None


def stands_still(run: Run) -> bool:
    """Whether it was stopped because it could not go on, and not by anybody."""
    if run.state != RunState.STOPPED:
        return False
    last = Event.objects.filter(stream_kind="sheet_run", stream_id=str(run.pk)).order_by("-sequence").first()
    return last is not None and last.actor == SYSTEM.ref


def undone(actor: Actor) -> QuerySet[Run]:
    """Runs somebody asked to undo, at the tiers the actor answers for: what left the figures, for whoever supervises."""
    within = Q(pk__in=[])
    for tier in scopes(actor, AT_THE_TIER):
        within |= Q(registry__path__startswith=tier)
    rows = Run.objects.filter(within, undo_asked_at__isnull=False).select_related(
        "by", "undo_asked_by", "undo_agreed_by"
    )
    return rows.order_by("-undo_asked_at", "-pk")


def matters_of(run: Run, actor: Actor) -> QuerySet[Matter]:
    """Of the matters a run registered, those the actor may see."""
    return visible_to(actor).filter(spreadsheet__run=run)


def to_translate(grid: Grid, settings: Settings) -> list[tuple[Field, str, list[tuple[str, int]]]]:
    """Fields whose words are put to ours: the field, its heading, and its words with their counts."""
    return [(one, heading, words(grid, heading)) for one in TRANSLATED for heading in settings.headings(one)]


def preview(sheet: Spreadsheet, actor: Actor) -> Preview:
    """What would come of every row: as it was kept, else looked at anew. Raises Refused."""
    registry = registry_of(actor).pk
    found = outlook_of(sheet, registry)
    return Preview(found, outlook.shown(sheet, found, registry))


def faults(sheet: Spreadsheet, actor: Actor) -> list[Fault]:
    """Of every row. Raises Refused."""
    registry = sheet.run.registry_id if sheet.run is not None else registry_of(actor).pk
    return list(outlook_of(sheet, registry).faults)


def refusals(sheet: Spreadsheet) -> list[RefusedRow]:
    """Rows that were refused at the door."""
    if sheet.run is None:
        return []
    return list(RefusedRow.objects.filter(run=sheet.run).select_related("run").order_by("line"))
