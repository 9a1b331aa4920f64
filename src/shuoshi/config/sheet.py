"""How to sign in to the demo, as the terminal shows it: who, what there is to see, password and code."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from shuoshi.demo.accounts import sign_in_sheet


def drawn() -> str:
    """The whole sheet. Raises FileNotFoundError in a home that has no demo."""
    rows = [tuple(str(cell) for cell in row) for row in sign_in_sheet()]
    widths = [max(_cells(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [f"\nSign in at /desk/. The codes change every 30 s; for fresh ones: {as_typed_here('sign-in')}"]
    for row in rows:
        line = "  ".join(cell + " " * (width - _cells(cell)) for cell, width in zip(row, widths, strict=True))
        lines.append(f"  {line.rstrip()}")
    return "\n".join(lines)


def as_typed_here(command: str) -> str:
    """How to call a command of ours at this terminal, for this home."""
    program = Path(sys.executable).with_name("shuoshi")
    here = program.relative_to(Path.cwd()) if program.is_relative_to(Path.cwd()) else program
    name = "shuoshi" if shutil.which("shuoshi") else str(here)
    home = os.environ.get("SHUOSHI_HOME")
    return f"SHUOSHI_HOME={home} {name} {command}" if home else f"{name} {command}"


def _cells(text: str) -> int:
    """Width on a terminal: a Chinese character takes two cells."""
    return sum(2 if ord(character) >= 0x2E80 else 1 for character in text)
