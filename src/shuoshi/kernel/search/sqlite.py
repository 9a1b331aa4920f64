"""The index of tokens in SQLite: an FTS5 table beside the entries, its rowid the entry's key."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.db.models.expressions import RawSQL


def keep(entry: int, tokens: Iterable[str]) -> None:
    """Let the index hold these tokens for the entry, and no others."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM kernel_search_fts WHERE rowid = %s", [entry])
        cursor.execute(
            "INSERT INTO kernel_search_fts (rowid, tokens) VALUES (%s, %s)", [entry, " ".join(sorted(tokens))]
        )


def holding(tokens: Iterable[str]) -> RawSQL:
    """The keys of entries that hold all of these tokens, as a subquery."""
    wanted = " AND ".join(f'"{token}"' for token in sorted(tokens))  # tokens have letters and digits only
    return RawSQL("SELECT rowid FROM kernel_search_fts WHERE kernel_search_fts MATCH %s", [wanted])
