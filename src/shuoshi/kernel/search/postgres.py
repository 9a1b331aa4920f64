"""The index of tokens in PostgreSQL: a column of the entries that only this module knows, past any word parser."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL


def keep(entry: int, tokens: Iterable[str]) -> None:
    """Let the index hold these tokens for the entry, and no others."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE kernel_searchentry SET tokens = array_to_tsvector(%s::text[]) WHERE id = %s",
            [sorted(tokens), entry],
        )


def insert(kind: str, entries: Iterable[tuple[UUID, str, list[str]]]) -> None:
    """Write entries (row, text in normal form, tokens) with their tokens."""
    with (
        connection.cursor() as cursor,
        cursor.copy("COPY kernel_searchentry (kind, ref, text, tokens) FROM STDIN") as copy,
    ):
        for ref, normal, tokens in entries:  # a list of quoted words is how a tsvector is written
            copy.write_row((kind, ref, normal, " ".join(f"'{token}'" for token in tokens)))


def holding(entries: QuerySet[Any], kind: str, tokens: Iterable[str]) -> QuerySet[Any]:
    """Those of the entries that are of this kind and hold all of these tokens."""
    wanted = " & ".join(f"'{token}'" for token in sorted(tokens))  # tokens have letters and digits only
    return entries.filter(RawSQL("tokens @@ %s::tsquery", [wanted], output_field=BooleanField()), kind=kind)


def press_out() -> None:
    """Free the room of rows that are gone; not inside a transaction, where the server does it later by itself."""
    if not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM kernel_searchentry")
