"""Encrypted files on disk under random names. Which row a file belongs to, and who may read it, is its package's."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from shuoshi.kernel import crypto

_NAME = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that lies on the disk: its random name, and SHA-256 (hex) and size in bytes of what was given."""

    name: str
    sha256: str
    size: int


class FileMissing(Exception):
    """There is a row for a file, and no file: the backup has to bring it back."""


def store(data: bytes, key: bytes) -> Stored:
    """Write `data` sealed under `key` (32 bytes) and return when it survives a power loss: the row comes after it.

    A transaction that is rolled back leaves a file without a row: sealed, of no use to anybody, and harmless.
    """
    name = secrets.token_hex(16)
    _write(_path(name), crypto.seal(key, _belongs(name), data))
    return Stored(name=name, sha256=hashlib.sha256(data).hexdigest(), size=len(data))


def read(name: str, key: bytes) -> bytes:
    """What was stored. Raises FileMissing, and CryptoProblem when the file was changed or the key is another one."""
    try:
        sealed = _path(name).read_bytes()
    except FileNotFoundError:
        raise FileMissing(name) from None
    return crypto.open_(key, _belongs(name), sealed)


def remove(name: str) -> bool:
    """Take the file away; False when it was not there. Call it after the commit that removed its row."""
    path = _path(name)
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    _sync(path.parent)
    return True


def _path(name: str) -> Path:
    if not _NAME.fullmatch(name):  # a name from elsewhere must not lead out of the directory
        raise ValueError("not the name of a stored file")
    return Path(settings.FILES) / name[:2] / name[2:4] / name


def _belongs(name: str) -> bytes:
    return b"shuoshi file\0" + name.encode()


def _write(path: Path, content: bytes) -> None:
    """Under its name the file is complete or not there at all."""
    _make_directory(path.parent)
    handle, waiting = tempfile.mkstemp(dir=path.parent, prefix=".new-")  # mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(waiting, path)
    except BaseException:
        Path(waiting).unlink(missing_ok=True)
        raise
    _sync(path.parent)


def _make_directory(directory: Path) -> None:
    if directory.is_dir():
        return
    _make_directory(directory.parent)
    try:
        directory.mkdir(mode=0o700)
    except FileExistsError:
        return
    _sync(directory.parent)


def _sync(directory: Path) -> None:
    """Make a new or removed name survive a power loss; a directory can only be opened for that on POSIX."""
    if os.name != "posix":
        return
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
