"""How a list becomes a file, row by row. Each says on itself who took it, when and for what."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from django.utils.translation import gettext as _

from shuoshi.kernel.inert import inert
from shuoshi.kernel.papers.longsheets import LongSheet
from shuoshi.ledgers.models import FileKind
from shuoshi.matters.papers.ledger import MOST_ON_PAPER, Ledger

Row = Sequence[str | int]


class TooLong(Exception):
    """More rows came than the file can hold."""


class Writer(Protocol):
    def add(self, row: Row) -> None: ...
    def finished(self) -> bytes: ...


class Csv:
    """UTF-8 with its mark, so that Excel takes it as such; headings first, for programs; notes after the last row."""

    def __init__(self, columns: Sequence[tuple[str, int]], notes: Sequence[str]) -> None:
        self._made = io.BytesIO()
        self._text = io.TextIOWrapper(self._made, "utf-8-sig", newline="", write_through=True)
        self._writer = csv.writer(self._text)
        self._notes = notes
        self.add([name for name, _width in columns])

    def add(self, row: Row) -> None:
        self._writer.writerow([inert(cell) if isinstance(cell, str) else cell for cell in row])

    def finished(self) -> bytes:
        for note in self._notes:
            self.add([note])
        return self._made.getvalue()


class Paper:
    """A PDF to print; set as a whole by a child process, so it holds so many rows and no more. Raises TooLong."""

    def __init__(self, title: str, columns: Sequence[tuple[str, int]], notes: Sequence[str], at: datetime) -> None:
        self._rows: list[Row] = []
        self._ledger = Ledger(
            title, notes, [name for name, _width in columns], self._rows, at, [width for _name, width in columns]
        )

    def add(self, row: Row) -> None:
        if len(self._rows) >= MOST_ON_PAPER:
            raise TooLong
        self._rows.append(row)

    def finished(self) -> bytes:
        return self._ledger.pdf().data


def writer(kind: str, title: str, columns: Sequence[tuple[str, int]], notes: Sequence[str], at: datetime) -> Writer:
    if kind == FileKind.CSV:
        return Csv(columns, [title, *notes])
    if kind == FileKind.PDF:
        return Paper(title, columns, notes, at)
    return LongSheet(title, columns, notes, _("台账"), at)
