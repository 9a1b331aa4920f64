"""Many rows into PostgreSQL: COPY, and keys and indexes of whole tables taken down and built again by their definition."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection, transaction

BEGIN, BETWEEN, END, SEPARATOR = "", "\t", "\n", ""
NULL, TRUE, FALSE = r"\N", "t", "f"

_MEMORY = "256MB"  # for building indexes


def inside(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def text(value: str) -> str:
    return inside(value)


def sealed(value: str) -> str:
    return rf"\\x{value}"


def moment(value: str) -> str:
    return value


def key(value: str) -> str:
    return value


def write(table: str, columns: Sequence[str], lines: str) -> None:
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
            copy.write(lines)


@contextmanager
def bare(tables: list[str]) -> Iterator[None]:
    keys, indexes = _keys(tables), _indexes(tables)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with keys still to check cannot be changed
        for table, name, _definition in keys:
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        for name, _definition in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    try:
        yield
    finally:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute(f"SET LOCAL maintenance_work_mem = '{_MEMORY}'")
            for _name, definition in indexes:
                cursor.execute(definition)
            for table, name, definition in keys:
                cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            for table in tables:
                cursor.execute(f'{"ANALYZE" if connection.in_atomic_block else "VACUUM (ANALYZE)"} "{table}"')
            cursor.execute("RESET statement_timeout")


def _keys(tables: list[str]) -> list[tuple[str, str, str]]:
    """Foreign keys of these tables: table, name, definition."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
            WHERE contype = 'f' AND conrelid = ANY(%s::regclass[]::oid[]) ORDER BY conrelid, conname
            """,
            [tables],
        )
        return list(cursor.fetchall())


def _indexes(tables: list[str]) -> list[tuple[str, str]]:
    """Indexes of these tables that carry no constraint: name and definition. Unique ones that are no constraint too."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
            WHERE indrelid = ANY(%s::regclass[]::oid[])
              AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)
            ORDER BY indrelid, indexrelid
            """,
            [tables],
        )
        return list(cursor.fetchall())
