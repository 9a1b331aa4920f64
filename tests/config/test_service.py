"""The service: its unit keeps the settings of the call, runs as its own user, and nothing needs fork to import or start."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from shuoshi.config import service
from shuoshi.config.service import Service
from tests.config.test_start import shuoshi

WITHOUT_FORK = """
import os, sys
for name in ("fork", "forkpty"):
    delattr(os, name)
from pathlib import Path
import pkgutil, importlib
from shuoshi.config import prepare
prepare.open_home()
import shuoshi
for module in pkgutil.walk_packages(shuoshi.__path__, "shuoshi."):
    if not module.name.endswith(("__main__", "_child", ".child")):
        importlib.import_module(module.name)
print("imported")
"""


def made(home: Path = Path("/srv/说事 home"), **settings: str) -> Service:
    return Service(Path("/opt/shuoshi/.venv/bin/python"), home, "shuoshi", {"SHUOSHI_HOME": str(home), **settings})


def test_the_unit_keeps_settings_whatever_is_in_them() -> None:
    unit = service.systemd_unit(made(DATABASE_URL='postgres://a:50%"x@h/d'))
    assert 'Environment="SHUOSHI_HOME=/srv/说事 home"' in unit
    assert 'Environment="DATABASE_URL=postgres://a:50%%\\"x@h/d"' in unit
    assert "ExecStart=/opt/shuoshi/.venv/bin/python -m shuoshi run" in unit
    for line in ("User=shuoshi", "UMask=0077", "ProtectSystem=strict", "NoNewPrivileges=yes", "Restart=on-failure"):
        assert line in unit


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not here to read the unit")
def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    path = tmp_path / "shuoshi.service"
    here = Service(Path(sys.executable), tmp_path, "root", {"SHUOSHI_HOME": str(tmp_path)})
    path.write_text(service.systemd_unit(here), "utf-8")
    read = subprocess.run(["systemd-analyze", "verify", str(path)], capture_output=True, text=True, check=False)
    assert str(path.name) not in read.stderr, read.stderr


def test_a_machine_of_windows_starts_it_before_anybody_signs_in() -> None:
    command = service.windows_command(made())
    assert command[:2] == ["schtasks", "/Create"] and "ONSTART" in command
    assert "-m shuoshi run" in command[-1] and "SHUOSHI_HOME" in command[-1]


def test_print_shows_the_unit_with_the_settings_of_the_call(tmp_path: Path) -> None:
    shown = shuoshi(tmp_path / "home", "install", "--print", PORT="8123")
    assert shown.returncode == 0, shown.stderr
    assert 'Environment="PORT=8123"' in shown.stdout
    assert not (tmp_path / "home").exists(), "looking changes nothing"


@pytest.mark.skipif(
    os.geteuid() == 0 and shutil.which("systemctl") is not None, reason="it would be installed for real"
)
def test_where_it_cannot_be_installed_the_remedy_is_named(tmp_path: Path) -> None:
    refused = shuoshi(tmp_path / "home", "install")
    assert refused.returncode != 0
    assert "systemd" in refused.stderr or "root" in refused.stderr


def test_everything_is_imported_with_fork_taken_away(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert shuoshi(home, "init").returncode == 0
    environ = {**os.environ, "SHUOSHI_HOME": str(home), "DATABASE_URL": ""}
    run = subprocess.run(
        [sys.executable, "-c", WITHOUT_FORK], env=environ, capture_output=True, text=True, check=False, timeout=120
    )
    assert run.stdout.strip().endswith("imported"), run.stderr
