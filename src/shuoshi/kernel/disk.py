"""Writing files that survive a power loss: complete under their name, or not there at all. Read by keys too: no Django."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

UNFINISHED = ".new-"  # what a crash may leave begins so


def write(path: Path, content: bytes) -> None:
    """Put `content` under a name, mode 0600; when this returns, both survive a power loss."""
    make_directory(path.parent)
    handle, waiting = tempfile.mkstemp(dir=path.parent, prefix=UNFINISHED)  # mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(waiting, path)
    except BaseException:
        Path(waiting).unlink(missing_ok=True)
        raise
    sync(path.parent)


def make_directory(directory: Path) -> None:
    """The directory and those above it, mode 0700 each that was missing."""
    if directory.is_dir():
        return
    make_directory(directory.parent)
    try:
        directory.mkdir(mode=0o700)
    except FileExistsError:
        return
    sync(directory.parent)


def sync(directory: Path) -> None:
    """Make a new or removed name survive a power loss; a directory can only be opened for that on POSIX."""
    if os.name != "posix":
        return
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
