"""What was measured, whether it is good enough, and the one table."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Measure:
    """One figure. `goal` is a bound from above, or from below with `at_least`; None where it only informs."""

    measure: str
    value: float
    unit: str
    goal: float | None = None
    at_least: bool = False

    @property
    def met(self) -> bool | None:
        if self.goal is None:
            return None
        return self.value >= self.goal if self.at_least else self.value <= self.goal

    def as_json(self) -> dict[str, Any]:
        goal = None if self.goal is None else f"{'≥' if self.at_least else '≤'} {self.goal:g}"
        rounded = float(f"{self.value:.4g}")
        return {"measure": self.measure, "value": rounded, "unit": self.unit, "goal": goal, "met": self.met}


def table(measures: Iterable[Measure]) -> str:
    """Lines of equal columns: measure, value with unit, goal, whether it is met."""
    rows = [("measure", "value", "goal", "")]
    for one in measures:
        found = one.as_json()
        sign = {True: "met", False: "NOT MET", None: ""}[one.met]
        rows.append((one.measure, f"{found['value']:g} {one.unit}", found["goal"] or "", sign))
    widths = [max(_cells(row[column]) for row in rows) for column in range(4)]
    lines = [
        "  ".join(cell + " " * (width - _cells(cell)) for cell, width in zip(row, widths, strict=True)) for row in rows
    ]
    return "\n".join(line.rstrip() for line in [lines[0], "─" * sum(widths), *lines[1:]])


def keep(measures: Iterable[Measure], path: Path) -> None:
    """Write them where the latest run is kept."""
    path.parent.mkdir(exist_ok=True)
    content = {"measures": [one.as_json() for one in measures]}
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _cells(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
