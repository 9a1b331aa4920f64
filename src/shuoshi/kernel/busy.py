"""Whether the database only had no time: somebody else held what was asked for. The same again may well be done."""

from __future__ import annotations

from django.db import DatabaseError

AGAIN_AFTER = 5  # seconds
_SQLITE = frozenset({5, 6})  # BUSY, LOCKED
_POSTGRES = frozenset(
    {
        "40001",  # serialization failure
        "40P01",  # deadlock
        "55P03",  # lock timeout
        "57014",  # statement timeout
        "53300",  # too many connections
    }
)


def is_busy(problem: BaseException | None) -> bool:
    """Whether nothing is broken and nothing was done, and it is worth to try again."""
    if not isinstance(problem, DatabaseError):
        return False
    cause = problem.__cause__
    code = getattr(cause, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF in _SQLITE
    return getattr(cause, "sqlstate", None) in _POSTGRES or type(cause).__name__ in ("PoolTimeout", "TooManyRequests")
