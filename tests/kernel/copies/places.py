"""Copies in a folder, for tests: made of the test's own database, opened, broken, counted."""

from __future__ import annotations

import os
import time
from datetime import datetime
from pathlib import Path

from django.conf import settings

from shuoshi.kernel import clock
from shuoshi.kernel.copies import form, making, targets
from shuoshi.kernel.copies.form import Manifest, Reader, Section

DAY = 24 * 3600


def nothing(what: str, count: int) -> None:
    """Nobody wants to know."""


def make(folder: Path, **more: object) -> making.Made:
    return making.make(targets.Folder(folder), settings.HOME, "real", more.pop("told", nothing), **more)


def reader(folder: Path, name: str) -> Reader:
    return Reader(targets.Folder(folder), settings.KEYS, name)


def read_all(folder: Path, name: str) -> dict[str, list[bytes]]:
    """Every line of the copy, by table, and of its list of files under ""."""
    copy = reader(folder, name)
    found = {table.model: list(lines) for table, lines in copy.tables()}
    return {**found, "": list(copy.files())}


def bare(folder: Path, at: datetime, files: tuple[str, ...] = ()) -> str:
    """A copy of nothing but a list of files, as if made then; each of the files lies at the place."""
    target = targets.Folder(folder)
    with clock.simulated(at):
        writer = form.Writer(target, settings.KEYS, form.new_name(at))
    lines = [f'["{name}", 1, "00"]\n'.encode() for name in files]
    for name in files:
        target.put(f"files/{name[:2]}/{name}.00", b"x")
    listed = writer.section("files", lines)
    empty: list = []
    writer.finish(Manifest(at.isoformat(), "0", "real", "sqlite", empty, empty, Section(*_of(listed)), len(files)))
    return writer.name


def _of(section: Section) -> tuple[int, str, int]:
    return section.lines, section.sha256, section.parts


def age(folder: Path, days: float) -> None:
    """Let everything there look so many days old."""
    then = time.time() - days * DAY
    for path in folder.rglob("*"):
        if path.is_file():
            os.utime(path, (then, then))
