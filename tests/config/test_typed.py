"""The sheet of the demo names a command that can be typed where it stands."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from shuoshi.config import sheet

PROGRAMS = Path(sys.executable).parent


@pytest.fixture(autouse=True)
def no_program_on_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.defpath)
    monkeypatch.delenv("SHUOSHI_HOME")


def test_the_program_is_named_from_where_one_stands(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(PROGRAMS.parent)
    assert sheet.as_typed_here("sign-in") == f"{PROGRAMS.name}/shuoshi sign-in"
    monkeypatch.chdir(tmp_path)
    assert sheet.as_typed_here("sign-in") == f"{PROGRAMS}/shuoshi sign-in"
    monkeypatch.setenv("SHUOSHI_HOME", "/srv/shuoshi")
    assert sheet.as_typed_here("sign-in").startswith("SHUOSHI_HOME=/srv/shuoshi ")
    monkeypatch.setenv("PATH", str(PROGRAMS))
    assert sheet.as_typed_here("sign-in") == "SHUOSHI_HOME=/srv/shuoshi shuoshi sign-in"


def test_what_is_printed_runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    done = subprocess.run(sheet.as_typed_here("--version"), shell=True, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("shuoshi")
