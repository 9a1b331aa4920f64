"""Encrypted files on disk under random names. Which row a file belongs to, and who may read it, is its package's.

A model whose columns hold such names says so, `stored_in = frozenset({"stored"})`: what no row names is cleared away.
Where the key lies with another row it says which, `sealed_by = "matter"`: once that key is destroyed, the name names nothing.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import models

from shuoshi.kernel import crypto, disk, history

ORPHAN = timedelta(days=1)  # a younger file may wait for the commit of its row
_FOLDERS = 256  # of the first level; one of them is looked through at a time
_CHUNK = 500  # names in one statement

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
    disk.write(_path(name), crypto.seal(key, _belongs(name), data))
    return Stored(name=name, sha256=hashlib.sha256(data).hexdigest(), size=len(data))


def lay_down(name: str, data: bytes, key: bytes) -> None:
    """Write `data` under a name chosen before, without waiting for the disk: for a demo that is filled in bulk."""
    path = _path(name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_bytes(crypto.seal(key, _belongs(name), data))


def read(name: str, key: bytes) -> bytes:
    """What was stored. Raises FileMissing, and CryptoProblem when the file was changed or the key is another one."""
    return crypto.open_(key, _belongs(name), read_sealed(name))


def lies_there(name: str) -> bool:
    """Whether there is such a file, without reading it."""
    return _path(name).exists()


def read_sealed(name: str) -> bytes:
    """The file as it lies there, for a copy. Raises FileMissing."""
    try:
        return _path(name).read_bytes()
    except FileNotFoundError:
        raise FileMissing(name) from None


def put_back(name: str, sealed: bytes) -> None:
    """Lay a file from a copy where it was."""
    disk.write(_path(name), sealed)


def remove(name: str) -> bool:
    """Take the file away; False when it was not there. Call it after the commit that removed its row."""
    path = _path(name)
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    disk.sync(path.parent)
    return True


def reap(now: datetime, every: timedelta = timedelta(minutes=10)) -> int:
    """Remove files older than ORPHAN that no row names, and what a crash left half written; how many.

    Each call looks through one folder of 256, the next one `every` so long, so that a round takes two days.
    """
    folder = Path(settings.FILES) / f"{int(now.timestamp() // every.total_seconds()) % _FOLDERS:02x}"
    oldest = (now - ORPHAN).timestamp()
    old = [path for path in folder.glob("*/*") if _last_written(path) < oldest]
    gone = 0
    for start in range(0, len(old), _CHUNK):
        chunk = old[start : start + _CHUNK]
        in_use = named([path.name for path in chunk])
        for path in chunk:
            if path.name not in in_use:
                path.unlink(missing_ok=True)
                gone += 1
    return gone


def naming_columns() -> Iterator[tuple[type[models.Model], str]]:
    """Every column of ours that holds names of stored files."""
    for model in history.our_models():
        for column in sorted(getattr(model, "stored_in", frozenset())):
            yield model, column


def named(names: Sequence[str]) -> set[str]:
    """Those of the names that a row holds. Asked after the files were listed: a row never comes before its file."""
    found: set[str] = set()
    for model, column in naming_columns():
        rows = model._default_manager.filter(**{f"{column}__in": names})
        if key := _key_of(model):
            rows = rows.filter(**{f"{key}__isnull": False})
        found.update(rows.values_list(column, flat=True))
    return found


def sealed_under(holder: crypto.KeyHolder) -> list[str]:
    """The names of all files that the key of this row opens."""
    found: list[str] = []
    for model, column in naming_columns():
        owner = getattr(model, "sealed_by", "")
        if owner == "self" and isinstance(holder, model):
            found.append(getattr(holder, column))
        elif owner not in ("", "self") and _is_of(model, owner, holder):
            found += model._default_manager.filter(**{owner: holder.pk}).values_list(column, flat=True)
    return [name for name in found if name]


def _key_of(model: type[models.Model]) -> str:
    owner = getattr(model, "sealed_by", "")
    return {"": "", "self": "wrapped_key"}.get(owner, f"{owner}__wrapped_key")


def _is_of(model: type[models.Model], owner: str, holder: crypto.KeyHolder) -> bool:
    return isinstance(holder, model._meta.get_field(owner).related_model)  # type: ignore[arg-type]  # a foreign key's


def _last_written(path: Path) -> float:
    """Seconds since 1970; a file that went meanwhile counts as new."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")


def _path(name: str) -> Path:
    if not _NAME.fullmatch(name):  # a name from elsewhere must not lead out of the directory
        raise ValueError("not the name of a stored file")
    return Path(settings.FILES) / name[:2] / name[2:4] / name


def _belongs(name: str) -> bytes:
    return b"shuoshi file\0" + name.encode()
