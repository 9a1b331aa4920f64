"""The index of tokens in SQLite: an FTS5 table beside the entries, its rowid the entry's key."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Concat


def keep(entry: int, tokens: Iterable[str]) -> None:
    """Let the index hold these tokens for the entry, and no others."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM kernel_search_fts WHERE rowid = %s", [entry])
        cursor.execute(
            "INSERT INTO kernel_search_fts (rowid, tokens) VALUES (%s, %s)", [entry, " ".join(sorted(tokens))]
        )


def insert(kind: str, entries: Iterable[tuple[UUID, str, list[str]]]) -> None:
    """Write entries (row, text in normal form, tokens) with their tokens."""
    with connection.cursor() as cursor:
        for ref, normal, tokens in entries:
            cursor.execute(
                "INSERT INTO kernel_searchentry (kind, ref, text) VALUES (%s, %s, %s)", [kind, ref.hex, normal]
            )
            cursor.execute(
                "INSERT INTO kernel_search_fts (rowid, tokens) VALUES (%s, %s)",
                [cursor.lastrowid, " ".join(sorted(tokens))],
            )


def holding(entries: QuerySet[Any], kind: str, tokens: Iterable[str]) -> QuerySet[Any]:
    """Those of the entries that are of this kind and hold all of these tokens."""
    wanted = " AND ".join(f'"{token}"' for token in sorted(tokens))  # tokens have letters and digits only
    found = RawSQL("SELECT rowid FROM kernel_search_fts WHERE kernel_search_fts MATCH %s", [wanted])
    # As an expression the kind uses no index: SQLite would walk through all of a kind before it asks for the tokens.
    found_of_kind: QuerySet[Any] = entries.alias(of_kind=Concat("kind", Value(""))).filter(of_kind=kind, pk__in=found)
    return found_of_kind


def press_out() -> None:
    """Merge all parts of the index into one, without the terms of rows that are gone."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO kernel_search_fts (kernel_search_fts) VALUES ('optimize')")
