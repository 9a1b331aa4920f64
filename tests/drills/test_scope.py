"""Which drills of security.md, paragraph 7, have their subject by now, and that each has a test marked with its number."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

IN_SCOPE = (1, 2, 3, 4, 5, 8, 10, 12, 13, 14, 18, 19, 26)
TESTS = Path(__file__).parents[1]
MARKED = {
    int(number)
    for path in TESTS.rglob("*.py")
    for number in re.findall(r"\bmark\.drill\((\d+)\)", path.read_text("utf-8"))
}


@pytest.mark.parametrize("number", IN_SCOPE)
def test_every_drill_in_scope_has_a_test(number: int):
    assert number in MARKED
