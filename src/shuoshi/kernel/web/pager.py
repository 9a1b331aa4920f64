"""Pages by keyset: the cost of page 100 is the cost of page 1, and rows never jump between pages."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

ROWS = 50
R = TypeVar("R")


@dataclass(frozen=True)
class Page(Generic[R]):
    """Some rows, and the cursor for `?after=` of the next page; "" when these were the last."""

    rows: Sequence[R]
    next: str = ""


def keyset(queryset: QuerySet[Any, R], after: str, order: Sequence[str], size: int = ROWS) -> Page[R]:
    """The rows after the cursor, in `order` ("-name" counts down; the last name must be unique). One statement.

    A cursor that cannot be read begins at the first page: an address somebody shortened is no error.
    """
    values = read(after, len(order))
    if values is not None:
        try:
            return page_of(first(queryset.filter(_beyond(order, values)), order, size), order, size)
        except (TypeError, ValueError, OverflowError, ValidationError):  # whatever a column says to a foreign value
            pass
    return page_of(first(queryset, order, size), order, size)


def first(queryset: QuerySet[Any, R], order: Sequence[str], size: int = ROWS) -> QuerySet[Any, R]:
    """The rows of a first page, and one more, which tells that others follow."""
    return queryset.order_by(*order)[: size + 1]


def page_of(found: Iterable[R], order: Sequence[str], size: int = ROWS) -> Page[R]:
    """What `first` found, as a page."""
    rows = list(found)
    if len(rows) <= size:
        return Page(rows)
    last = rows[size - 1]
    return Page(rows[:size], _write([_value(last, name.lstrip("-")) for name in order]))


def _beyond(order: Sequence[str], values: list[Any]) -> Q:
    """(a, b) > (x, y) spelled out: a > x, or a = x and b > y."""
    condition = Q()
    equal: dict[str, Any] = {}
    for name, value in zip(order, values, strict=True):
        field, side = (name[1:], "lt") if name.startswith("-") else (name, "gt")
        condition |= Q(**equal, **{f"{field}__{side}": value})
        equal[field] = value
    return condition


def _value(row: Any, name: str) -> Any:
    if isinstance(row, dict):
        return row[name]
    value = getattr(row, name, None)
    if value is None:
        for part in name.split("__"):
            row = getattr(row, part)
        value = row
    return value


def _write(values: list[Any]) -> str:
    def plain(value: Any) -> Any:
        return (
            value.isoformat()
            if isinstance(value, date | datetime)
            else str(value)
            if isinstance(value, UUID)
            else value
        )

    text = json.dumps([plain(value) for value in values], separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read(cursor: str, length: int) -> list[Any] | None:
    """What stands in a cursor; None where it is none of so many values."""
    if not cursor:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error):
        return None
    plain = isinstance(values, list) and len(values) == length and all(isinstance(v, str | int | float) for v in values)
    return values if plain else None
