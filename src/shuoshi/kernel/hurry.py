"""Little time for the database: whoever waits for an answer from here waits no longer than was said, whatever is locked."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError, connection

_STATEMENT = 1.5  # seconds one statement may take at most


class OutOfTime(Exception):
    """The time was over before all was done; what the transaction did is undone."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Around a transaction: what waits for a lock, or runs, ends with a DatabaseError that is `busy`, or with OutOfTime.

    In all it takes `seconds`, and where a statement was begun at the very end, one and a half more.
    """
    until = time.monotonic() + seconds
    allowed = max(1, int(min(seconds, _STATEMENT) * 1000))  # 0 would mean without end

    def watched(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if time.monotonic() > until and not _ends(sql):
            raise OutOfTime
        return execute(sql, params, many, context)

    patience = _make_impatient(allowed)
    try:
        with connection.execute_wrapper(watched):
            yield
    finally:
        _make_patient(patience)


def _ends(sql: str) -> bool:
    """What undoes is always let through."""
    return sql.startswith(("ROLLBACK", "RELEASE"))


def _make_impatient(milliseconds: int) -> int:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA busy_timeout")
            before = int(cursor.fetchone()[0])
            cursor.execute(f"PRAGMA busy_timeout = {milliseconds}")
            return before
        cursor.execute(f"SET statement_timeout = {milliseconds}")
        cursor.execute(f"SET lock_timeout = {milliseconds}")
    return 0


def _make_patient(before: int) -> None:
    try:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute(f"PRAGMA busy_timeout = {before}")
            else:
                cursor.execute("RESET statement_timeout")
                cursor.execute("RESET lock_timeout")
    except (
        DatabaseError
    ):  # a connection that broke, or a transaction around all that was undone: it serves nobody again
        connection.close_if_unusable_or_obsolete()
