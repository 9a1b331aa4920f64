"""The page of commands shows what each prints about itself, and none that is nobody's to call."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from shuoshi.config.cli import main

PAGE = (Path(__file__).parents[2] / "docs" / "commands.md").read_text("utf-8")
SHOWN = dict(re.findall(r"^## `(shuoshi[^`]*)`\n\n```text\n(.*?)\n```$", PAGE, re.MULTILINE | re.DOTALL))


@pytest.mark.parametrize("line", SHOWN)
def test_it_is_shown_as_it_prints_itself(line: str) -> None:
    words = [*line.split()[1:], "-h"]
    printed = CliRunner().invoke(main, words, prog_name="shuoshi", terminal_width=100, catch_exceptions=False)
    assert printed.output.rstrip() == SHOWN[line]


def test_hidden_ones_are_left_out_and_all_others_are_there() -> None:
    assert {f"shuoshi {name}" for name, command in main.commands.items() if not command.hidden} <= set(SHOWN)
    assert not [name for name, command in main.commands.items() if command.hidden and f"shuoshi {name}" in SHOWN]
