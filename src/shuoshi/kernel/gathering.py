"""Rows of many things that are made one after another and written together: a statement for a model, not for a row.

with gathering.gathered() as whole:  # inside a transaction
    for one in several:
        with whole.part():  # what fails leaves nothing behind
            …               # the same code that makes one of them alone

Whoever asks the database anything finds there what was made before: asking writes it first. What is asked for each of
them, and has the same answer for all, is asked once (`asked`); of a series of numbers the first is taken from the
database, so that others wait, and the rest is counted here.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Hashable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import connection, models

Answer = TypeVar("Answer")


class Spoilt(Exception):
    """A part failed after some of it was written: only the transaction can take that back."""


class Gathering:
    """What was made and is not written yet, by model."""

    def __init__(self) -> None:
        self._waiting: dict[type[models.Model], list[list[Any]]] = {}
        self._written = 0
        self._numbers: dict[str, int] = {}
        self._taken: dict[str, int] = {}  # as the database knows it
        self._answers: dict[Hashable, Any] = {}
        self._free: dict[str, set[str]] = {}

    def keep(self, model: type[models.Model], values: list[Any]) -> None:
        self._waiting.setdefault(model, []).append(values)

    def asked(self, key: Hashable, question: Callable[[], Any]) -> Any:
        if key not in self._answers:
            self._answers[key] = question()
        return self._answers[key]

    def next(self, series: str, take: Callable[[str], int]) -> int:
        """The next number of a series; `take` takes one from the database, and lets nobody else take any."""
        if series not in self._numbers:
            self._numbers[series] = self._taken[series] = take(series)
        else:
            self._numbers[series] += 1
        return self._numbers[series]

    def counted(self) -> dict[str, int]:
        """Series that went on here, with the last number of each."""
        return {series: last for series, last in self._numbers.items() if last != self._taken[series]}

    def are_free(self, scope: str, keys: Collection[str]) -> None:
        """Nobody has used these keys of a scope; each may be claimed once without looking."""
        self._free.setdefault(scope, set()).update(keys)

    def claims(self, scope: str, key: str) -> bool:
        """Whether a key is one of those, and now claimed."""
        free = self._free.get(scope, set())
        known = key in free
        free.discard(key)
        return known

    @contextmanager
    def part(self) -> Iterator[None]:
        """What fails in here is forgotten, rows and numbers. Raises Spoilt where some of it was written already."""
        rows = {model: len(values) for model, values in self._waiting.items()}
        written, numbers = self._written, dict(self._numbers)
        try:
            yield
        except Exception as fault:
            if self._written != written:
                raise Spoilt from fault
            for model, values in self._waiting.items():
                del values[rows.get(model, 0) :]
            self._numbers = {series: numbers.get(series, self._taken[series] - 1) for series in self._numbers}
            raise

    def write(self) -> None:
        """Everything that waits, model by model; keys that lead from row to row are looked at when all is there."""
        waiting, self._waiting = self._waiting, {}
        for model, values in waiting.items():
            if values:
                self._written += len(values)
                _write(model, values)


def current() -> Gathering | None:
    """What gathers in this thread now."""
    return _here.gathering


def asked(key: Hashable, question: Callable[[], Answer]) -> Answer:
    """What `question` answers; while many things are made together it is asked once for a key."""
    gathering = _here.gathering
    return question() if gathering is None else gathering.asked(key, question)


@contextmanager
def gathered() -> Iterator[Gathering]:
    """Inside a transaction; what was made is written at the end, or not at all where something is raised."""
    if _here.gathering is not None:
        raise RuntimeError("something is gathered already")
    whole = Gathering()
    _here.gathering = whole
    try:
        with connection.execute_wrapper(_written_first):
            yield whole
            whole.write()
    finally:
        _here.gathering = None


@contextmanager
def apart() -> Iterator[None]:
    """In here rows are written at once, after those that wait."""
    held = _here.gathering
    if held is None:
        yield
        return
    held.write()
    _here.gathering = None
    try:
        yield
    finally:
        _here.gathering = held


class _Here(threading.local):
    gathering: Gathering | None = None


_here = _Here()


def _written_first(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    if _here.gathering is not None:
        _here.gathering.write()
    return execute(sql, params, many, context)


def _write(model: type[models.Model], several: list[list[Any]]) -> None:
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(field.column)) for field in model._meta.concrete_fields)
    table = quote(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with connection.wrap_database_errors, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for values in several:
                    copy.write_row(values)
        else:
            gaps = ", ".join(["%s"] * len(several[0]))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({gaps})", several)  # noqa: S608 (names of our models)
