"""Statements that are asked again and again: the ORM puts one together once, and afterwards only values change.

Putting together what a page asks takes longer than answering it, and so does planning it: PostgreSQL keeps the plan.
What is kept is SQL, never an answer: a question about what somebody may see is prepared for the very posts that are
held, and asked of the database each time.

    _of_number = lru_cache(lambda posts: Prepared(lambda number: visible_to(…).filter(number=number), number=CharField()))
    matter = _of_number(actor.posts).ask(number=number).get()
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar
from uuid import uuid4

from django.core.exceptions import EmptyResultSet
from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet, Subquery
from django.db.models.sql import Query
from django.db.models.sql.where import WhereNode
from django.db.transaction import TransactionManagementError

from shuoshi.kernel.planned import Planned

Row = TypeVar("Row")

_STAND_IN = "stand-in for a value"
_FAR = datetime(4001, 1, 1, tzinfo=UTC)  # no moment anybody asks about
_SHAPE = ("_iterable_class", "_fields")  # how a query gives its rows back
_NEAR_IT = timedelta(days=400_000)  # further from it than any margin that is added to a moment


class Prepared(Generic[Row]):
    """One question with gaps. `build` makes the query when it is first asked, with a stand-in for each named gap.

    A gap is filled with a value of its field; of a moment also what `build` makes of it by adding or taking off a span.
    A slice and conditions are part of the question. Not for a `build` that looks at the value of a gap.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Row]], **gaps: models.Field[Any, Any]) -> None:
        self._build, self._fields = build, gaps
        self._made: _Made[Row] | None = None

    def ask(self, **values: Any) -> QuerySet[Any, Row]:
        """The query with these values, to be read once: iterate over it, nothing else."""
        if self._made is None:
            self._made = _Made(self._build, self._fields)
        return self._made.filled(values)

    def one(self, **values: Any) -> Row | None:
        """The only row, or None."""
        return next(iter(self.ask(**values)), None)


class _Made(Generic[Row]):
    """SQL, the places of the gaps among its parameters, and what turns rows into models."""

    def __init__(self, build: Callable[..., QuerySet[Any, Row]], fields: dict[str, models.Field[Any, Any]]) -> None:
        stand_ins = {name: _stand_in(place, field) for place, (name, field) in enumerate(fields.items())}
        self._queryset = build(**stand_ins)
        self._fields = fields
        self._compiler = self._queryset.query.get_compiler(using=self._queryset.db)
        try:
            self._sql, params = self._compiler.as_sql()
        except EmptyResultSet:
            self._sql, params = "", ()
        self._params = list(params)
        self._gaps = list(self._found(stand_ins))
        filled = {place for place, _name, _after in self._gaps}
        if any(place not in filled and _STAND_IN in str(param) for place, param in enumerate(self._params)):
            raise ValueError("the question makes something of a value before it asks about it")
        self._planned = self._to_be_planned()
        self._converters: dict[int, Any] | None = None
        _forget_conditions(self._queryset.query)

    def filled(self, values: dict[str, Any]) -> QuerySet[Any, Row]:
        connection = connections[self._queryset.db]
        if self._queryset.query.select_for_update and connection.get_autocommit():
            raise TransactionManagementError("nothing is locked outside of a transaction")
        sql, params = self._statement(connection, values)
        compiler = copy.copy(self._compiler)
        compiler.connection = connection
        compiler.as_sql = lambda *_args, **_kwargs: (sql, params)
        compiler.get_converters = self._what_turns_values
        query = copy.copy(self._queryset.query)
        query.get_compiler = lambda *_args, **_kwargs: compiler  # type: ignore[method-assign]  # this query is compiled once
        asked = type(self._queryset)(self._queryset.model, query, self._queryset.db)
        for name in _SHAPE:
            setattr(asked, name, getattr(self._queryset, name))
        return asked

    def _what_turns_values(self, expressions: Iterable[Any]) -> dict[int, Any]:
        """By column: what makes a value of ours of what the database gave. Looked up once."""
        if self._converters is None:
            self._converters = self._compiler.get_converters(expressions)
        return self._converters

    def _statement(self, connection: BaseDatabaseWrapper, values: dict[str, Any]) -> tuple[str, tuple[Any, ...]]:
        given = []
        for _place, name, after in self._gaps:
            value = values[name] + after if after else values[name]
            given.append(self._fields[name].get_db_prep_value(value, connection))
        if self._planned is not None:
            self._planned.be_known(connection)
            return self._planned.run, tuple(given)
        params = list(self._params)
        for (place, _name, _after), value in zip(self._gaps, given, strict=True):
            params[place] = value
        return self._sql, tuple(params)

    def _to_be_planned(self) -> Planned | None:
        connection = connections[self._queryset.db]
        if connection.vendor != "postgresql" or not self._sql:
            return None
        types = {place: str(self._fields[name].db_type(connection)) for place, name, _after in self._gaps}
        return Planned(self._sql, self._params, types)

    def _found(self, stand_ins: dict[str, Any]) -> Iterator[tuple[int, str, timedelta | None]]:
        """Where in the parameters a stand-in went, and how far a moment was moved from it."""
        connection = connections[self._queryset.db]
        for place, param in enumerate(self._params):
            for name, stand_in in stand_ins.items():
                if isinstance(stand_in, datetime):
                    moved = _moment(param)
                    if moved is not None and abs(moved - stand_in) < _NEAR_IT:
                        yield place, name, moved - stand_in
                elif param == self._fields[name].get_db_prep_value(stand_in, connection):
                    yield place, name, None


def _forget_conditions(query: Query) -> None:
    """They stand in the SQL now; kept beside it for each set of posts, they are most of what a process would hold."""
    query.where = WhereNode()
    for expression in query.annotations.values():
        if isinstance(expression, Subquery):
            _forget_conditions(expression.query)
    for part in query.combined_queries:
        _forget_conditions(part)


def _stand_in(place: int, field: models.Field[Any, Any]) -> Any:
    if isinstance(field, models.DateTimeField):
        return _FAR + place * 3 * _NEAR_IT
    return uuid4() if isinstance(field, models.UUIDField) else f"{_STAND_IN} {place}"


def _moment(param: Any) -> datetime | None:
    """A parameter as a moment, also where the database takes it as text in UTC; None for what is none."""
    if isinstance(param, str):
        try:
            param = datetime.fromisoformat(param)
        except ValueError:
            return None
    if not isinstance(param, datetime):
        return None
    return param if param.tzinfo else param.replace(tzinfo=UTC)
