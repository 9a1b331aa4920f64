"""The child process in which a stranger's workbook is opened: bytes in on stdin, one line of JSON out on stdout.

Started as a file, so that neither Django nor anything else of ours is loaded. What a refusal means to people is said in
workbooks.
"""

from __future__ import annotations

import io
import json
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

_CPU_SECONDS = 8
_MEMORY = 300 * 1024 * 1024


def main() -> None:
    _limit_resources()
    rows, columns = (int(text) for text in sys.argv[1:])
    try:
        answer: dict[str, Any] = {"sheets": _sheets(sys.stdin.buffer.read(), rows, columns)}
    except OverflowError:
        answer = {"refused": "too_long"}
    except MemoryError:
        answer = {"refused": "suspicious"}
    except (CalamineError, ValueError, KeyError, OSError):
        answer = {"refused": "broken"}
    json.dump(answer, sys.stdout)


def _sheets(data: bytes, rows: int, columns: int) -> dict[str, list[list[str]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    found = {}
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        if sheet.height > rows or sheet.width > columns:
            raise OverflowError
        found[name] = [[_text(cell) for cell in row] for row in sheet.iter_rows()]
        _fill_down(found[name], sheet)
    return found


def _fill_down(lines: list[list[str]], sheet: Any) -> None:
    """Cells merged over several rows hold their text in the first: it is meant for each of them.

    Rows are counted from the top of the sheet, columns from the first that is used.
    """
    left = sheet.start[1] if sheet.start else 0
    for (top, first), (bottom, _last) in sheet.merged_cell_ranges or ():
        at = first - left
        for line in lines[top + 1 : bottom + 1]:
            if top < len(lines) and 0 <= at < len(line):
                line[at] = lines[top][at]


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 10**15 else repr(cell)
    if isinstance(cell, (date, datetime, time)):
        return cell.isoformat(sep=" ") if isinstance(cell, datetime) else cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return str(cell).strip()


def _limit_resources() -> None:
    """Where the platform can: processor time, memory, no files to write, no core."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
