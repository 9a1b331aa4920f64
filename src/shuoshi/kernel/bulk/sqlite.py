"""Many rows into SQLite: an INSERT of hundreds of rows. Indexes stay; keys are compared once, when all rows are there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import IntegrityError, connection

BEGIN, BETWEEN, END, SEPARATOR = "(", ",", ")", ","
NULL, TRUE, FALSE = "NULL", "1", "0"


def inside(text: str) -> str:
    return text.replace("'", "''")


def text(value: str) -> str:
    return f"'{inside(value)}'"


def sealed(value: str) -> str:
    return f"x'{value}'"


def moment(value: str) -> str:
    """As Django writes it: UTC without its name, whole seconds without a fraction."""
    return f"replace(replace(replace('{value}', 'T', ' '), 'Z', ''), '.000000', '')"


def key(value: str) -> str:
    return f"replace('{value}', '-', '')"


def write(table: str, columns: Sequence[str], lines: str) -> None:
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(f'INSERT INTO "{table}" ({names}) VALUES {lines}')  # noqa: S608 (quoted by `text`)


@contextmanager
def bare(tables: list[str]) -> Iterator[None]:
    """Inside a transaction the keys are deferred by themselves, and nothing is set aside."""
    if connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
        with connection.cursor() as cursor:
            for table in tables:
                cursor.execute(f'PRAGMA foreign_key_check("{table}")')
                broken = cursor.fetchone()
                if broken is not None:
                    raise IntegrityError(f"a row of {broken[0]} refers to a row of {broken[2]} that is not there")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA foreign_keys = ON")
