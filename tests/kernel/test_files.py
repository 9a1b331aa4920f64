"""A stored file is complete, sealed, private, and opens only with its key under its own name."""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
from pathlib import Path

import pytest
from django.conf import settings as django_settings

from shuoshi.kernel import files
from shuoshi.kernel.crypto import CryptoProblem

KEY = bytes(range(32))


@pytest.fixture(autouse=True)
def directory(settings: object, tmp_path: Path) -> Path:
    settings.FILES = tmp_path / "files"  # type: ignore[attr-defined]
    return tmp_path / "files"


def path_of(name: str) -> Path:
    return Path(django_settings.FILES) / name[:2] / name[2:4] / name


def test_what_was_stored_comes_back_with_its_digest() -> None:
    data = "路灯坏了的照片".encode() * 1000
    stored = files.store(data, KEY)
    assert files.read(stored.name, KEY) == data
    assert (stored.size, stored.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    assert files.store(data, KEY).name != stored.name


def test_nothing_readable_lies_on_the_disk_and_nobody_else_may_look(directory: Path) -> None:
    stored = files.store(b"PLANTED" * 100, KEY)
    assert b"PLANTED" not in path_of(stored.name).read_bytes()
    if os.name == "posix":
        modes = {stat.S_IMODE(path.stat().st_mode) for path in directory.rglob("*")}
        assert modes == {0o700, 0o600}


def test_another_key_a_changed_byte_or_a_swapped_file_does_not_open() -> None:
    one, two = files.store(b"one", KEY), files.store(b"two", KEY)
    with pytest.raises(CryptoProblem):
        files.read(one.name, secrets.token_bytes(32))
    sealed = path_of(two.name).read_bytes()
    path_of(one.name).write_bytes(sealed)
    with pytest.raises(CryptoProblem):
        files.read(one.name, KEY)
    path_of(two.name).write_bytes(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    with pytest.raises(CryptoProblem):
        files.read(two.name, KEY)


def test_a_name_from_elsewhere_leads_nowhere(directory: Path) -> None:
    (directory.parent / "secret").write_bytes(b"x")
    for name in ("../secret", "/etc/passwd", "", "A" * 32, "0" * 31, "0" * 32 + "\n", "../" * 10 + "00"):
        with pytest.raises(ValueError):
            files.read(name, KEY)
        with pytest.raises(ValueError):
            files.remove(name)


def test_a_removed_file_is_gone_and_removing_again_is_no_error() -> None:
    stored = files.store(b"x", KEY)
    assert files.remove(stored.name)
    assert not files.remove(stored.name)
    with pytest.raises(files.FileMissing):
        files.read(stored.name, KEY)


def test_a_failing_disk_leaves_no_half_file(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError):
        files.store(b"x" * 1000, KEY)
    assert [path for path in directory.rglob("*") if path.is_file()] == []


def test_file_and_directory_are_synced_before_the_name_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """The order that survives a power cut: content to the disk, then the name, then the directory that holds it."""
    files.store(b"make the directories", KEY)
    steps: list[str] = []
    sync, replace = os.fsync, os.replace

    def noted_sync(handle: int) -> None:
        steps.append("directory" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")
        sync(handle)

    def noted_replace(source: str, target: Path) -> None:
        steps.append("name")
        replace(source, target)

    monkeypatch.setattr(os, "fsync", noted_sync)
    monkeypatch.setattr(os, "replace", noted_replace)
    files.store(b"x", KEY)
    at = steps.index("name")
    assert steps[at - 1] == "file"
    assert steps[at + 1 :] == (["directory"] if os.name == "posix" else [])
