"""The code that the terminal prints and the first page asks for: whoever started the server sets it up, nobody else."""

from __future__ import annotations

import hmac
import os
import secrets
from pathlib import Path

_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that looks like something else
_LENGTH = 8


def printed(home: Path) -> str:
    """The code of this home, in fours; made at the first start and kept until there is an institution."""
    path = _path(home)
    if not path.exists():
        made = "".join(secrets.choice(_LETTERS) for _place in range(_LENGTH))
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(made)
    return grouped(path.read_text("ascii"))


def wanted(home: Path) -> bool:
    """Whether this home still waits for its institution."""
    return _path(home).exists()


def is_right(home: Path, typed: str) -> bool:
    """However it was typed: small letters, spaces and dashes do not matter."""
    plain = "".join(character for character in typed.upper() if character.isascii() and character.isalnum())
    return wanted(home) and hmac.compare_digest(plain, _path(home).read_text("ascii"))


def forget(home: Path) -> None:
    """There is an institution now."""
    _path(home).unlink(missing_ok=True)


def grouped(code: str) -> str:
    return f"{code[: _LENGTH // 2]} {code[_LENGTH // 2 :]}"


def _path(home: Path) -> Path:
    return home / "first-run-code"
