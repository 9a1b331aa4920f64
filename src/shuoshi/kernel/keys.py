"""Secret keys as files outside the database, one purpose each. Read while settings load: no Django in here."""

from __future__ import annotations

import os
import secrets
import stat
from functools import cache, lru_cache
from pathlib import Path

from shuoshi.kernel import disk

NAMES = ("session", "field", "index_phone", "index_id", "query_code", "device", "form", "network", "copies", "visits")
LATER = ("copies", "visits")  # of these, what a home may lack that an earlier version made
LENGTH = 32  # bytes

_CHECK_MODES = os.name == "posix"  # elsewhere the home's own access list guards the keys


class KeyProblem(SystemExit):
    """A key is missing or unfit: the start stops here, with the remedy in the message."""


@cache
def read(directory: Path, name: str) -> bytes:
    """The 32 bytes of one key, read once per process.

    Raises KeyProblem when it is missing, has another length, or when others than its owner could read it.
    """
    path = directory / name
    _check_mode(directory, 0o700)
    try:
        _check_mode(path, 0o600)
        value = path.read_bytes()
    except FileNotFoundError:
        raise KeyProblem(
            f"The key {path} is missing. Bring it back from the backup of the keys; "
            "for a new installation, and only for that, run: shuoshi init"
        ) from None
    if len(value) != LENGTH:
        raise KeyProblem(f"The key {path} has {len(value)} bytes instead of {LENGTH}. Bring it back from the backup.")
    return value


def unfit(directory: Path) -> list[str]:
    """The names of the keys that are missing, of another length, or open to others, as they lie there now."""
    found = []
    for name in NAMES:
        try:
            read.__wrapped__(directory, name)
        except KeyProblem:
            found.append(name)
    return found


def create_missing(directory: Path) -> list[str]:
    """Make the keys that do not exist yet and return their names; what exists is never touched.

    Safe in two processes at once: a key appears under its name complete or not at all, and the first one stays.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    _check_mode(directory, 0o700)
    missing = [name for name in NAMES if not (directory / name).exists()]
    return [name for name in missing if create(directory, name, secrets.token_bytes(LENGTH))]


def add_later(directory: Path, note: Path) -> list[str]:
    """Make the keys of LATER that this home never had and return their names.

    The note, which lies outside the directory, says which were made: one that is missing afterwards was lost, and is
    not made anew.
    """
    noted = set(note.read_text("ascii").split()) if note.exists() else set()
    wanted = [name for name in LATER if name not in noted]
    made = [name for name in wanted if create(directory, name, secrets.token_bytes(LENGTH))]
    if wanted:
        note.write_text("".join(f"{name}\n" for name in LATER), "ascii")
    return made


def current(directory: Path, name: str) -> bytes:
    """The key as it lies there now, for what must not go on with one that was replaced meanwhile; one stat call."""
    try:
        state = (directory / name).stat()
    except FileNotFoundError:
        return read(directory, name)  # which says what to do
    return _at_state(directory, name, (state.st_ino, state.st_mtime_ns))


@lru_cache(maxsize=16)
def _at_state(directory: Path, name: str, state: tuple[int, int]) -> bytes:
    value: bytes = read.__wrapped__(directory, name)
    return value


def replace(directory: Path, name: str, value: bytes) -> None:
    """Put another key under a name in one step. Who keeps the one before, the caller has seen to."""
    fresh = f".{name}.{secrets.token_hex(8)}"
    create(directory, fresh, value)
    os.replace(directory / fresh, directory / name)
    disk.sync(directory)


def create(directory: Path, name: str, value: bytes) -> bool:
    """Write a key under a name that is free; False, and nothing touched, when it is taken."""
    fresh = directory / f".{name}.{secrets.token_hex(8)}"
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(value)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(fresh, directory / name)  # fails when somebody was faster, whose key then counts
    except FileExistsError:
        return False
    finally:
        fresh.unlink()
    disk.sync(directory)
    return True


def _check_mode(path: Path, widest: int) -> None:
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        if widest == 0o700:
            raise KeyProblem(
                f"The directory of the keys, {path}, is missing. For a new installation run: shuoshi init"
            ) from None
        raise
    if _CHECK_MODES and mode & ~widest:
        raise KeyProblem(f"{path} has mode {mode:04o}, others could reach it. Run: chmod {widest:o} {path}")
