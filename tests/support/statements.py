"""Counting what a page costs in statements of SQL; BEGIN, COMMIT and savepoints are free."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

_FREE = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


@dataclass
class Statements:
    """The statements of one `with` block, in order."""

    sql: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.sql)

    def __str__(self) -> str:
        return "\n".join(self.sql)


@contextmanager
def counted() -> Iterator[Statements]:
    seen = Statements()
    with CaptureQueriesContext(connection) as captured:
        yield seen
    sent = [query["sql"] for query in captured.captured_queries if not query["sql"].startswith(_FREE)]
    kept = _kept() if any(sql.startswith("EXECUTE ") for sql in sent) else {}
    seen.sql = [f"{sql} -- {kept.get(_name(sql), '')}" if sql.startswith("EXECUTE ") else sql for sql in sent]


def _kept() -> dict[str, str]:
    """What PostgreSQL keeps with this connection, by its names."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, statement FROM pg_prepared_statements")
        return dict(cursor.fetchall())


def _name(sql: str) -> str:
    return sql.removeprefix("EXECUTE ").partition("(")[0]


@pytest.fixture
def statements() -> Callable[[], AbstractContextManager[Statements]]:
    """`with statements() as seen: …; assert seen.count <= 10, seen`"""
    return counted
