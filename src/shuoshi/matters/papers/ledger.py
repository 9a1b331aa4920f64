"""A ledger (台账) as a sheet: a list of matters, .xlsx or PDF. It names no speaker and repeats nobody's words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from shuoshi.kernel.papers import press
from shuoshi.matters.models import Matter
from shuoshi.matters.papers import wording
from shuoshi.matters.papers.entered import LEDGER, cells, read
from shuoshi.organization import profile

MOST_ON_PAPER = 2000  # lines of one sheet: beyond it the child has not the memory
_WIDTHS = (5, *(width for _field, width in LEDGER))  # characters; points in proportion on the PDF
_PAGE = {
    "width": 841.9, "height": 595.3, "top": 51, "bottom": 51, "left": 42, "right": 42, "header": 28, "footer": 24,
}  # fmt: skip


@dataclass(frozen=True)
class Ledger:
    """What a sheet shows."""

    title: str
    notes: Sequence[str]
    columns: Sequence[str]
    rows: Sequence[Sequence[str | int]]
    at: datetime
    widths: Sequence[int] = _WIDTHS

    def xlsx(self) -> press.Made:
        columns = list(zip(self.columns, self.widths, strict=True))
        return press.Sheet(self.title, columns, self.rows, self.notes, self.at).xlsx()

    def pdf(self) -> press.Made:
        body = [
            _paragraph(self.title, 18, align="center", face="heading", after=6),
            *(_paragraph(note, 9) for note in self.notes),
            self._listing(),
        ]
        foot = _paragraph("", 9, align="center")
        with wording.official():
            page, of, end = _("第 "), _(" 页，共 "), _(" 页")
        foot["runs"] = [_run(page, 9), _field("page"), _run(of, 9), _field("numpages"), _run(end, 9)]
        whole = {"page": _PAGE, "header": [], "footer": [foot], "body": body}
        return press.Blocks(whole, title=self.title, made_at=self.at).pdf()

    def _listing(self) -> dict[str, Any]:
        """Heading and rows as one long line of cells."""
        room = _PAGE["width"] - _PAGE["left"] - _PAGE["right"]
        cells = [str(cell) for row in (self.columns, *self.rows) for cell in row]
        widths = [width * room / sum(self.widths) for width in self.widths]
        return {"kind": "listing", "size": 8, "widths": widths, "runs": [{"text": cell} for cell in cells]}


def ledger(
    matters: QuerySet[Matter], title: str, notes: Sequence[str], at: datetime, most: int = MOST_ON_PAPER
) -> Ledger:
    """The first `most` matters of a list, which is for somebody and filtered already. One statement."""
    with wording.official():
        rules = profile.current()
        found = matters.filter(drill=False, part_of__isnull=True).order_by("registered_at", "id")[: most + 1]
        fields = [one for one, _width in LEDGER]
        rows: list[list[str | int]] = [
            [place, *cells(rules, row, fields)] for place, row in enumerate(read(found), start=1)
        ]
        if len(rows) > most:
            notes = [*notes, _("件数太多，只列登记最早的 %(n)d 件。") % {"n": most}]
        columns = [name for name, _width in ledger_columns()]
    return Ledger(title, notes, columns, rows[:most], at)


def ledger_columns() -> list[tuple[str, int]]:
    """Headings with their widths, the place in the list first."""
    return [(_("序号"), _WIDTHS[0]), *((str(one.label), width) for one, width in LEDGER)]


def _run(text: str, size: float, *, face: str = "serif") -> dict[str, Any]:
    return {"text": text, "size": size, "bold": False, "face": face}


def _field(name: str) -> dict[str, Any]:
    return {"field": name, "size": 9, "bold": False, "face": "serif"}


def _paragraph(text: str, size: float, *, align: str = "left", face: str = "serif", after: float = 0) -> dict[str, Any]:
    runs = [_run(text, size, face=face)] if text else []
    return {"kind": "paragraph", "size": size, "align": align, "after": after, "runs": runs}
