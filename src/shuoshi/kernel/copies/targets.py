"""Places where copies lie: a folder (a disk, a USB stick, a share), or a bucket of S3. Four verbs on whole objects.

An object is complete under its name or not there; its names are given by us, with `/` between. What an object holds is
sealed by whoever puts it here.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from shuoshi.kernel import disk, room

S3 = "s3://"


class CopyProblem(Exception):
    """Why nothing was copied or brought back; the text tells the operator what to do."""


class OutOfReach(CopyProblem):
    """The place is not there, or does not let us."""


class Full(CopyProblem):
    """The disk of the place has less room than must stay free for words."""


class NotThere(Exception):
    """No object has this name."""


@dataclass(frozen=True, slots=True)
class Object:
    name: str
    size: int  # bytes
    age: float  # seconds since it was put


class Target(Protocol):
    """A place. Every verb raises OutOfReach; `put` also raises Full."""

    address: str

    def put(self, name: str, data: bytes) -> None:
        """Lay an object there, in place of one of this name; it survives a power loss when this returns."""

    def get(self, name: str) -> bytes:
        """The object. Raises NotThere."""

    def objects(self, under: str) -> Iterator[Object]:
        """What lies below a name that ends with `/`, or with "" everything, at any depth and in any order."""

    def delete(self, name: str) -> None:
        """Take it away; also when it is not there."""


def at(address: str) -> Target:
    """The place of this address."""
    return Bucket(address) if address.startswith(S3) else Folder(Path(address))


class Folder:
    """A directory. One that is missing is made, but nothing above it: that is a disk which is not plugged in."""

    def __init__(self, path: Path) -> None:
        self._root = path.expanduser().absolute()
        self.address = str(self._root)

    def put(self, name: str, data: bytes) -> None:
        if not self._root.parent.is_dir():
            raise OutOfReach(f"{self._root.parent} is not there. Is the disk plugged in?")
        if not room.for_copies(self._root):
            raise Full(f"The disk of {self._root} is nearly full.")
        try:
            disk.write(self._root / name, data)
        except OSError as problem:
            if room.is_full(problem):
                raise Full(f"The disk of {self._root} is full.") from None
            raise _because(self._root / name, problem) from problem

    def get(self, name: str) -> bytes:
        try:
            return (self._root / name).read_bytes()
        except FileNotFoundError:
            raise NotThere(name) from None
        except OSError as problem:
            raise _because(self._root / name, problem) from problem

    def objects(self, under: str) -> Iterator[Object]:
        now = time.time()
        for folder, _folders, names in os.walk(self._root / under):
            for name in names:
                path = Path(folder, name)
                try:
                    state = path.stat()
                except FileNotFoundError:
                    continue
                yield Object(path.relative_to(self._root).as_posix(), state.st_size, now - state.st_mtime)

    def delete(self, name: str) -> None:
        """Empty folders go with the last object in them."""
        path = self._root / name
        try:
            path.unlink(missing_ok=True)
            for folder in path.parents:
                if folder == self._root or any(folder.iterdir()):
                    break
                folder.rmdir()
        except FileNotFoundError:
            return
        except OSError as problem:
            raise _because(path, problem) from problem


class Bucket:
    """s3://bucket/prefix, reached as boto3 is configured: AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, or ~/.aws."""

    def __init__(self, address: str) -> None:
        try:
            import boto3
            from botocore.config import Config
            from botocore.exceptions import BotoCoreError, ClientError
        except ImportError:
            raise OutOfReach(
                "Copies to S3 need boto3. In the folder of the program: python3 tools/setup.py --no-dev --s3"
            ) from None
        self.address = address.rstrip("/")
        self._bucket, _, prefix = self.address.removeprefix(S3).partition("/")
        self._prefix = f"{prefix}/" if prefix else ""
        self._failed = (BotoCoreError, ClientError)
        only_required = Config(  # other makers' S3 does not know the newer checksums
            request_checksum_calculation="when_required", response_checksum_validation="when_required"
        )
        try:
            self._client: Any = boto3.client("s3", config=only_required)
        except self._failed as problem:
            raise OutOfReach(f"{self.address}: {problem}") from problem

    def put(self, name: str, data: bytes) -> None:
        self._asked("put_object", Key=self._prefix + name, Body=data)

    def get(self, name: str) -> bytes:
        data: bytes = self._asked("get_object", Key=self._prefix + name)["Body"].read()
        return data

    def objects(self, under: str) -> Iterator[Object]:
        more: dict[str, str] = {}
        now = time.time()
        while True:
            found = self._asked("list_objects_v2", Prefix=self._prefix + under, **more)
            for one in found.get("Contents", ()):
                name = one["Key"].removeprefix(self._prefix)
                yield Object(name, one["Size"], now - one["LastModified"].timestamp())
            if not found.get("IsTruncated"):
                return
            more = {"ContinuationToken": found["NextContinuationToken"]}

    def delete(self, name: str) -> None:
        self._asked("delete_object", Key=self._prefix + name)

    def _asked(self, verb: str, **words: Any) -> Any:
        try:
            return getattr(self._client, verb)(Bucket=self._bucket, **words)
        except self._failed as problem:
            code = getattr(problem, "response", {}).get("Error", {}).get("Code", "")
            if code in ("NoSuchKey", "404"):
                raise NotThere(words.get("Key", "")) from None
            raise OutOfReach(f"{self.address}: {problem}") from problem


def _because(path: Path, problem: OSError) -> OutOfReach:
    return OutOfReach(f"{path}: {problem.strerror or problem}. Is the disk plugged in, and may we write there?")
