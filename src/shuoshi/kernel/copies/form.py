"""The form of one copy: sealed parts in their order, and a manifest that is written last. Rows are rows' business.

Each part is sealed under a key of this copy, for its name and place: none can be changed, exchanged, or left out, and
none of another copy fits. Parts without a manifest are no copy: it was broken off.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from shuoshi.kernel import crypto, keys
from shuoshi.kernel.copies.targets import CopyProblem, NotThere, Target

VERSION = 1
MANIFESTS, PARTS = "copies/", "parts/"
_PART = {"rows": 8 * 1024 * 1024, "files": 1024 * 1024}  # bytes of lines; lists of files are read side by side
_LEVEL = 3  # of zlib: half the time of the usual 6 for a fifth more bytes (events of the demo)
_NAME = re.compile(r"copy-(\d{8}T\d{6}Z)-[0-9a-f]{8}")
_STAMP = "%Y%m%dT%H%M%SZ"


class Damaged(CopyProblem):
    """Something of this copy is missing or not as it was written."""


@dataclass(frozen=True, slots=True)
class Section:
    """Lines that belong together: how many there are, their SHA-256, and in how many parts they lie."""

    lines: int
    sha256: str
    parts: int


@dataclass(frozen=True, slots=True)
class Table(Section):
    """The rows of one model, with the columns in the order of the lines."""

    model: str
    columns: list[str]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a copy says of itself. `missing`: files that rows name and the home had lost when the copy was made."""

    made_at: str
    program: str
    kind: str  # demo or real
    vendor: str
    migrations: list[list[str]]
    tables: list[Table]
    files: Section
    file_bytes: int
    missing: list[str] = field(default_factory=list)
    version: int = VERSION

    @property
    def rows(self) -> int:
        return sum(table.lines for table in self.tables)


def new_name(now: datetime) -> str:
    return f"copy-{now:{_STAMP}}-{secrets.token_hex(4)}"


def time_of(name: str) -> datetime | None:
    """When the copy of this name was begun; None for what is no copy's name."""
    found = _NAME.fullmatch(name)
    return datetime.strptime(found[1], _STAMP).replace(tzinfo=UTC) if found else None


class Writer:
    """Puts the parts of one copy; `finish` makes it one."""

    def __init__(self, target: Target, directory: Path, name: str) -> None:
        self._target, self.name = target, name
        self._key = _key(directory, name)
        self._next: Counter[str] = Counter()
        self.size = 0  # bytes put

    def section(self, kind: str, lines: Iterable[bytes]) -> Section:
        """Put lines as parts of this kind, numbered on from those put before."""
        whole, count, parts, waiting, filled = hashlib.sha256(), 0, 0, list[bytes](), 0
        for line in lines:
            whole.update(line)
            waiting.append(line)
            count, filled = count + 1, filled + len(line)
            if filled >= _PART[kind]:
                self._put(kind, b"".join(waiting))
                parts, waiting, filled = parts + 1, [], 0
        if waiting:
            self._put(kind, b"".join(waiting))
            parts += 1
        return Section(count, whole.hexdigest(), parts)

    def finish(self, manifest: Manifest) -> None:
        """From here on it is a copy."""
        self._seal(manifest_of(self.name), json.dumps(asdict(manifest), ensure_ascii=False).encode())

    def _put(self, kind: str, lines: bytes) -> None:
        self._seal(_part(self.name, kind, self._next[kind]), lines)
        self._next[kind] += 1

    def _seal(self, name: str, data: bytes) -> None:
        sealed = crypto.seal(self._key, _place(name), zlib.compress(data, _LEVEL))
        self._target.put(name, sealed)
        self.size += len(sealed)


class Reader:
    """Opens one copy. Raises Damaged when anything of it is not as it was written."""

    def __init__(self, target: Target, directory: Path, name: str) -> None:
        self.target, self.name = target, name
        self._key = _key(directory, name)
        content = json.loads(self._open(manifest_of(name)))
        if content["version"] != VERSION:
            raise Damaged(f"{name} has the form {content['version']}, which a newer version of this program made.")
        tables = [Table(**table) for table in content.pop("tables")]
        self.manifest = Manifest(**{**content, "tables": tables, "files": Section(**content["files"])})

    def tables(self) -> Iterator[tuple[Table, Iterator[bytes]]]:
        """Each table with its lines, which are to be read before the next one."""
        begin = 0
        for table in self.manifest.tables:
            yield table, self._lines("rows", begin, table)
            begin += table.parts

    def files(self) -> Iterator[bytes]:
        return self._lines("files", 0, self.manifest.files)

    def _lines(self, kind: str, begin: int, section: Section) -> Iterator[bytes]:
        whole, count = hashlib.sha256(), 0
        for at in range(begin, begin + section.parts):
            for line in self._open(_part(self.name, kind, at)).splitlines(keepends=True):
                whole.update(line)
                count += 1
                yield line
        if (count, whole.hexdigest()) != (section.lines, section.sha256):
            raise Damaged(f"{self.name}: the {kind} from part {begin} on are not those the manifest names.")

    def _open(self, name: str) -> bytes:
        try:
            return zlib.decompress(crypto.open_(self._key, _place(name), self.target.get(name)))
        except NotThere:
            raise Damaged(f"{name} is missing.") from None
        except (crypto.CryptoProblem, zlib.error) as problem:
            raise Damaged(f"{name}: {problem}.") from None


def digest(lines: Iterable[bytes]) -> tuple[int, str]:
    """How many lines there are, and their SHA-256, as a Section has it."""
    whole, count = hashlib.sha256(), 0
    for line in lines:
        whole.update(line)
        count += 1
    return count, whole.hexdigest()


def complete(target: Target) -> list[str]:
    """The names of the copies at this place that were finished, oldest first."""
    found = (one.name.removeprefix(MANIFESTS) for one in target.objects(MANIFESTS))
    return sorted(name for name in found if time_of(name))


def manifest_of(name: str) -> str:
    return MANIFESTS + name


def _part(name: str, kind: str, at: int) -> str:
    return f"{PARTS}{name}/{kind}-{at:05d}"


def _place(name: str) -> bytes:
    """The name of an object says of which copy it is, and where in it."""
    return b"shuoshi copy\0" + name.encode()


def _key(directory: Path, name: str) -> bytes:
    """A key for one copy, so that no two share one."""
    return hmac.new(keys.current(directory, "copies"), b"shuoshi copy\0" + name.encode(), hashlib.sha256).digest()
