"""What all events together say of every row, gathered in a temporary file so that memory stays small. For verify."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

Cells = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """What events say of one row: its columns (text as commitment), that it was removed, or that its key was destroyed."""

    columns: Cells
    gone: bool
    erased: bool


@dataclass(slots=True)
class _Row:
    """A row as told so far: whether it came or went last and when ("": neither), and what was told of its columns."""

    gone: bool
    since: str
    told: list[tuple[str, Cells]]  # stamp and columns
    erased: bool = False


class Folded:
    """Rows as the events tell them; where two streams tell of the same column, the later event counts.

    A stream is folded in memory, since nearly every row is told of by one stream only; then its rows are put away.
    """

    def __init__(self) -> None:
        self._base = sqlite3.connect("")  # a private temporary file, gone when closed
        self._base.executescript(
            """
            PRAGMA journal_mode = OFF;
            PRAGMA synchronous = OFF;
            CREATE TABLE row (name TEXT PRIMARY KEY, gone INTEGER, since TEXT, told TEXT, erased INTEGER, seen INTEGER) WITHOUT ROWID;
            """
        )
        self._stream = ""
        self._stamp = ""
        self._rows: dict[str, _Row] = {}

    def event(self, stream: str, stamp: str, notes: list[dict[str, Any]]) -> None:
        """Take over the notes of one event. Events of a stream come in order, streams in any; stamps sort by time."""
        if stream != self._stream:
            self._put_away()
            self._stream, self._stamp = stream, ""
        self._stamp = max(self._stamp, stamp)  # within a stream its own order decides
        for note in notes:
            self._note(note, self._stamp)

    def take(self, names: Iterable[str]) -> dict[str, Told]:
        """What was told of these rows, which exist; a row nobody told of is not among them."""
        self._put_away()
        wanted = list(names)
        marks = ", ".join("?" * len(wanted))
        self._base.execute(f"UPDATE row SET seen = 1 WHERE name IN ({marks})", wanted)  # noqa: S608 (only question marks are put in)
        return {name: Told(_columns(row), row.gone, row.erased) for name, row in self._kept(wanted)}

    def erased(self, name: str) -> bool:
        """Whether an event says that the key of this row was destroyed. After all streams were read."""
        self._put_away()
        found = self._base.execute("SELECT erased FROM row WHERE name = ?", [name]).fetchone()
        return found is not None and bool(found[0])

    def unseen(self) -> Iterator[str]:
        """Rows that were told of, are not gone, and were never taken."""
        self._put_away()
        for (name,) in self._base.execute("SELECT name FROM row WHERE NOT seen AND NOT gone ORDER BY name"):
            yield name

    def close(self) -> None:
        self._base.close()

    def _note(self, note: dict[str, Any], stamp: str) -> None:
        gone, name = bool(note.get("gone")), str(note["row"])
        row = self._rows.get(name)
        if row is None:
            row = self._rows[name] = _Row(False, "", [])
        if gone or note.get("new"):
            row.gone, row.since = gone, stamp
        row.erased = row.erased or bool(note.get("erased"))
        columns = {**note.get("set", {}), **note.get("text", {})}
        if columns:
            row.told.append((stamp, columns))

    def _put_away(self) -> None:
        """Write the rows of the stream that ended; what another stream told of one is joined with it."""
        for name, before in self._kept(list(self._rows)):
            row = self._rows[name]
            if before.since > row.since:
                row.gone, row.since = before.gone, before.since
            row.told, row.erased = before.told + row.told, before.erased or row.erased
        self._base.executemany(
            "INSERT OR REPLACE INTO row (name, gone, since, told, erased, seen) VALUES (?, ?, ?, ?, ?, 0)",
            [(name, row.gone, row.since, json.dumps(row.told), row.erased) for name, row in self._rows.items()],
        )
        self._rows = {}

    def _kept(self, names: list[str]) -> Iterator[tuple[str, _Row]]:
        marks = ", ".join("?" * len(names))
        found = self._base.execute(f"SELECT name, gone, since, told, erased FROM row WHERE name IN ({marks})", names)  # noqa: S608 (only question marks are put in)
        for name, gone, since, told, erased in found.fetchall():
            yield name, _Row(bool(gone), since, json.loads(told), bool(erased))


def _columns(row: _Row) -> Cells:
    columns: Cells = {}
    for _stamp, cells in sorted(row.told, key=lambda told: told[0]):
        columns |= cells
    return columns
