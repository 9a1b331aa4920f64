"""Whose copies a place holds: a mark with the id of the key that sealed them. Nothing is written beside other things."""

from __future__ import annotations

from pathlib import Path

from shuoshi.kernel import crypto, keys
from shuoshi.kernel.copies.targets import CopyProblem, NotThere, Target

MARK = "shuoshi-copies"


class NotOurs(CopyProblem):
    """The place holds something else, or the copies of another installation, or nothing where we expected ours."""


def begin(target: Target, directory: Path) -> None:
    """Have the place ready for copies sealed with these keys. Raises NotOurs where something else lies."""
    try:
        require(target, directory)
    except NotThere:
        if next(target.objects(""), None) is not None:
            raise NotOurs(f"{target.address} holds other things. Give an empty folder.") from None
        target.put(MARK, _mark(directory))


def require(target: Target, directory: Path) -> None:
    """The place holds copies sealed with these keys. Raises NotThere where it has no mark, NotOurs with another's."""
    if target.get(MARK) != _mark(directory):
        raise NotOurs(f"{target.address} holds the copies of another installation: its keys are not these.")


def _mark(directory: Path) -> bytes:
    return b"shuoshi copies 1 " + crypto.key_id(keys.current(directory, "copies")).hex().encode() + b"\n"
