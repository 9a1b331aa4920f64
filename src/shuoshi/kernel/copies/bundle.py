"""All keys of a home in one file that only the recovery key opens; it may lie beside the copies."""

from __future__ import annotations

import json
from pathlib import Path

from shuoshi.kernel import crypto, keys
from shuoshi.kernel.copies import recovery
from shuoshi.kernel.copies.recovery import Secret
from shuoshi.kernel.copies.targets import CopyProblem

NAME = "keys"
_HEAD = b"shuoshi keys 1 "
_PLACE = b"shuoshi keys\0"


class WrongSheet(CopyProblem):
    """The bundle is sealed for another recovery sheet than the one that was typed, or it is none."""


def sealed(directory: Path, public: bytes) -> bytes:
    """The keys of this directory, those kept from before a rotation too, for whoever holds the recovery key."""
    found = {
        path.name: path.read_bytes().hex() for path in sorted(directory.iterdir()) if not path.name.startswith(".")
    }
    head = _HEAD + recovery.number_of(public).encode() + b"\n"
    return head + crypto.seal_to(public, _PLACE, json.dumps(found).encode())


def number(bundle: bytes) -> str:
    """The sheet that opens it. Raises WrongSheet for what is no bundle."""
    head, found, _ = bundle.partition(b"\n")
    if not found or not head.startswith(_HEAD):
        raise WrongSheet("The file `keys` of this place holds no keys.")
    return head.removeprefix(_HEAD).decode("ascii", "replace")


def opened(bundle: bytes, secret: Secret) -> dict[str, bytes]:
    """The keys by name. Raises WrongSheet, and CryptoProblem where the bundle was changed."""
    if (wanted := number(bundle)) != secret.number:
        raise WrongSheet(
            f"These keys are sealed for recovery sheet {wanted}; what was typed is of sheet {secret.number}."
        )
    found = json.loads(crypto.open_with(secret.value, _PLACE, bundle.partition(b"\n")[2]))
    return {name: bytes.fromhex(value) for name, value in found.items()}


def bring_back(found: dict[str, bytes], directory: Path) -> None:
    """Lay the keys into a directory that has none yet."""
    directory.mkdir(mode=0o700, parents=True)
    for name, value in found.items():
        if "/" in name or "\\" in name or not keys.create(directory, name, value):
            raise ValueError(f"{name} is no name of a key")
