"""The ledger (台账): a list of matters as a sheet, .xlsx or PDF. It names no speaker and repeats nobody's words."""

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
from shuoshi.matters.vocabulary import Channel, Exit, Status
from shuoshi.organization import profile
from shuoshi.organization.profile import Profile

MOST = 5000  # lines of one sheet
MOST_ON_PAPER = 2000  # beyond it the child has not the memory
_WIDTHS = (5, 24, 17, 8, 22, 29, 12, 14, 9, 17, 17, 13)  # characters; points in proportion on the PDF
_FIELDS = (
    "number", "registered_at", "channel", "kind", "category", "title", "sensitive", "area__name", "lead_unit__name",
    "status", "exit", "promised_by", "closed_at",
)  # fmt: skip
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


def ledger(matters: QuerySet[Matter], title: str, notes: Sequence[str], at: datetime, most: int = MOST) -> Ledger:
    """The first `most` matters of a list, which is for somebody and filtered already. One statement."""
    with wording.official():
        rules = profile.current()
        found = list(
            matters.filter(drill=False, part_of__isnull=True)
            .order_by("registered_at", "id")
            .values_list(*_FIELDS)[: most + 1]
        )
        rows: list[list[str | int]] = [[place, *_cells(rules, *row)] for place, row in enumerate(found[:most], start=1)]
        columns = (
            _("序号"), _("编号"), _("登记日期"), _("来源"), _("类别"), _("标题"), _("村、社区"), _("承办单位"), _("状态"),
            _("答应的日期"), _("办结日期"), _("结果"),
        )  # fmt: skip
        if len(found) > most:
            notes = [*notes, _("件数太多，只列登记最早的 %(n)d 件。") % {"n": most}]
    return Ledger(title, notes, columns, rows, at)


def _cells(
    rules: Profile,
    number: str,
    registered_at: datetime,
    channel: str,
    kind: str,
    category: str,
    title: str,
    sensitive: bool,
    area: str | None,
    unit: str | None,
    status: str,
    exit_: str,
    promised_by: datetime | None,
    closed_at: datetime | None,
) -> list[str]:
    """Before acceptance there is no title but the resident's own words, and these stay out."""
    shown = title or _("（还没有受理）")
    if sensitive:
        shown, area = _("（敏感类别，不列标题）"), ""
    return [
        number,
        wording.full_day(registered_at),
        str(Channel(channel).label),
        _category(rules, kind, category),
        shown,
        area or "",
        unit or "",
        str(Status(status).label),
        wording.full_day(promised_by),
        wording.full_day(closed_at),
        str(Exit(exit_).label) if exit_ else "",
    ]


def _category(rules: Profile, kind: str, category: str) -> str:
    """利益诉求 › 供水: the column is too narrow for what lies between."""
    first, *beneath = rules.steps(category, kind) or [""]
    return " › ".join([first, *beneath[-1:]])


def _run(text: str, size: float, *, face: str = "serif") -> dict[str, Any]:
    return {"text": text, "size": size, "bold": False, "face": face}


def _field(name: str) -> dict[str, Any]:
    return {"field": name, "size": 9, "bold": False, "face": "serif"}


def _paragraph(text: str, size: float, *, align: str = "left", face: str = "serif", after: float = 0) -> dict[str, Any]:
    runs = [_run(text, size, face=face)] if text else []
    return {"kind": "paragraph", "size": size, "align": align, "after": after, "runs": runs}
