"""Drill 26: default, wide or missing keys, a demo in a real home, a newer database: it refuses, and says why."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from shuoshi.config import environment, guard, prepare
from shuoshi.kernel import keys

pytestmark = [pytest.mark.drill(26), pytest.mark.once]


def shuoshi(home: Path, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "PYTHONPATH"}}
    return subprocess.run(
        [sys.executable, "-m", "shuoshi", *words],
        env={**kept, "SHUOSHI_HOME": str(home), **environ},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("real") / "home"
    made = shuoshi(home, "init")
    assert made.returncode == 0, made.stderr
    return home


def test_a_fresh_home_is_ours_alone_and_passes_its_own_check(real: Path) -> None:
    assert {path.stat().st_mode & 0o077 for path in (real, *real.rglob("*"))} == {0}
    checked = shuoshi(real, "check")
    assert checked.returncode == 0, checked.stderr
    assert "(real)" in checked.stdout


def test_a_home_that_cannot_be_made_is_named_with_a_remedy(tmp_path: Path) -> None:
    """As /srv/shuoshi for whoever is not root."""
    (tmp_path / "file").write_text("")
    refused = shuoshi(tmp_path / "file" / "home", "init")
    assert refused.returncode != 0 and "Traceback" not in refused.stderr
    assert (
        f"{tmp_path / 'file' / 'home'} cannot be made" in refused.stderr and "SHUOSHI_HOME=~/shuoshi" in refused.stderr
    )


@pytest.mark.parametrize(
    "words",
    ["recovery-sheet", "check", "verify", "backup", "migrate", "worker", "keys rotate", "keys rewrap", "sign-in"],
)
def test_where_nothing_is_installed_a_command_makes_nothing(tmp_path: Path, words: str) -> None:
    refused = shuoshi(tmp_path / "home", *words.split())
    assert refused.returncode != 0
    assert "There is no installation in" in refused.stderr and str(tmp_path / "home") in refused.stderr
    assert not (tmp_path / "home").exists()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives a home away")
@pytest.mark.parametrize("words", ["run", "init", "check", "backup", "demo-reset --yes"])
def test_root_leaves_nothing_in_the_home_of_the_service(tmp_path: Path, words: str) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    (home / "kind").write_text("new\n")
    os.chown(home, 65534, 65534)
    refused = shuoshi(home, *words.split())
    assert refused.returncode != 0 and "sudo -u" in refused.stderr
    assert [path.name for path in home.iterdir()] == ["kind"]


@pytest.mark.parametrize("words", ["pbx", "wechat x", "mail x", "visit x", "sms"])
def test_nobody_plays_the_other_side_against_a_real_home(real: Path, words: str) -> None:
    refused = shuoshi(real, "simulate-channel", *words.split())
    assert refused.returncode != 0 and "demo only" in refused.stderr


def test_a_second_init_changes_nothing(real: Path) -> None:
    before = {path.name: path.read_bytes() for path in (real / "keys").iterdir()}
    assert shuoshi(real, "init").returncode != 0
    assert before == {path.name: path.read_bytes() for path in (real / "keys").iterdir()}


def test_a_home_that_others_can_read_is_refused(real: Path) -> None:
    real.chmod(0o755)
    try:
        refused = shuoshi(real, "check")
    finally:
        real.chmod(0o700)
    assert refused.returncode != 0
    assert "chmod 700" in refused.stderr


def test_a_key_that_others_can_read_is_refused(real: Path) -> None:
    key = real / "keys" / "field"
    key.chmod(0o644)
    try:
        refused = shuoshi(real, "check")
    finally:
        key.chmod(0o600)
    assert refused.returncode != 0
    assert "chmod 600" in refused.stderr


@pytest.mark.parametrize("name", keys.NAMES)
def test_a_missing_key_is_refused_and_never_made_anew(real: Path, name: str) -> None:
    key = real / "keys" / name
    kept = key.read_bytes()
    key.unlink()
    try:
        refused = shuoshi(real, "check")
        assert not key.exists()
    finally:
        key.write_bytes(kept)
        key.chmod(0o600)
    assert refused.returncode != 0
    assert str(key) in refused.stderr


def test_a_key_that_a_later_version_brought_is_made_once_for_an_older_home(real: Path) -> None:
    key, note = real / "keys" / "copies", real / "keys-made"
    kept = key.read_bytes()
    key.unlink()
    note.unlink()
    try:
        assert shuoshi(real, "check").returncode == 0
        assert len(key.read_bytes()) == 32 and note.read_text().split() == list(keys.LATER)
        key.unlink()
        refused = shuoshi(real, "check")
        assert refused.returncode != 0 and str(key) in refused.stderr and not key.exists(), "lost is lost"
    finally:
        key.unlink(missing_ok=True)
        key.write_bytes(kept)
        key.chmod(0o600)


@pytest.mark.parametrize("name", keys.NAMES)
def test_every_key_that_others_can_read_is_refused(real: Path, name: str) -> None:
    """In the process itself: one start for all would say only the first."""
    key = real / "keys" / name
    key.chmod(0o640)
    try:
        with pytest.raises(keys.KeyProblem, match="chmod 600"):
            keys.read.__wrapped__(real / "keys", name)
    finally:
        key.chmod(0o600)


def test_a_key_of_another_length_is_refused(real: Path) -> None:
    key = real / "keys" / "session"
    kept = key.read_bytes()
    key.write_bytes(b"change-me")
    try:
        refused = shuoshi(real, "check")
    finally:
        key.write_bytes(kept)
    assert refused.returncode != 0
    assert "9 bytes" in refused.stderr


def test_all_keys_gone_from_a_used_home_is_refused(real: Path) -> None:
    (real / "keys").rename(real / "elsewhere")
    try:
        refused = shuoshi(real, "run", PORT="8931")
    finally:
        (real / "elsewhere").rename(real / "keys")
    assert refused.returncode != 0
    assert "keys" in refused.stderr


def test_an_unknown_setting_is_refused(real: Path) -> None:
    refused = shuoshi(real, "check", SHUOSHI_HOSTNAMES="a.example")
    assert refused.returncode != 0
    assert "SHUOSHI_HOSTNAMES is not a setting" in refused.stderr


def test_a_real_home_is_never_reset(real: Path) -> None:
    refused = shuoshi(real, "demo-reset", "--yes")
    assert refused.returncode != 0
    assert "real institution" in refused.stderr
    assert (real / "shuoshi.sqlite3").exists()


def test_a_database_of_a_newer_version_is_refused(db: None) -> None:
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    guard.check_schema()
    MigrationRecorder(connection).record_applied("matters", "0999_from_the_future")
    with pytest.raises(guard.NotStarted, match=r"newer version.*matters.0999_from_the_future"):
        guard.check_schema()


def test_every_folder_of_a_home_without_a_note_counts_as_real(tmp_path: Path) -> None:
    assert guard.kind_of(tmp_path) is None
    (tmp_path / "shuoshi.sqlite3").touch()
    assert guard.kind_of(tmp_path) == "real"


def test_the_stamp_changes_with_the_database_it_speaks_of(monkeypatch: pytest.MonkeyPatch) -> None:
    before = prepare._fingerprint()
    assert prepare._fingerprint() == before
    monkeypatch.setenv("DATABASE_URL", "postgres://elsewhere/shuoshi")
    assert environment.read()["DATABASE_URL"]
    assert prepare._fingerprint() != before
