"""Keys as files: made once, complete, readable by their owner alone; anything else stops the start."""

from __future__ import annotations

import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from shuoshi.kernel import keys


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    made = tmp_path / "home" / "keys"
    keys.create_missing(made)
    return made


def test_every_key_is_made_with_32_bytes_for_its_owner_alone(directory: Path) -> None:
    assert {path.name for path in directory.iterdir()} == set(keys.NAMES)
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    for name in keys.NAMES:
        assert stat.S_IMODE((directory / name).stat().st_mode) == 0o600
        assert len(keys.read(directory, name)) == 32
    assert len({keys.read(directory, name) for name in keys.NAMES}) == len(keys.NAMES)


def test_making_again_touches_nothing_and_fills_gaps(directory: Path) -> None:
    before = {path.name: path.read_bytes() for path in directory.iterdir()}
    assert keys.create_missing(directory) == []
    (directory / "form").unlink()
    assert keys.create_missing(directory) == ["form"]
    assert {path.name: path.read_bytes() for path in directory.iterdir() if path.name != "form"} == {
        name: value for name, value in before.items() if name != "form"
    }


def test_two_at_once_agree_on_one_key(tmp_path: Path) -> None:
    made: list[list[str]] = []
    threads = [threading.Thread(target=lambda: made.append(keys.create_missing(tmp_path / "keys"))) for _ in range(8)]
    (tmp_path / "keys").mkdir(mode=0o700)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(name for names in made for name in names) == sorted(keys.NAMES)
    assert {path.name for path in (tmp_path / "keys").iterdir()} == set(keys.NAMES)


def test_a_missing_key_stops_the_start_with_a_remedy(directory: Path) -> None:
    (directory / "field").unlink()
    with pytest.raises(keys.KeyProblem, match="backup"):
        keys.read(directory, "field")


def test_a_missing_directory_stops_the_start_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(keys.KeyProblem, match="shuoshi init"):
        keys.read(tmp_path / "nothing", "field")


def test_a_key_of_another_length_stops_the_start(directory: Path) -> None:
    (directory / "field").write_bytes(b"short")
    with pytest.raises(keys.KeyProblem, match="5 bytes instead of 32"):
        keys.read(directory, "field")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o700], ids=oct)
def test_a_key_others_could_reach_stops_the_start(directory: Path, mode: int) -> None:
    (directory / "field").chmod(mode)
    with pytest.raises(keys.KeyProblem, match="chmod 600"):
        keys.read(directory, "field")


def test_a_directory_others_could_reach_stops_the_start(directory: Path) -> None:
    directory.chmod(0o750)
    with pytest.raises(keys.KeyProblem, match="chmod 700"):
        keys.read(directory, "field")


def test_reading_keys_needs_no_django() -> None:
    code = "import sys; import shuoshi.kernel.keys; sys.exit(any(name.startswith('django') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
