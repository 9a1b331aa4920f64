"""Single rows, written by SQL that is made once for a model. What a row means, and its event, is its owner's.

with rows.together():  # inside a transaction
    …                  # what is inserted here goes to the server in few messages, and is there for whoever asks
"""

from __future__ import annotations

import operator
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from enum import Enum
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models.base import ModelState

from shuoshi.kernel import crypto, gathering

Row = TypeVar("Row", bound=models.Model)


def new(model: type[Row], **values: Any) -> Row:
    """An unsaved row as `model(**values)` makes it. What its columns are without being said is looked up once."""
    standing, made_anew, linked = _blank(model)
    row = model.__new__(model)
    row._state = ModelState()
    kept = row.__dict__
    kept.update(standing)
    for attname, default in made_anew:
        if attname not in values:
            setattr(row, attname, default())
    for name, value in values.items():
        if value is None or name not in linked:
            setattr(row, name, value)
        else:
            kept[linked[name]] = value.pk
            row._state.fields_cache[name] = value
    return row


def insert(row: models.Model) -> None:
    """INSERT, as `save(force_insert=True)` does it: nobody here listens to a model's signals."""
    insert_all([row])


def insert_all(several: Sequence[models.Model]) -> None:
    """The same for some rows of one model, in one statement. Models whose keys the database makes are Django's."""
    if not several:
        return
    model = type(several[0])
    if model._meta.db_returning_fields:
        model._base_manager.bulk_create(several)
        return
    whole = gathering.current()
    if whole is not None:
        for row in several:
            whole.keep(model, _values(row))
            _stands(row)
        return
    execute(_insertion(model, len(several)), [value for row in several for value in _values(row)])
    for row in several:
        _stands(row)


def insert_unless(row: models.Model, *taken: str) -> bool:
    """INSERT, unless a row with the same values in these unique columns exists; whether it was written.

    Waits for another transaction that is writing such a row.
    """
    with connection.cursor() as cursor:
        cursor.execute(_insertion(type(row), 1, taken), _values(row))
        written = cursor.fetchone() is not None
    if written:
        _stands(row)
    return written


def execute(sql: str, params: Sequence[Any]) -> None:
    """One statement without an answer: now, or with the next ones where they go `together`."""
    if _here.waiting is not None:
        _here.waiting.append((sql, params))
        return
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


@contextmanager
def together() -> Iterator[None]:
    """Hold inserts back until something else is asked, and send them in one message. Inside a transaction.

    Everything happens in the order in which it was asked for; only what a row contradicts may be said a little later.
    Changes nothing where the database is no server.
    """
    if connection.vendor != "postgresql" or _binds_on_its_side() or _here.waiting is not None:
        yield
        return
    _here.waiting = []
    try:
        with connection.execute_wrapper(_send_first):
            yield
        _send()
    finally:
        _here.waiting = None


@contextmanager
def apart() -> Iterator[None]:
    """Inserts here go at once, also inside `together`: for whoever expects that one may be contradicted."""
    _send()
    held, _here.waiting = _here.waiting, None
    try:
        with gathering.apart():
            yield
    finally:
        _here.waiting = held


def _binds_on_its_side() -> bool:
    """Whether values travel apart from the statement, which then must be a single one."""
    return bool(getattr(connection.features, "uses_server_side_binding", False))


class _Here(threading.local):
    """Statements of this thread that wait; None where each goes by itself."""

    waiting: list[tuple[str, Sequence[Any]]] | None = None


_here = _Here()


def _send_first(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    _send()
    return execute(sql, params, many, context)


def _send() -> None:
    waiting = _here.waiting
    if not waiting:
        return
    _here.waiting = []
    with connection.cursor() as cursor:  # values are put in on our side, so that several statements may go as one
        cursor.execute(";\n".join(sql for sql, _params in waiting), [p for _sql, params in waiting for p in params])


def _values(row: models.Model) -> list[Any]:
    """What the database takes for each column. Django is asked only about what is not plainly of its column's type."""
    kept, made = row.__dict__, []
    for field, attname, usual, written, plain in _columns_of(type(row)):
        value = kept.get(attname, _LOOK)
        if value is usual:
            made.append(written)
            continue
        turn = plain.get(value.__class__, _LOOK)
        if turn is None:
            made.append(value)
        elif turn is not _LOOK:
            made.append(turn(value))
        elif isinstance(value, Enum) and str in plain:
            made.append(value.value)
        else:
            made.append(field.get_db_prep_save(field.pre_save(row, True), connection))
    return made


_LOOK: Any = object()
_NEVER: Any = object()  # stands in no column
_Turn = Callable[[Any], Any] | None  # None: the value goes as it is
_INTEGERS = (models.PositiveIntegerField, models.PositiveSmallIntegerField, models.PositiveBigIntegerField)


@lru_cache(maxsize=512)
def _columns_of(model: type[models.Model]) -> list[tuple[Any, str, Any, Any, dict[type, _Turn]]]:
    """Of each column the field, what stands in it where nothing is said, how that is written, and `_plain`."""
    found = []
    for field in model._meta.concrete_fields:
        plain, value = _plain(field), usual(model).get(field.attname, _NEVER)
        turn = plain.get(value.__class__, _LOOK)
        if turn is _LOOK:
            found.append((field, field.attname, _NEVER, None, plain))
        else:
            found.append((field, field.attname, value, turn(value) if turn else value, plain))
    return found


def _plain(field: models.Field[Any, Any]) -> dict[type, _Turn]:
    """Which types of values a column takes without Django, and what is made of them."""
    nothing: dict[type, _Turn] = {type(None): None}
    if isinstance(field, crypto.EncryptedText):
        return nothing
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    made_then = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    if made_then or type(field).pre_save not in (models.Field.pre_save, models.DateTimeField.pre_save):
        return {}
    if type(field) in (models.CharField, models.TextField):
        return nothing | {str: None}
    if type(target) is models.BooleanField:
        return nothing | {bool: None}
    if type(target) in _INTEGERS:
        return nothing | {int: None}
    if type(target) is models.DateTimeField:
        return nothing | {datetime: _moment}
    if type(target) is models.UUIDField:
        return nothing | {UUID: None if connection.features.has_native_uuid_field else operator.attrgetter("hex")}
    return nothing


@lru_cache(maxsize=1024)
def _moment(at: datetime) -> Any:
    """Rows that are written together tell of few moments."""
    return _MOMENT.get_db_prep_value(at, connection)


_MOMENT: models.DateTimeField[Any, Any] = models.DateTimeField()


@lru_cache(maxsize=512)
def _insertion(model: type[models.Model], count: int, taken: Sequence[str] = ()) -> str:
    fields = model._meta.concrete_fields
    gaps = ", ".join([f"({', '.join(['%s'] * len(fields))})"] * count)
    table = connection.ops.quote_name(model._meta.db_table)
    sql = f"INSERT INTO {table} ({_columns(fields)}) VALUES {gaps}"  # noqa: S608 (names of our models)
    if not taken:
        return sql
    unique = _columns([field for field in fields if field.name in taken])
    return f"{sql} ON CONFLICT ({unique}) DO NOTHING RETURNING 1"


def _columns(fields: Iterable[models.Field[Any, Any]]) -> str:
    return ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)


def usual(model: type[models.Model]) -> dict[str, Any]:
    """What stands in the columns of a row of which nothing was said, without what is made anew for each."""
    return _blank(model)[0]


@lru_cache(maxsize=512)
def _blank(
    model: type[models.Model],
) -> tuple[dict[str, Any], list[tuple[str, Callable[[], Any]]], dict[str, str]]:
    """What stands in the columns of a row that nothing is said of, what is made anew for each row, and columns that lead
    to another row by its key."""
    fields = model._meta.concrete_fields
    anew = [(field.attname, field.get_default) for field in fields if field.has_default() and callable(field.default)]
    leads = [field for field in fields if type(field) is models.ForeignKey and field.target_field.primary_key]
    linked = {field.name: field.attname for field in leads}
    made = {attname for attname, _default in anew} | {"_state"}
    return {name: value for name, value in model().__dict__.items() if name not in made}, anew, linked


def _stands(row: models.Model) -> None:
    """What a model knows of itself once it is in the database."""
    row._state.adding = False
    row._state.db = DEFAULT_DB_ALIAS
