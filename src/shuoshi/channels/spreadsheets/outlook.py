"""What would come of a sheet, looked at once and kept beside it: pages of its faults read that, not ten thousand rows anew.

It holds for the columns and words that were confirmed, the profile, the areas, the day and the language it was made under;
under others it is made anew. Which rows are matters already is as it was then; the worker looks again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from uuid import UUID

from django.utils.translation import get_language

from shuoshi.channels.messages import known_keys
from shuoshi.channels.spreadsheets import columns
from shuoshi.channels.spreadsheets.checking import Checked, Checker, Fault
from shuoshi.channels.spreadsheets.columns import Settings
from shuoshi.channels.spreadsheets.models import Spreadsheet
from shuoshi.channels.spreadsheets.reading import Grid, Line
from shuoshi.kernel import clock, files
from shuoshi.organization import profile
from shuoshi.organization.queries import areas

SHOWN = 3  # rows that stand on the page as they will be registered


@dataclass(frozen=True)
class Outlook:
    """`same`: rows that say the same as an earlier one, and are registered once; `known`: those that are matters already.

    `first` are the lines of the first good rows, `words` says whether there are words to be put to ours.
    """

    good: int
    faulty: int
    settled: int
    same: int
    known: int
    words: bool
    faults: Sequence[Fault]
    first: Sequence[Line]
    headings: Sequence[str]

    def packed(self) -> bytes:
        whole = {
            "counts": [self.good, self.faulty, self.settled, self.same, self.known],
            "words": self.words,
            "faults": [astuple(one) for one in self.faults],
            "first": [[line.number, list(line.cells)] for line in self.first],
            "headings": list(self.headings),
        }
        return json.dumps(whole, ensure_ascii=False).encode()

    @classmethod
    def unpacked(cls, data: bytes) -> Outlook:
        whole = json.loads(data)
        faults = [Fault(*one) for one in whole["faults"]]
        first = [Line(number, cells) for number, cells in whole["first"]]
        good, faulty, settled, same, known = whole["counts"]
        return cls(good, faulty, settled, same, known, whole["words"], faults, first, whole["headings"])


def of(sheet: Spreadsheet, grid: Grid, registry: UUID) -> Outlook:
    """Every row looked at; one statement for each five hundred good ones."""
    settings = Settings.read(str(sheet.settings))
    checked = list(Checker(settings, registry, sheet.by_id).rows(grid))
    new = {row.intake.key: row.line for row in checked if row.intake is not None and not row.same_as}
    known = known_keys(new)
    good = [line for key, line in new.items() if key not in known]
    first = set(good[:SHOWN])
    return Outlook(
        good=len(good),
        faulty=sum(bool(row.faults) for row in checked),
        settled=sum(row.settled for row in checked),
        same=sum(bool(row.same_as) for row in checked),
        known=len(known),
        words=any(settings.headings(one) for one in columns.TRANSLATED),
        faults=[fault for row in checked for fault in row.faults],
        first=[line for line in grid.lines if line.number in first],
        headings=grid.headings,
    )


def keep(sheet: Spreadsheet, found: Outlook, registry: UUID) -> str:
    """Beside the sheet, sealed as it is; the name of what it takes the place of, to be removed afterwards."""
    before = sheet.checked
    sheet.checked = files.store(found.packed(), sheet.data_key()).name
    sheet.checked_as = _under(sheet, registry)
    sheet.save(update_fields=["checked", "checked_as"])
    return before


def kept(sheet: Spreadsheet, registry: UUID) -> Outlook | None:
    """What was kept, where it still holds."""
    if not sheet.checked or sheet.checked_as != _under(sheet, registry):
        return None
    try:
        return Outlook.unpacked(files.read(sheet.checked, sheet.data_key()))
    except files.FileMissing:
        return None


def shown(sheet: Spreadsheet, found: Outlook, registry: UUID) -> list[Checked]:
    """The first good rows as they will be registered."""
    few = Grid(found.headings, found.first)
    return list(Checker(Settings.read(str(sheet.settings)), registry, sheet.by_id).rows(few))


def _under(sheet: Spreadsheet, registry: UUID) -> str:
    known = [f"{area.pk}{area.name}" for area in areas()]
    today = clock.local(clock.now()).date()  # what lies in the future is a fault
    parts = [sheet.settings, sheet.stored, registry, profile.stored.current_id(), today, get_language(), *known]
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()
