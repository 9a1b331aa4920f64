"""Reading one state of the database from beginning to end, however long it takes, beside everybody who writes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

_POSTGRESQL = (
    "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",
    "SET LOCAL statement_timeout = 0",  # the limits of a request are not those of a long reader
    "SET LOCAL idle_in_transaction_session_timeout = 0",
)


@contextmanager
def one_state() -> Iterator[None]:
    """See the state of the first statement throughout, without keeping anybody from writing. Inside, only read.

    Within a transaction of the caller's it is that transaction's view.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in _POSTGRESQL:
                cursor.execute(statement)
            yield
    else:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")  # atomic() would begin IMMEDIATE and take the write lock
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("ROLLBACK")
