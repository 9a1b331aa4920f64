"""Which list is asked for and how it is narrowed: all that is needed to find the same rows again later."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from shuoshi.matters.queries.queues import Filters

NOBODY = "none"  # of a line of the balance: without a kind, not with one unit


class NoSuchList(Exception):
    """There is no such list, or it is not this actor's."""


@dataclass(frozen=True)
class Asked:
    """`listed` is a sort and a name: queue.over, figure.open, search.found, balance.new, register.ended.

    `period`, `kind` and `unit` belong to the lists of a period.
    """

    listed: str
    filters: Filters = field(default_factory=Filters)
    typed: str = ""
    period: str = ""
    kind: str = ""
    unit: str = ""
    form: str = ""  # the key of a version of a form it is filled into

    @property
    def sort(self) -> str:
        return self.listed.partition(".")[0]

    @property
    def name(self) -> str:
        return self.listed.partition(".")[2]

    def written(self) -> str:
        return json.dumps(asdict(self), default=str, ensure_ascii=False)

    @classmethod
    def read(cls, written: str) -> Asked:
        found: dict[str, Any] = json.loads(written)
        filters = Filters(**found.pop("filters"))
        week = date.fromisoformat(str(filters.week)) if filters.week else None
        return cls(filters=replace(filters, week=week), **found)

    def facts(self) -> dict[str, str]:
        """By codes what it is narrowed by, for the event; what was typed is not told, only that something was."""
        chosen = {name: str(value) for name, value in asdict(self.filters).items() if value}
        chosen |= {name: value for name in ("period", "kind", "unit", "form") if (value := getattr(self, name))}
        return chosen | ({"typed": "yes"} if self.typed else {})
