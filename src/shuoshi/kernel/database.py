"""What database this is, and whether it keeps what is promised: a shown receipt survives a power cut (security.md 5)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection

from shuoshi.kernel import clock

OLDEST_POSTGRESQL = 15

_POSTGRES = ("fsync", "full_page_writes", "synchronous_commit")
_SYNCHRONOUS = ("OFF", "NORMAL", "FULL", "EXTRA")  # of SQLite; NORMAL may lose commits it acknowledged


def called() -> str:
    """Its name and version: PostgreSQL 16.4."""
    if connection.vendor == "postgresql":
        return f"PostgreSQL {_postgresql() // 10_000}.{_postgresql() % 10_000}"
    return f"SQLite {'.'.join(map(str, _sqlite()))}"


def is_too_old() -> bool:
    """Whether it is older than what this program is tried on."""
    return connection.vendor == "postgresql" and _postgresql() < OLDEST_POSTGRESQL * 10_000


def ahead() -> timedelta:
    """How far its clock is before ours; always nothing where it is a file of this machine."""
    if connection.vendor != "postgresql":
        return timedelta()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        at: datetime = cursor.fetchone()[0]
    return at - clock.now()


def weak() -> dict[str, str]:
    """Settings of the database under which an acknowledged commit could be lost, with their values; {} when none is."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA journal_mode")
            journal = str(cursor.fetchone()[0])
            cursor.execute("PRAGMA synchronous")
            synchronous = _SYNCHRONOUS[cursor.fetchone()[0]]
            values = {"journal_mode": journal, "synchronous": synchronous}
            good = {"journal_mode": ("wal",), "synchronous": ("FULL", "EXTRA")}
            return {name: value for name, value in values.items() if value not in good[name]}
        found = {}
        for name in _POSTGRES:
            cursor.execute(f"SHOW {name}")
            found[name] = str(cursor.fetchone()[0])
    return {name: value for name, value in found.items() if value == "off"}


def problems() -> list[str]:
    """The same as sentences for the terminal, each with its remedy."""
    found = weak()
    if connection.vendor == "sqlite":
        journal = found.get("journal_mode")
        sentences = [f"SQLite's journal_mode is {journal}, not wal: is the home on a share?"] if journal else []
        return sentences + (["SQLite's synchronous is not FULL."] if "synchronous" in found else [])
    return [
        f"PostgreSQL has {name} = off: a power cut loses what residents hold receipts of. Set it on in postgresql.conf."
        for name in found
    ]


def _sqlite() -> tuple[int, ...]:
    version: tuple[int, ...] = connection.Database.sqlite_version_info  # type: ignore[attr-defined]  # of this backend
    return version


def _postgresql() -> int:
    """As the server says it: 160004 is 16.4."""
    number: int = connection.pg_version  # type: ignore[attr-defined]  # of this backend
    return number
