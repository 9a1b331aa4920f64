"""The service: its unit keeps the settings of the call, runs as its own user, and nothing needs fork to import or start."""

from __future__ import annotations

import os
import pwd
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from shuoshi.config import service
from shuoshi.config.service import Service
from tests.config.test_start import shuoshi

pytestmark = pytest.mark.once
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
    given = made(DATABASE_URL="postgres://a:50%\"'x$y@h/d", SHUOSHI_COPIES="/media/u盘 1/shuoshi")
    file = service.settings_file(given)
    assert dict(line.split("=", 1) for line in shlex.split(file)) == given.settings
    unit = service.systemd_unit(given)
    assert "postgres://" not in unit, "everybody may read a unit"
    assert "EnvironmentFile=/etc/shuoshi.env" in unit
    assert 'ReadWritePaths="/srv/说事 home"\nReadWritePaths="-/media/u盘 1/shuoshi"\n' in unit
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


def test_where_an_object_store_is_goes_along_and_its_keys_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "https://minio.example:9000")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    for place, carried in (
        ("s3://copies/shuoshi", {"AWS_ENDPOINT_URL": "https://minio.example:9000"}),
        ("/media/u", {}),
    ):
        monkeypatch.setenv("SHUOSHI_COPIES", place)
        given = Service.of_this_installation("shuoshi").settings
        assert {name: value for name, value in given.items() if name.startswith("AWS")} == carried


def test_a_machine_of_windows_starts_it_before_anybody_signs_in() -> None:
    command = service.windows_command(made())
    assert command[:2] == ["schtasks", "/Create"] and "ONSTART" in command
    assert "-m shuoshi run" in command[-1] and "SHUOSHI_HOME" in command[-1]


def test_print_shows_the_unit_with_the_settings_of_the_call(tmp_path: Path) -> None:
    shown = shuoshi(tmp_path / "home", "install", "--print", PORT="8123")
    assert shown.returncode == 0, shown.stderr
    assert "PORT=8123" in shown.stdout and "[Service]" in shown.stdout and "runuser" in shown.stdout
    assert not (tmp_path / "home").exists(), "looking changes nothing"


def test_copies_elsewhere_are_meant_from_the_root_on_and_a_bucket_is_no_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    for given, said, folder in (
        ("usb/copies", str(Path.cwd() / "usb/copies"), Path.cwd() / "usb/copies"),
        ("s3://bucket/x", "s3://bucket/x", None),
        ("", None, None),
    ):
        monkeypatch.setenv("SHUOSHI_COPIES", given)
        found = Service.of_this_installation("shuoshi")
        assert found.settings.get("SHUOSHI_COPIES") == said and found.copies == folder


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder another user can reach."""
    with tempfile.TemporaryDirectory(prefix="shuoshi-service-", dir="/tmp") as made:
        Path(made).chmod(0o755)
        yield Path(made)


root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes another user. Remedy: run as root")


@root_only
def test_the_command_runs_as_the_user_with_the_settings_of_the_service(open_folder: Path) -> None:
    python = open_folder / "python"
    python.write_text('#!/bin/sh\necho "$(id -un)|$HOME|$SHUOSHI_HOME|$DATABASE_URL|$PORT|$*"\n')
    python.chmod(0o755)
    settings = {"SHUOSHI_HOME": "/srv/a b", "DATABASE_URL": "postgres://u:p'$w@h/d", "PORT": "8123"}
    here = Service(python, open_folder, "nobody", settings)
    file, command = open_folder / "settings", open_folder / "shuoshi"
    file.write_text(service.settings_file(here))
    file.chmod(0o640)
    shutil.chown(file, "root", pwd.getpwnam("nobody").pw_gid)
    command.write_text(service.command_script(here, file))
    command.chmod(0o755)

    def said(*words: str, **given: str) -> list[str]:
        environ = {"PATH": os.environ["PATH"], "HOME": "/root", **given}
        run = subprocess.run([str(command), *words], env=environ, capture_output=True, text=True, check=True)
        return run.stdout.strip().split("|")

    home = pwd.getpwnam("nobody").pw_dir
    kept = ["/srv/a b", "postgres://u:p'$w@h/d", "8123"]
    assert said("backup", "/media/u 1") == ["nobody", home, *kept, "-m shuoshi backup /media/u 1"]
    assert said("check", PORT="9000")[-2] == "9000", "the call comes first"
    assert said("install", SHUOSHI_HOME="/srv/new")[::2] == ["root", "/srv/new", "8123"]


@root_only
@pytest.mark.skipif(shutil.which("systemctl") is None, reason="there is no systemd. Remedy: apt-get install systemd")
def test_home_and_copies_are_given_to_the_user_and_nothing_of_another_is_written_over(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("UNIT", "SETTINGS", "COMMAND"):
        monkeypatch.setattr(service, name, open_folder / name)
    home, usb = open_folder / "home", open_folder / "usb"
    (home / "keys").mkdir(parents=True)
    usb.mkdir()
    settings = {"SHUOSHI_HOME": str(home), "SHUOSHI_COPIES": str(usb / "shuoshi"), "DATABASE_URL": "postgres://u:p@h/d"}
    here = Service(Path(sys.executable), home, "nobody", settings)
    assert any("written: commands run" in line for line in service.install(here, start=False))
    owner = pwd.getpwnam("nobody").pw_uid
    assert {path.stat().st_uid for path in (home, home / "keys", usb / "shuoshi")} == {owner}
    assert (open_folder / "SETTINGS").stat().st_mode & 0o777 == 0o640
    assert "postgres://" in (open_folder / "SETTINGS").read_text()
    assert not any("is another program" in line for line in service.install(here, start=False)), "ours is renewed"
    (open_folder / "COMMAND").write_text("#!/bin/sh\necho something else\n")
    assert any("is another program" in line for line in service.install(here, start=False))
    assert "something else" in (open_folder / "COMMAND").read_text()


def test_where_it_cannot_be_installed_the_remedy_is_named(tmp_path: Path) -> None:
    refused = shuoshi(tmp_path / "home", "install", PATH=str(tmp_path))  # where no systemd is found
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
