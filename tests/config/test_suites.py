"""What the build machine runs and the drills in full length leave no test out, and run none twice on one database."""

from __future__ import annotations

from itertools import product

import pytest

from tools.test import RUNS, SUITES

MARKS = ("browser", "slow", "long")


def selects(suite: str, marks: dict[str, bool]) -> bool:
    options = SUITES[suite]
    return bool(eval(options[options.index("-m") + 1], {}, marks))


@pytest.mark.parametrize("worn", list(product([False, True], repeat=len(MARKS))), ids=str)
def test_every_test_runs_in_all_or_with_the_drills_whatever_its_marks(worn: tuple[bool, ...]) -> None:
    marks = dict(zip(MARKS, worn, strict=True))
    running = [suite for suite in (*RUNS["all"], *RUNS["drills"]) if selects(suite, marks)]
    assert running
    assert len({"PostgreSQL" in suite for suite in running}) == len(running)


@pytest.mark.parametrize("run", RUNS)
def test_a_suite_stands_on_the_day_and_the_database_of_its_name(run: str) -> None:
    for suite in RUNS[run]:
        options = " ".join(SUITES[suite])
        assert ("postgres" in options) == ("PostgreSQL" in suite)
        assert ("2027" in suite) == ("--today 2027" in options) and ("2031" in suite) == ("--today 2031" in options)
