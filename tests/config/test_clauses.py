"""docs/clauses.md: each demand of clause 4, each invariant and each rule over all rows names tests that are there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from shuoshi.matters.workflow import TRANSITIONS

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "clauses.md").read_text("utf-8")
WITH_A_PLACE = ("4.", "6.1.1")  # clauses that have a heading of their own
INVARIANTS = (1, 2, 3, 4, 5, 6, 7, 11, 13, 14)
RULES = ("1", "2", "3", "4", "5", "6", "7", "8", "a", "b", "c", "d", "e", "g")
EVERY_STEP, NO_STEP = "各步", "不在流程表里"
_LABELS = sorted({str(row.action.label) for row in TRANSITIONS}, key=len, reverse=True)
_STEP = re.compile("|".join([*(re.escape(label) for label in _LABELS if "、" in label), "[^、]+"]))
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


@dataclass(frozen=True)
class Line:
    """One demand: under which headings, what the software does, by which steps, proved by which tests."""

    part: str
    heading: str
    demand: str
    does: str
    steps: tuple[str, ...]
    proof: str

    @property
    def tests(self) -> list[tuple[str, str]]:
        return _TEST.findall(self.proof)


def lines(page: str) -> Iterator[Line]:
    part = heading = ""
    for line in page.splitlines():
        if line.startswith("## "):
            part, heading = line.removeprefix("## "), ""
        elif line.startswith("### "):
            heading = line.removeprefix("### ")
        elif line.startswith("| ") and not line.startswith("| 要求 "):
            demand, does, steps, proof = (cell.strip() for cell in line.strip("|").split("|"))
            yield Line(part, heading, demand, does, tuple(_STEP.findall(steps)), proof)


@cache
def functions(path: str) -> frozenset[str]:
    """The tests of a file, read and not imported."""
    file = ROOT / path
    body = ast.parse(file.read_text("utf-8")).body if file.is_file() else []
    return frozenset(node.name for node in body if isinstance(node, ast.FunctionDef))


def gone(page: str) -> list[str]:
    return [f"{path}::{name}" for line in lines(page) for path, name in line.tests if name not in functions(path)]


def unlike(page: str) -> list[str]:
    """Demands whose last cell is anything but tests, one beneath the other."""
    return [
        line.demand
        for line in lines(page)
        if "<br>".join(f"`{path}::{name}`" for path, name in line.tests) != line.proof
    ]


def unproved(page: str) -> list[str]:
    return [line.demand for line in lines(page) if not line.tests]


def steps_of(page: str) -> set[str]:
    """The steps that a line with tests is about."""
    return {step for line in lines(page) if line.tests for step in line.steps}


def in_the_table() -> set[str]:
    """The Chinese name of each row of the procedure."""
    return {str(row.action.label) for row in TRANSITIONS}


def test_every_test_that_is_named_is_there() -> None:
    assert gone(PAGE) == [] and unlike(PAGE) == []
    assert len({test for line in lines(PAGE) for test in line.tests}) > 200


@pytest.mark.parametrize("clause", sorted({row.clause for row in TRANSITIONS if row.clause.startswith(WITH_A_PLACE)}))
def test_every_clause_of_the_table_has_its_place(clause: str) -> None:
    assert [line for line in lines(PAGE) if line.heading.split(" ")[0] == clause and line.part == "条款"]


def test_every_row_of_the_table_is_named() -> None:
    assert in_the_table() - steps_of(PAGE) == set()


def test_every_step_that_is_named_is_one() -> None:
    assert steps_of(PAGE) - in_the_table() == {EVERY_STEP, NO_STEP}
    assert not [line.demand for line in lines(PAGE) if not line.demand or not line.does]


@pytest.mark.parametrize("number", INVARIANTS)
def test_every_invariant_in_scope_is_proved(number: int) -> None:
    found = [line for line in lines(PAGE) if line.part == "不变式" and line.heading.split(" ")[0] == str(number)]
    assert [line for line in found if line.tests]


@pytest.mark.parametrize("mark", RULES)
def test_every_rule_over_all_rows_and_every_separation_is_proved(mark: str) -> None:
    assert [line for line in lines(PAGE) if line.demand.startswith(f"（{mark}）") and line.tests]


def test_nothing_is_left_without_a_test() -> None:
    assert unproved(PAGE) == []


def test_a_line_that_proves_nothing_is_found() -> None:
    here = "tests/config/test_clauses.py"
    page = "\n".join(
        (
            "## 条款",
            "### 4.9 试写",
            "| 要求 | 软件做到什么 | 步骤 | 测试 |",
            f"| 有 | 做到 | 登记、受托代办、陪办、受理 | `{here}::test_nothing_is_left_without_a_test` |",
            f"| 改了名 | 做到 | 登记 | `{here}::test_that_was_renamed` |",
            "| 没有 | 没有做到 | 分类 | — |",
            "| 以后 | 以后 | 登记 | （待并入） |",
            "| 散写 | 做到 | 登记 | 看别处 |",
        )
    )
    assert gone(page) == [f"{here}::test_that_was_renamed"]
    assert unlike(page) == ["没有", "以后", "散写"]
    assert unproved(page) == ["没有", "以后", "散写"]
    assert steps_of(page) == {"登记", "受托代办、陪办", "受理"}
