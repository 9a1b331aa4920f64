"""Loads one copy into an empty database and an empty folder of files, and proves what it loaded.

The tables are made as the copy has them, the rows laid in and read again line by line, and only then does the schema go
on to this version. Whether the home may be filled at all, `config.restoring` asks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.apps.registry import Apps
from django.core.management import call_command
from django.db import DatabaseError, transaction

from shuoshi.kernel import files, room, search, verify
from shuoshi.kernel.copies import attachments, form, rows, schema
from shuoshi.kernel.copies.form import Damaged, Reader
from shuoshi.kernel.copies.targets import CopyProblem, Full, Target
from shuoshi.kernel.snapshot import one_state

Told = Callable[[str, int], None]


class NoCopy(CopyProblem):
    """The place has no copy of this time."""


class TooNew(CopyProblem):
    """A newer version of this program made the copy."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was brought back: rows of the copy, and files with their bytes."""

    rows: int
    files: int
    file_bytes: int


def newest(target: Target, at: datetime | None = None) -> str:
    """The name of the newest copy, not after `at` where it is given. Raises NoCopy, naming those there are."""
    there = form.complete(target)
    fitting = [name for name in there if at is None or (form.time_of(name) or at) <= at]
    if not fitting:
        named = "\n".join(f"  {name}" for name in there)
        raise NoCopy(
            f"{target.address} has no copy of that time or before. There are:\n{named}"
            if there
            else f"{target.address} has no copy."
        )
    return fitting[-1]


def restore(copy: Reader, told: Told, *, keep_files: bool = True) -> Restored:
    """Load the copy and prove it. The database has no tables yet, the folder of files is empty.

    With keep_files=False the files are fetched and compared, and not laid anywhere. Raises TooNew, Damaged and Full.
    """
    migrations = copy.manifest.migrations
    if unknown := schema.unknown(migrations):
        raise TooNew(f"This copy is of a newer version (unknown: {', '.join(unknown)}). Install that version first.")
    schema.migrate_to(migrations)
    models = schema.models_at(migrations)
    _load(copy, models, told)
    _compare(copy, models, told)
    call_command("migrate", verbosity=0, interactive=False)
    search.rebuild(told)
    for broken in verify.verify(told):
        raise Damaged(f"The history does not agree: {broken.where} {broken.column} {broken.what}")
    keep = _put_back if keep_files else _nowhere
    count = size = 0
    for count, bytes_ in enumerate(attachments.fetch(copy.target, copy.files(), keep), start=1):
        size += bytes_
        told("files", count)
    return Restored(copy.manifest.rows, count, size)


def _load(copy: Reader, models: Apps, told: Told) -> None:
    """All rows in one transaction: the keys that lead from row to row are compared at its end."""
    filled = []
    try:
        with transaction.atomic():
            for table, lines in copy.tables():
                model = models.get_model(table.model)
                rows.load(model, table.columns, rows.told_of(lines, table.model, told))
                filled.append(model)
            rows.go_on_counting(filled)
    except DatabaseError as problem:
        if room.is_full(problem):
            raise Full("The disk is full: the copy needs more room than there is.") from problem
        raise Damaged(f"{copy.name} cannot be loaded: {problem}") from problem


def _compare(copy: Reader, models: Apps, told: Told) -> None:
    """Read back what was loaded; line by line it must be what was copied."""
    with one_state():
        for table in copy.manifest.tables:
            lines = rows.told_of(rows.lines(models.get_model(table.model)), f"compared {table.model}", told)
            if form.digest(lines) != (table.lines, table.sha256):
                raise Damaged(f"{table.model}: what was loaded is not what the copy has.")


def _put_back(name: str, sealed: bytes) -> None:
    try:
        files.put_back(name, sealed)
    except OSError as problem:
        if room.is_full(problem):
            raise Full("The disk is full: the files of the copy need more room than there is.") from problem
        raise


def _nowhere(name: str, sealed: bytes) -> None:
    """A check lays no file anywhere."""
