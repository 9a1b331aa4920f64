"""The files of a copy: each is sent once, sealed as it lies, since a name never gets other content. Rows are in rows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

from shuoshi.kernel import files
from shuoshi.kernel.copies.form import Damaged
from shuoshi.kernel.copies.targets import NotThere, Target

FOLDER = "files/"
Told = Callable[[str, int], None]


class Sending:
    """Sends what a place does not have yet. Counts on the way; `missing` are files the home lost."""

    def __init__(self, target: Target, told: Told) -> None:
        self._target, self._told = target, told
        self.bytes = self.count = self.sent = 0
        self.missing: list[str] = []

    def lines(self, names: Iterable[str]) -> Iterator[bytes]:
        """The list of the copy, from names in their order: name, bytes and SHA-256 of each file as it lies there."""
        for folder, group in groupby(names, folder_of):
            there = dict(_held(self._target, folder))
            for name in group:
                found = there.get(name) or self._send(name)
                if found is None:
                    continue
                size, sha256 = found
                self.bytes, self.count = self.bytes + size, self.count + 1
                self._told("files", self.count)
                yield json.dumps([name, size, sha256]).encode() + b"\n"

    def _send(self, name: str) -> tuple[int, str] | None:
        try:
            sealed = files.read_sealed(name)
        except files.FileMissing:
            if files.named([name]):  # else its draft was thrown away since the rows were read
                self.missing.append(name)
            return None
        sha256 = hashlib.sha256(sealed).hexdigest()
        self._target.put(object_of(name, sha256), sealed)
        self.sent += 1
        return len(sealed), sha256


def fetch(target: Target, listed: Iterable[bytes], keep: Callable[[str, bytes], None]) -> Iterator[int]:
    """Fetch every file of a list and hand it on; yields the bytes of each. Raises Damaged."""
    for line in listed:
        name, size, sha256 = json.loads(line)
        try:
            sealed = target.get(object_of(name, sha256))
        except NotThere:
            raise Damaged(f"{object_of(name, sha256)} is missing.") from None
        if len(sealed) != size or hashlib.sha256(sealed).hexdigest() != sha256:
            raise Damaged(f"{object_of(name, sha256)} is not as it was written.")
        keep(name, sealed)
        yield size


def folder_of(name: str) -> str:
    """The names of one folder are handled together, so that no more than one of 256 is in memory."""
    return name[:2]


def object_of(name: str, sha256: str) -> str:
    return f"{FOLDER}{folder_of(name)}/{name}.{sha256}"


def _held(target: Target, folder: str) -> Iterator[tuple[str, tuple[int, str]]]:
    for one in target.objects(f"{FOLDER}{folder}/"):
        name, _, sha256 = one.name.rpartition("/")[2].partition(".")
        yield name, (one.size, sha256)
