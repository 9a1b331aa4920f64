"""Makes one copy beside the running server: the rows of one moment, then the files they name, the keys, the manifest.

Killed at any point it leaves parts without a manifest, which are no copy; a later one clears them away (`thinning`).
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import IO

from django.apps.registry import Apps
from django.db import connection

from shuoshi.kernel import clock, files
from shuoshi.kernel.copies import bundle, erasures, form, place, recovery, rows, schema, thinning
from shuoshi.kernel.copies.attachments import Sending
from shuoshi.kernel.copies.form import Manifest, Table, Writer
from shuoshi.kernel.copies.targets import Target
from shuoshi.kernel.snapshot import one_state

Told = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Made:
    """One copy that stands."""

    name: str
    manifest: Manifest
    sent: int  # files that the place did not have
    size: int  # bytes put for the rows and the lists
    seconds: float
    keys: bool  # whether the keys went with it, sealed for the recovery sheet

    @property
    def lost(self) -> str:
        """Which files the home had lost before; "" when it had them all."""
        missing = self.manifest.missing
        return f"{len(missing)} files that rows name are not in the home, such as {missing[0]}." if missing else ""


def make(target: Target, home: Path, kind: str, told: Told, keys_to: Target | None = None) -> Made:
    """Copy everything to the place; the keys to another one where it is given.

    Raises CopyProblem; then nothing that looks like a copy is left.
    """
    began, now = time.monotonic(), clock.now()
    directory = home / "keys"
    place.begin(target, directory)
    thinning.clear_broken(target)
    writer = Writer(target, directory, form.new_name(now))
    try:
        with tempfile.TemporaryFile(dir=home / "tmp") as names:
            migrations, tables = _rows(writer, names, told)
            sending = Sending(target, told)
            listed = writer.section("files", sending.lines(_read(names)))
        sealed = seal_keys(home, keys_to or target)
        manifest = Manifest(
            made_at=now.isoformat(),
            program=version("shuoshi"),
            kind=kind,
            vendor=connection.vendor,
            migrations=migrations,
            tables=tables,
            files=listed,
            file_bytes=sending.bytes,
            missing=sending.missing,
        )
        if schema.is_current():  # before an upgrade the tables are not those we know
            erasures.put(target, directory)
        writer.finish(manifest)
    except BaseException:
        thinning.take_away(target, writer.name)
        raise
    return Made(writer.name, manifest, sending.sent, writer.size, time.monotonic() - began, sealed)


def _rows(writer: Writer, names: IO[bytes], told: Told) -> tuple[list[list[str]], list[Table]]:
    """Put the rows of one moment, and write down the names of the files they have."""
    tables = []
    with one_state():
        migrations = schema.applied()
        models = schema.models_at(migrations)
        for model in rows.tables(models):
            label = model._meta.label
            put = writer.section("rows", rows.told_of(rows.lines(model), label, told))
            tables.append(Table(put.lines, put.sha256, put.parts, label, rows.columns(model)))
        for name in _named(models):
            names.write(name.encode() + b"\n")
    return migrations, tables


def _named(models: Apps) -> Iterator[str]:
    """The names of stored files in every column that holds some, in their order, each once."""
    quoted = connection.ops.quote_name
    there = {model._meta.label for model in models.get_models()}
    selects = []
    for model, column in files.naming_columns():
        if model._meta.label in there:
            table, name = quoted(model._meta.db_table), quoted(column)
            selects.append(f"SELECT {name} AS name FROM {table} WHERE {name} <> ''")  # noqa: S608 names of our own
    if not selects:  # a first start was broken off before there was such a table
        return
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"{' UNION '.join(selects)} ORDER BY 1")
        while found := cursor.fetchmany(1000):
            yield from (name for (name,) in found)


def _read(names: IO[bytes]) -> Iterator[str]:
    names.seek(0)
    return (line.decode().rstrip("\n") for line in names)


def seal_keys(home: Path, target: Target) -> bool:
    """Put the keys of the home there, sealed for its recovery sheet; False while it has none."""
    known = recovery.known(home)
    if known is not None:
        place.begin(target, home / "keys")
        target.put(bundle.NAME, bundle.sealed(home / "keys", known.public))
    return known is not None
