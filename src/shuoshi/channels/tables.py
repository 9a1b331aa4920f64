"""Reads a JSONL or CSV file row by row, whatever its encoding, and writes down the rows that were refused."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _

_ENCODINGS = ("utf-8-sig", "gb18030")
_FIELD_LIMIT = 1_000_000  # characters of one cell
_SAMPLE = 50  # rows of JSONL looked at for headings


@dataclass(frozen=True)
class Row:
    """One row by heading, all values as text; `fault` says why it could not be read."""

    line: int
    values: dict[str, str] = field(default_factory=dict)
    fault: str = ""


class Table:
    """The rows of one file. Every iteration reads it anew, so that a large file is never in memory."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._encoding = _encoding(path)
        self._lines = path.suffix.lower() in {".jsonl", ".ndjson", ".json"}

    def rows(self) -> Iterator[Row]:
        return self._json_rows() if self._lines else self._csv_rows()

    def headings(self) -> list[str]:
        if not self._lines:
            with self._open() as file:
                return [heading for heading in next(_reader(file), []) if heading.strip()]
        found: dict[str, None] = {}
        for row, _each in zip(self._json_rows(), range(_SAMPLE), strict=False):
            found |= dict.fromkeys(row.values)
        return list(found)

    def count(self) -> int:
        return sum(1 for _row in self.rows())

    def _open(self) -> IO[str]:
        return self._path.open(encoding=self._encoding, newline="" if not self._lines else None)

    def _json_rows(self) -> Iterator[Row]:
        with self._open() as file:
            for line, text in enumerate(file, start=1):
                if not text.strip():
                    continue
                try:
                    read = json.loads(text)
                except ValueError:
                    yield Row(line, fault=_("这一行不是完整的 JSON。"))
                    continue
                if not isinstance(read, dict):
                    yield Row(line, fault=_("这一行不是一条记录。"))
                    continue
                yield Row(line, {str(key): _text(value) for key, value in read.items()})

    def _csv_rows(self) -> Iterator[Row]:
        with self._open() as file:
            reader = _reader(file)
            headings: list[str] = next(reader, [])
            for cells in reader:
                if not any(cell.strip() for cell in cells):
                    continue
                if len(cells) > len(headings):
                    yield Row(reader.line_num, fault=_("这一行的列数比表头多，逗号或引号可能写错了。"))
                    continue
                yield Row(reader.line_num, dict(zip(headings, cells, strict=False)))


class Rejects:
    """Writes refused rows, one JSON object a line: line, reason, row. Personal data, so for the owner alone.

    The file is made with the first refusal; where its place cannot be written, it goes into the home.
    """

    def __init__(self, path: Path) -> None:
        self._wanted = path
        self._file: IO[str] | None = None
        self.path: Path | None = None
        self.count = 0

    def put(self, row: Row, reason: str) -> None:
        if self._file is None:
            self._file = self._create()
        self.count += 1
        said = {"line": row.line, "reason": reason, "row": row.values}
        self._file.write(json.dumps(said, ensure_ascii=False) + "\n")

    def __enter__(self) -> Rejects:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def _create(self) -> IO[str]:
        try:
            return self._at(self._wanted)
        except OSError:
            return self._at(Path(settings.HOME) / self._wanted.name)

    def _at(self, path: Path) -> IO[str]:
        file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8")
        self.path = path
        return file


def _encoding(path: Path) -> str:
    """The first encoding in which the whole file can be read; Excel in China saves CSV as GB 18030."""
    for encoding in _ENCODINGS:
        try:
            with path.open(encoding=encoding) as file:
                while file.read(1 << 20):
                    pass
        except UnicodeDecodeError:
            continue
        return encoding
    raise UnicodeError(_("文件的编码没有认出来，请另存为 UTF-8。"))


def _reader(file: IO[str]) -> Any:
    csv.field_size_limit(_FIELD_LIMIT)
    return csv.reader(file)


def _text(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
