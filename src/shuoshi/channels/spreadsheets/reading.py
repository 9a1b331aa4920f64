"""A stranger's file read into headings and rows of text: workbooks by kernel.workbooks, everything else as CSV."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from shuoshi.channels.spreadsheets.columns import known
from shuoshi.kernel import workbooks

LARGEST = 10 * 1024 * 1024  # bytes of a file of text; a workbook is packed, and may have half of it
MOST_ROWS = 20_000
_MOST_CELL = 100_000  # characters
_WIDEST = 1_000  # columns of any row, also of one that is only faulty
_HEADING_WITHIN = 10  # lines: a ledger has its name above the headings
_ENCODINGS = ("utf-8-sig", "gb18030")
_DELIMITERS = ",\t;"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


class BadSheet(Exception):
    """The file was not read. `str()` says why, with the remedy."""


@dataclass(frozen=True)
class Line:
    """One filled row; `number` counts as the spreadsheet or the editor does."""

    number: int
    cells: Sequence[str]

    @property
    def width(self) -> int:
        """How many columns it reaches over."""
        return max((at + 1 for at, cell in enumerate(self.cells) if cell), default=0)


@dataclass(frozen=True)
class Grid:
    """What a file holds. `tab`: the sheet of a workbook it stands on; `left`: other filled sheets, which were not read."""

    headings: Sequence[str]
    lines: Sequence[Line]
    tab: str = ""
    left: Sequence[str] = ()

    @property
    def digest(self) -> str:
        """The same for files with the same headings, whatever their order."""
        plain = sorted(heading.casefold() for heading in self.headings)
        return hashlib.sha256("\n".join(plain).encode()).hexdigest()

    def column(self, heading: str) -> Iterator[str]:
        """What stands beneath a heading, without what is empty."""
        at = list(self.headings).index(heading)
        return (line.cells[at] for line in self.lines if at < len(line.cells) and line.cells[at])

    def packed(self) -> bytes:
        lines = [[line.number, *line.cells] for line in self.lines]
        return json.dumps([list(self.headings), lines, self.tab], ensure_ascii=False).encode()

    @classmethod
    def unpacked(cls, data: bytes) -> Grid:
        headings, lines, tab = json.loads(data)
        return cls(headings, [Line(number, cells) for number, *cells in lines], tab)


def read(name: str, data: bytes) -> Grid:
    """The rows of a file, told apart by what is in it, not by its name. Raises BadSheet, workbooks.BadWorkbook.

    A workbook takes up to ten seconds and a child process: call it before the transaction, not inside.
    """
    if data.startswith(_OLD_EXCEL) or (name.lower().endswith(".xlsx") and not data.startswith(b"PK")):
        raise workbooks.BadWorkbook(workbooks.Reason.WRONG_TYPE)
    if data.startswith(b"PK"):
        sheets = workbooks.read(data, most_rows=MOST_ROWS + _HEADING_WITHIN)
        filled = [tab for tab, lines in sheets.items() if sum(any(line) for line in lines) > 1]
        if not filled:
            raise BadSheet(_("表格里没有内容。第一行写列名，下面每行一件事。"))
        return _grid(enumerate(sheets[filled[0]], start=1), filled[0], filled[1:])
    if len(data) > LARGEST:
        raise BadSheet(_("文件超过 10 MB。请分成几个再传。"))
    return _grid(_csv(data))


def _csv(data: bytes) -> Iterator[tuple[int, list[str]]]:
    text = _decoded(data)
    if "\x00" in text:
        raise BadSheet(_("这不是表格文件。请传 .xlsx 或 .csv。"))
    first = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    before = 0
    try:
        for cells in reader:
            yield before + 1, cells  # a cell may hold lines of its own: a row counts from where it begins
            before = reader.line_num
    except csv.Error:
        raise BadSheet(_("从第 %(line)d 行起读不下去，引号可能没有配对。") % {"line": before + 1}) from None


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)  # “Unicode text” of Excel
    else:
        encodings = _ENCODINGS
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadSheet(_("文件的编码没有认出来，请另存为 UTF-8。"))


def _grid(numbered: Iterator[tuple[int, list[str]]], tab: str = "", left: Sequence[str] = ()) -> Grid:
    filled = []
    for number, row in numbered:
        cells = [cell.replace("\x00", "").strip() for cell in row]
        if any(cells):
            filled.append(Line(number, cells))
        if len(filled) > MOST_ROWS + _HEADING_WITHIN:
            raise BadSheet(_("一次最多 %(most)d 行。请分成几个文件再传。") % {"most": MOST_ROWS})
    at = _heading(filled)
    lines = filled[at + 1 :]
    if not lines:
        raise BadSheet(_("表格里没有内容。第一行写列名，下面每行一件事。"))
    if len(lines) > MOST_ROWS:
        raise BadSheet(_("一次最多 %(most)d 行。请分成几个文件再传。") % {"most": MOST_ROWS})
    if max(filled[at].width, *(line.width for line in lines)) > _WIDEST:  # before they are named
        raise BadSheet(_("最多 %(most)d 列。请删掉用不着的列再传。") % {"most": workbooks.MOST_COLUMNS})
    headings = _named(filled[at].cells, lines)
    if len(headings) > workbooks.MOST_COLUMNS:
        raise BadSheet(_("最多 %(most)d 列。请删掉用不着的列再传。") % {"most": workbooks.MOST_COLUMNS})
    if any(len(cell) > _MOST_CELL for line in lines for cell in line.cells):
        raise BadSheet(_("有一格的字太多，引号可能没有配对。"))
    return Grid(headings, lines, tab, left)


def _heading(lines: Sequence[Line]) -> int:
    """Which of the first lines holds the headings: the one with most that are known, else the first that is wide."""
    first = lines[:_HEADING_WITHIN]
    width = max((sum(map(bool, line.cells)) for line in first), default=0)
    scores = [sum(known(cell) != "" for cell in line.cells) for line in first]
    if scores and max(scores) > 1:
        return scores.index(max(scores))
    return next((at for at, line in enumerate(first) if 2 * sum(map(bool, line.cells)) > width), 0)


def _named(cells: Sequence[str], lines: Sequence[Line]) -> list[str]:
    """Every column has a name of its own: an empty one its place, one that comes again its number.

    What stands beyond the headings in many rows is a column, too; in a few it is a fault of those rows.
    """
    used = max((at + 1 for at, cell in enumerate(cells) if cell), default=0)
    width = max(line.width for line in lines)
    if 5 * sum(line.width > used for line in lines) < len(lines):
        width = used
    found: dict[str, None] = {}
    for at in range(max(used, width)):
        plain = " ".join(cells[at].split())[:80] if at < len(cells) else ""
        name, again = plain or f"#{at + 1}", 2
        while name in found:
            name, again = f"{plain} ({again})", again + 1
        found[name] = None
    return list(found)
