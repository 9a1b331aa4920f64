"""What all events together say of every row, gathered in a temporary file so that memory stays small. For verify."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Told:
    """What events say of one row: its columns (text as commitment), or that it was removed."""

    columns: dict[str, Any]
    gone: bool


class Folded:
    """Rows as the events tell them; where two streams tell of the same column, the later event counts."""

    def __init__(self) -> None:
        self._base = sqlite3.connect("")  # a private temporary file, gone when closed
        self._base.executescript(
            """
            PRAGMA journal_mode = OFF;
            PRAGMA synchronous = OFF;
            CREATE TABLE told (row TEXT PRIMARY KEY, gone INTEGER, stamp TEXT, seen INTEGER DEFAULT 0) WITHOUT ROWID;
            CREATE TABLE cell (row TEXT, name TEXT, value TEXT, stamp TEXT, PRIMARY KEY (row, name)) WITHOUT ROWID;
            """
        )
        self._stream = ""
        self._stamp = ""

    def event(self, stream: str, stamp: str, notes: list[dict[str, Any]]) -> None:
        """Take over the notes of one event. Events of a stream come in order, streams in any; stamps sort by time."""
        if stream != self._stream:
            self._stream, self._stamp = stream, ""
        self._stamp = max(self._stamp, stamp)  # within a stream its own order decides
        for note in notes:
            self._note(note, self._stamp)

    def take(self, row: str) -> Told | None:
        """What was told of this row, which exists; None when nothing was."""
        found = self._base.execute("UPDATE told SET seen = 1 WHERE row = ? RETURNING gone", (row,)).fetchone()
        if found is None:
            return None
        cells = self._base.execute("SELECT name, value FROM cell WHERE row = ?", (row,))
        return Told({name: json.loads(value) for name, value in cells}, gone=bool(found[0]))

    def unseen(self) -> Iterator[str]:
        """Rows that were told of, are not gone, and were never taken."""
        for (row,) in self._base.execute("SELECT row FROM told WHERE NOT seen AND NOT gone ORDER BY row"):
            yield row

    def close(self) -> None:
        self._base.close()

    def _note(self, note: dict[str, Any], stamp: str) -> None:
        gone = bool(note.get("gone"))
        self._base.execute(
            """
            INSERT INTO told (row, gone, stamp) VALUES (?, ?, ?)
            ON CONFLICT (row) DO UPDATE SET gone = excluded.gone, stamp = excluded.stamp
            WHERE excluded.stamp >= stamp AND (excluded.gone OR ?)
            """,
            (note["row"], gone, stamp, bool(note.get("new"))),
        )
        columns = {**note.get("set", {}), **note.get("text", {})}
        self._base.executemany(
            """
            INSERT INTO cell (row, name, value, stamp) VALUES (?, ?, ?, ?)
            ON CONFLICT (row, name) DO UPDATE SET value = excluded.value, stamp = excluded.stamp
            WHERE excluded.stamp >= stamp
            """,
            [(note["row"], name, json.dumps(value), stamp) for name, value in columns.items()],
        )
