"""Whether a commit survives a power cut on this database: what a shown receipt promises rests on it (security.md 5)."""

from __future__ import annotations

_POSTGRES = ("fsync", "full_page_writes", "synchronous_commit")
_FULL, _EXTRA = 2, 3  # of SQLite's synchronous; NORMAL may lose commits it acknowledged


def problems() -> list[str]:
    """What is set so that an acknowledged commit could be lost, each with its remedy; [] when nothing is."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA journal_mode")
            journal = cursor.fetchone()[0]
            cursor.execute("PRAGMA synchronous")
            synchronous = cursor.fetchone()[0]
            found = (
                [] if journal == "wal" else [f"SQLite's journal_mode is {journal}, not wal: is the home on a share?"]
            )
            return found + ([] if synchronous in (_FULL, _EXTRA) else ["SQLite's synchronous is not FULL."])
        values = {}
        for name in _POSTGRES:
            cursor.execute(f"SHOW {name}")
            values[name] = cursor.fetchone()[0]
    return [
        f"PostgreSQL has {name} = off: a power cut loses what residents hold receipts of. Set it on in postgresql.conf."
        for name, value in values.items()
        if value == "off"
    ]
