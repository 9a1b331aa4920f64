"""Writing very many rows at once: a line a row in the language of the database, and indexes built when all are there.

For filling a database that nobody uses meanwhile: rows come past models and their checks, so whoever writes them has
taken them from rows that passed. Constraints hold: what was set aside is built again over all rows, and refuses then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import date, datetime
from types import ModuleType
from typing import Any
from uuid import UUID

from django.db import connection, models

from shuoshi.kernel import crypto
from shuoshi.kernel.bulk import postgres, sqlite
from shuoshi.kernel.events import instant

_DATABASES: dict[str, ModuleType] = {"sqlite": sqlite, "postgresql": postgres}


def line(model: type[models.Model], values: Sequence[Any]) -> str:
    """One row as the database reads it; `values` in the order of the model's columns.

    Instants, dates and keys may be text already, as events write them; sealed bytes are hexadecimal text.
    """
    language = _language()
    fields = model._meta.concrete_fields
    cells = (_cell(field, value, language) for field, value in zip(fields, values, strict=True))
    return str(language.BEGIN + language.BETWEEN.join(cells) + language.END)


def quoted(text: str) -> str:
    """A text as it stands inside a cell made by `line`, for what is put into a finished line."""
    inside: str = _language().inside(text)
    return inside


def joined(lines: Iterable[str]) -> str:
    """Several lines as one."""
    separator: str = _language().SEPARATOR
    return separator.join(lines)


def write(model: type[models.Model], lines: str) -> None:
    """Insert the rows of `joined` lines in one statement."""
    columns = [field.column for field in model._meta.concrete_fields]
    _language().write(model._meta.db_table, columns, lines)


@contextmanager
def filling(some: Iterable[type[models.Model]]) -> Iterator[None]:
    """For as long as it lasts nobody checks keys or keeps the indexes of these tables; then both are built again.

    Several connections may write meanwhile. Raises what the database raises where the rows contradict a constraint.
    """
    tables = [model._meta.db_table for model in some]
    bare: Callable[[list[str]], AbstractContextManager[None]] = _language().bare
    with bare(tables):
        yield


def _cell(field: models.Field[Any, Any], value: Any, language: ModuleType) -> str:
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    if value is None:
        written = language.NULL
    elif isinstance(target, (models.BinaryField, crypto.EncryptedText)):
        written = language.sealed(value if isinstance(value, str) else bytes(value).hex())
    elif isinstance(target, models.BooleanField):
        written = language.TRUE if value else language.FALSE
    elif isinstance(target, models.DateTimeField):
        written = language.moment(instant(value) if isinstance(value, datetime) else value)
    elif isinstance(target, models.UUIDField):
        written = language.key(str(value) if isinstance(value, UUID) else value)
    elif isinstance(target, models.IntegerField):
        written = str(value)
    else:
        written = language.text(value.isoformat() if isinstance(value, date) else str(value))
    return str(written)


def _language() -> ModuleType:
    return _DATABASES[connection.vendor]
