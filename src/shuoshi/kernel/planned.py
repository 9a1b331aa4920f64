"""Statements that PostgreSQL keeps with a connection: it reads and plans each once and then runs it by its name.

It plans what a page asks for longer than it looks for the answer. SQLite has nothing to keep: it plans in no time.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from itertools import count
from typing import Any
from uuid import uuid4
from weakref import WeakKeyDictionary

from django.db.backends.base.base import BaseDatabaseWrapper

MOST = 32  # for each connection; a plan of the longest takes some MB in the server

_names = count(1)
_lock = threading.Lock()
_kept: WeakKeyDictionary[Any, OrderedDict[str, None]] = WeakKeyDictionary()  # by the connection of the driver


class Planned:
    """One statement with gaps: `sql` has %s for each of `params`, and at `gaps` values are given when it is run."""

    def __init__(self, sql: str, params: Sequence[Any], gaps: dict[int, str]) -> None:
        """`gaps` are places among the parameters, with the type of each in the words of the database."""
        self._name = f"shuoshi_{next(_names)}"
        self._sql, self._gaps = sql, gaps
        self._marks = {place: f"gap {uuid4()}" for place in gaps}  # no word anybody could ask about
        self._params = [self._marks.get(place, param) for place, param in enumerate(params)]
        values = ", ".join(["%s"] * len(gaps))
        self.run = f"EXECUTE {self._name}({values})" if gaps else f"EXECUTE {self._name}"

    def be_known(self, connection: BaseDatabaseWrapper) -> None:
        """Let the server know it on this connection; nothing to do when it does. `run` takes a value for each gap."""
        connection.ensure_connection()
        driver = connection.connection
        with _lock:
            kept = _kept.setdefault(driver, OrderedDict())
        if self._name in kept:
            kept.move_to_end(self._name)
            return
        with connection.wrap_database_errors, driver.cursor() as cursor:
            if len(kept) >= MOST:
                cursor.execute(f"DEALLOCATE {kept.popitem(last=False)[0]}")
            cursor.execute(self._prepare(connection))
        kept[self._name] = None

    def _prepare(self, connection: BaseDatabaseWrapper) -> str:
        """What never changes stands in it as it is: the server plans best for what it knows."""
        sql: str = connection.ops.compose_sql(self._sql, self._params)  # type: ignore[attr-defined]  # of this backend
        for number, mark in enumerate(self._marks.values(), 1):
            sql = sql.replace(f"'{mark}'", f"${number}")
        types = f"({', '.join(self._gaps.values())})" if self._gaps else ""
        return f"PREPARE {self._name}{types} AS {sql}"
