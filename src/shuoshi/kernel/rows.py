"""Single rows, written by SQL that is made once for a model. What a row means, and its event, is its owner's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from django.db import connection, models


def insert(row: models.Model) -> None:
    """INSERT, as `save(force_insert=True)` does it: nobody here listens to a model's signals."""
    if type(row)._meta.db_returning_fields:
        row.save(force_insert=True)
        return
    with connection.cursor() as cursor:
        cursor.execute(_insertion(type(row), ()), _values(row))
    _stands(row)


def insert_unless(row: models.Model, *taken: str) -> bool:
    """INSERT, unless a row with the same values in these unique columns exists; whether it was written.

    Waits for another transaction that is writing such a row.
    """
    with connection.cursor() as cursor:
        cursor.execute(_insertion(type(row), taken), _values(row))
        written = cursor.fetchone() is not None
    if written:
        _stands(row)
    return written


def _values(row: models.Model) -> list[Any]:
    fields = row._meta.concrete_fields
    return [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]


@cache
def _insertion(model: type[models.Model], taken: Sequence[str]) -> str:
    fields = model._meta.concrete_fields
    gaps = ", ".join(["%s"] * len(fields))
    table = connection.ops.quote_name(model._meta.db_table)
    sql = f"INSERT INTO {table} ({_columns(fields)}) VALUES ({gaps})"  # noqa: S608 (names of our models)
    if not taken:
        return sql
    unique = _columns([field for field in fields if field.name in taken])
    return f"{sql} ON CONFLICT ({unique}) DO NOTHING RETURNING 1"


def _columns(fields: Iterable[models.Field[Any, Any]]) -> str:
    return ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)


def _stands(row: models.Model) -> None:
    """What a model knows of itself once it is in the database."""
    row._state.adding = False
    row._state.db = connection.alias
