"""Reading strangers' .xlsx workbooks as text: looked at from outside first, then opened in a child process with limits.

What the cells mean is their package's. Formulas are not computed: what the file says they came to is read.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import threading
import zipfile
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from shuoshi.kernel.pictures import ENVIRONMENT

LARGEST = 5 * 1024 * 1024  # bytes
MOST_ROWS = 5_000  # of one sheet
MOST_COLUMNS = 60
WALL_SECONDS = 10

_CHILD = Path(__file__).with_name("workbook_child.py")
_AT_ONCE = threading.BoundedSemaphore(1)
_MOST_ENTRIES = 200
_MOST_UNPACKED = 60 * 1024 * 1024
_MOST_RATIO = 200  # unpacked to packed: ordinary sheets come to 20
_PEEK = 2048

Sheet = list[list[str]]


class Reason(StrEnum):
    """Why a workbook was not read."""

    TOO_BIG = "too_big"
    WRONG_TYPE = "wrong_type"
    SUSPICIOUS = "suspicious"
    TOO_LONG = "too_long"
    BROKEN = "broken"


class BadWorkbook(Exception):
    """The workbook was refused. `str()` says it to people, with the remedy."""

    def __init__(self, reason: Reason, most_rows: int = MOST_ROWS) -> None:
        super().__init__(reason)
        self.reason = reason
        self.most_rows = most_rows

    def __str__(self) -> str:
        return {
            Reason.TOO_BIG: _("表格超过 5 MB。请只留下要导入的内容再传。"),
            Reason.WRONG_TYPE: _("只能传 .xlsx 表格。请用 WPS 或 Excel 另存为“Excel 工作簿（.xlsx）”。"),
            Reason.SUSPICIOUS: _("这个文件的结构不正常，没有打开。请新建一个表格，把内容粘贴进去再传。"),
            Reason.TOO_LONG: _("一张表最多 %(rows)d 行、%(columns)d 列。请分开来传。")
            % {"rows": self.most_rows, "columns": MOST_COLUMNS},
            Reason.BROKEN: _("表格打不开，可能没有传完整，或者设了密码。请重新保存再传。"),
        }[self.reason]


def read(data: bytes, most_rows: int = MOST_ROWS) -> dict[str, Sheet]:
    """Every sheet by its name, each cell as text: numbers without .0, dates as 2026-11-23. Raises BadWorkbook.

    Takes up to ten seconds and a child process: call it before the transaction, not inside.
    """
    if len(data) > LARGEST:
        raise BadWorkbook(Reason.TOO_BIG)
    _look_at(data)
    with _AT_ONCE:
        answer = _in_child(data, most_rows)
    if "refused" in answer:
        raise BadWorkbook(Reason(answer["refused"]), most_rows)
    sheets: dict[str, Sheet] = answer["sheets"]
    return sheets


def _look_at(data: bytes) -> None:
    """What can be told without unpacking much: a workbook at all, no bomb, no macros, no document types."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            if "xl/workbook.xml" not in names:
                raise BadWorkbook(Reason.WRONG_TYPE)
            unpacked = sum(entry.file_size for entry in entries)
            if len(entries) > _MOST_ENTRIES or unpacked > _MOST_UNPACKED:
                raise BadWorkbook(Reason.SUSPICIOUS)
            for entry in entries:
                _look_at_entry(archive, entry)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError):
        raise BadWorkbook(Reason.WRONG_TYPE) from None


def _look_at_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    swollen = entry.file_size > _MOST_RATIO * max(entry.compress_size, 1) and entry.file_size > 1024 * 1024
    if swollen or entry.filename.lower().endswith("vbaproject.bin"):
        raise BadWorkbook(Reason.SUSPICIOUS)
    if entry.filename.endswith((".xml", ".rels")):
        with archive.open(entry) as part:
            head = part.read(_PEEK)
        if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
            raise BadWorkbook(Reason.SUSPICIOUS)


def _in_child(data: bytes, most_rows: int) -> dict[str, Any]:
    limits = [str(most_rows), str(MOST_COLUMNS)]
    try:
        child = subprocess.run(
            [sys.executable, "-I", str(_CHILD), *limits],
            input=data,
            capture_output=True,
            timeout=WALL_SECONDS,
            env=ENVIRONMENT,
            check=False,
        )
        found: dict[str, Any] = json.loads(child.stdout)
    except subprocess.TimeoutExpired:
        raise BadWorkbook(Reason.SUSPICIOUS) from None
    except ValueError:  # killed by its limits
        raise BadWorkbook(Reason.SUSPICIOUS) from None
    return found
