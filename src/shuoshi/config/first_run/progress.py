"""How far the demo is that a child process builds: one small file in the home, written often, read by the page."""

from __future__ import annotations

import json
import os
from pathlib import Path


def begin(home: Path) -> None:
    _write(home, 0, 0, failed=False)


def read(home: Path) -> tuple[int, int, bool]:
    """(done, total, failed); zeros before anything was said."""
    try:
        said = json.loads(_path(home).read_text("ascii"))
    except (FileNotFoundError, ValueError):
        return 0, 0, False
    return said["done"], said["total"], said["failed"]


class Teller:
    """Called like config.progress.Progress; `failed` says that the building broke off."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._at = (0, 0)

    def __call__(self, what: str, done: int, total: int | None = None) -> None:
        if total is not None:
            self._at = (done, total)
            _write(self._home, done, total, failed=False)

    def end(self) -> None:
        """Nothing to tidy up: the page reads the mark of the finished demo."""

    def failed(self) -> None:
        _write(self._home, *self._at, failed=True)


def _write(home: Path, done: int, total: int, *, failed: bool) -> None:
    fresh = _path(home).with_suffix(".new")
    fresh.write_text(json.dumps({"done": done, "total": total, "failed": failed}), "ascii")
    os.replace(fresh, _path(home))


def _path(home: Path) -> Path:
    return home / "tmp" / "demo-progress.json"
