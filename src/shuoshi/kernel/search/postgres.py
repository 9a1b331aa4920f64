"""The index of tokens in PostgreSQL: a column of the entries that only this module knows, past any word parser."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.db.models.expressions import RawSQL


def keep(entry: int, tokens: Iterable[str]) -> None:
    """Let the index hold these tokens for the entry, and no others."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE kernel_searchentry SET tokens = array_to_tsvector(%s::text[]) WHERE id = %s",
            [sorted(tokens), entry],
        )


def holding(tokens: Iterable[str]) -> RawSQL:
    """The keys of entries that hold all of these tokens, as a subquery."""
    wanted = " & ".join(f"'{token}'" for token in sorted(tokens))  # tokens have letters and digits only
    return RawSQL("SELECT id FROM kernel_searchentry WHERE tokens @@ %s::tsquery", [wanted])
