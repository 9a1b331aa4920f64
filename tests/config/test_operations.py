"""What the manual tells an administrator to type exists, with the options it names."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from shuoshi.config.cli import main
from shuoshi.config.environment import SETTINGS
from shuoshi.kernel.steady import Kind

MANUAL = (Path(__file__).parents[2] / "docs" / "operations.md").read_text("utf-8")
_COMMAND = r"(?:^ *|`)(?:sudo )?(?:[A-Z_]+=\S+ )*(?:\.venv/bin/)?(shuoshi [a-z][^`\n>]*)"
COMMANDS = sorted(set(re.findall(_COMMAND, MANUAL, re.MULTILINE)))


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_is_one(line: str) -> None:
    words = shlex.split(line)[1:]
    command: click.Command = main
    while isinstance(command, click.Group):
        command = command.commands[words.pop(0)]
    command.make_context(words[0] if words else "", words, resilient_parsing=False)


def test_the_commands_and_settings_of_the_manual_are_those_of_copies() -> None:
    assert {line.split()[1] for line in COMMANDS} >= {"backup", "restore", "recovery-sheet", "check", "run"}
    named = set(re.findall(r"\bSHUOSHI_[A-Z]+|\bDATABASE_URL", MANUAL))
    assert named and named <= {setting.name for setting in SETTINGS}


def test_every_red_line_about_the_house_is_explained() -> None:
    for kind in (
        Kind.COPY_OLD,
        Kind.COPY_BROKEN,
        Kind.FILES_LOST,
        Kind.DISK_FULL,
        Kind.WORKER_STILL,
        Kind.SWEEP_STILL,
        Kind.LOOKS_FAIL,
        Kind.CLOCK_JUMPED,
        Kind.TASK_FAILED,
        Kind.GATEWAY_DOWN,
        Kind.MESSAGES_FULL,
    ):
        begin = re.split("[，。：]", str(kind.label))[0]
        assert begin in MANUAL, kind
