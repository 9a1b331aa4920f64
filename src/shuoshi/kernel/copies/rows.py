"""Rows of any table as lines of text that are the same on both databases, and back. What the lines are put in: form.

A line is a JSON array of a row's columns as they lie in the database: sealed columns stay sealed. Numbers and truth are
numbers, a UUID 32 digits of hex, an instant `2026-11-24 01:30:00.5` in UTC as SQLite holds it, bytes base64.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.apps import apps
from django.apps.registry import Apps
from django.db import connection, models
from django.db.backends.utils import CursorWrapper

Model = type[models.Model]
Change = Callable[[Any], Any]

_AT_ONCE = 2000  # rows
_NUMBERS = {"AutoField", "BigAutoField", "IntegerField", "BigIntegerField", "SmallIntegerField"}
_NUMBERS |= {"PositiveIntegerField", "PositiveBigIntegerField", "PositiveSmallIntegerField"}
_TEXTS = {"CharField", "TextField"}
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def tables(state: Apps) -> Iterator[Model]:
    """The models of a state whose rows are copied: all of ours but those that say `copied = False`.

    Of the libraries none: sessions and tasks belong to a machine, permissions and types are made by the migrations.
    """
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("shuoshi.")}
    left_out = {model._meta.label for model in apps.get_models() if not getattr(model, "copied", True)}
    for model in state.get_models(include_auto_created=True):
        if model._meta.app_label in ours and model._meta.managed and model._meta.label not in left_out:
            yield model


def columns(model: Model) -> list[str]:
    return [str(field.column) for field in model._meta.concrete_fields]


def lines(model: Model) -> Iterator[bytes]:
    """Every row by the order of its key, each ending with a line feed. Inside `snapshot.one_state`."""
    fields = model._meta.concrete_fields
    changes = [(at, change) for at, field in enumerate(fields) if (change := _outward(field))]
    with connection.chunked_cursor() as cursor:
        cursor.execute(_select(model))
        while rows := cursor.fetchmany(_AT_ONCE):
            for row in rows:
                cells = list(row)
                for at, change in changes:
                    if cells[at] is not None:
                        cells[at] = change(cells[at])
                yield _encode(cells).encode() + b"\n"


def told_of(lines: Iterable[bytes], what: str, told: Callable[[str, int], None]) -> Iterator[bytes]:
    """The same lines; on the way `told` learns how many there were."""
    count = 0
    for count, line in enumerate(lines, start=1):
        yield line
        if count % 1000 == 0:
            told(what, count)
    told(what, count)


def load(model: Model, names: Sequence[str], lines: Iterable[bytes]) -> int:
    """Insert rows into an empty table; how many. `names`: the columns as the copy has them, in its order."""
    fields = {field.column: field for field in model._meta.concrete_fields}
    if set(names) != set(fields):
        raise ValueError(f"{model._meta.label} has other columns in the copy than its migrations make")
    changes = [(at, change) for at, name in enumerate(names) if (change := _inward(fields[name]))]
    put = _copy_in if connection.vendor == "postgresql" else _insert
    with connection.cursor() as cursor:
        return put(cursor, model._meta.db_table, names, _cells(lines, changes))


def go_on_counting(models: Iterable[Model]) -> None:
    """Have keys that the database counts up itself go on after the rows that were loaded."""
    from django.core.management.color import no_style

    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(models)):
            cursor.execute(statement)


def _cells(lines: Iterable[bytes], changes: list[tuple[int, Change]]) -> Iterator[list[Any]]:
    for line in lines:
        cells: list[Any] = json.loads(line)
        for at, change in changes:
            if cells[at] is not None:
                cells[at] = change(cells[at])
        yield cells


def _insert(cursor: CursorWrapper, table: str, names: Sequence[str], rows: Iterator[list[Any]]) -> int:
    listed = ", ".join(map(connection.ops.quote_name, names))
    statement = f"INSERT INTO {connection.ops.quote_name(table)} ({listed}) VALUES ({', '.join(['%s'] * len(names))})"  # noqa: S608 names of our own
    count = 0
    while chunk := list(islice(rows, _AT_ONCE)):
        cursor.executemany(statement, chunk)
        count += len(chunk)
    return count


def _copy_in(cursor: CursorWrapper, table: str, names: Sequence[str], rows: Iterator[list[Any]]) -> int:
    listed = ", ".join(map(connection.ops.quote_name, names))
    count = 0
    with cursor.copy(f"COPY {connection.ops.quote_name(table)} ({listed}) FROM STDIN") as stream:
        for row in rows:
            stream.write_row(row)
            count += 1
    return count


def _select(model: Model) -> str:
    key = model._meta.pk
    assert key is not None
    listed = ", ".join(_expression(field) for field in model._meta.concrete_fields)
    order = connection.ops.quote_name(str(key.column))
    if connection.vendor == "postgresql" and _type(key) in _TEXTS:
        order += ' COLLATE "C"'
    return f"SELECT {listed} FROM {connection.ops.quote_name(model._meta.db_table)} ORDER BY {order}"  # noqa: S608 names of our own


def _expression(field: models.Field[Any, Any]) -> str:
    name = connection.ops.quote_name(str(field.column))
    if connection.vendor == "sqlite":
        return f"+{name}"  # no column any more, so that its declared type converts nothing
    return {
        "UUIDField": f"replace({name}::text, '-', '')",
        "BooleanField": f"{name}::int",
        "DateTimeField": f"{name} AT TIME ZONE 'UTC'",
    }.get(_type(field), name)


def _outward(field: models.Field[Any, Any]) -> Change | None:
    """What turns a value as the driver gives it into one of a line. Raises TypeError for a type nobody thought of."""
    kind = _type(field)
    if kind == "BinaryField":
        return lambda value: base64.b64encode(value).decode()
    if kind in ("DateTimeField", "DateField", "TimeField"):
        return None if connection.vendor == "sqlite" else str
    if kind in _NUMBERS | _TEXTS | {"UUIDField", "BooleanField"}:
        return None
    raise TypeError(f"{field} is a {kind}: copies must learn how it looks on both databases")


def _inward(field: models.Field[Any, Any]) -> Change | None:
    kind = _type(field)
    if kind == "BinaryField":
        return base64.b64decode
    if kind == "DateTimeField" and connection.vendor == "postgresql":
        return lambda value: f"{value}+00"
    return None


def _type(field: models.Field[Any, Any]) -> str:
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    return field.get_internal_type()
