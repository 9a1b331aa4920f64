"""The recovery key: printed once, whole or in three shares of which two are enough; here stays what seals for it only.

The keys of a home go into a bundle that only the recovery key opens (`bundle`). Of that key the home keeps the public
half, so that every copy can carry the keys of its day and no thief of the home learns the printed secret.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from shuoshi.kernel import crypto, disk
from shuoshi.kernel.copies import sharing, typed
from shuoshi.kernel.copies.typed import Mistyped

__all__ = ["Known", "Mistyped", "OneMore", "Secret", "Sheet", "adopt", "known", "make", "number_of", "secret_of"]

_SECRET = 16  # bytes
_NUMBER = 3
_WHOLE = 0  # in the place of a share's number
_LENGTH = 1 + _NUMBER + _SECRET


class OneMore(Exception):
    """What was typed is a share: another one of the same sheet is needed."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is printed once. `codes` is the whole recovery key, or its three shares to be kept in three places."""

    number: str
    codes: tuple[str, ...]

    @property
    def shared(self) -> bool:
        return len(self.codes) > 1


@dataclass(frozen=True, slots=True)
class Known:
    """What this home knows of its recovery key."""

    public: bytes
    number: str
    shared: bool
    made_at: datetime


def make(home: Path, now: datetime, *, shares: bool) -> Sheet:
    """A new recovery key for this home, in place of the one before; nobody can print it again."""
    secret = secrets.token_bytes(_SECRET)
    adopt(home, secret, now, shares=shares)
    parts = sharing.split(secret) if shares else {_WHOLE: secret}
    number = _number(crypto.public_of(secret))
    codes = tuple(typed.written(bytes([place]) + number + value) for place, value in parts.items())
    return Sheet(number.hex().upper(), codes)


def adopt(home: Path, secret: bytes, now: datetime, *, shares: bool) -> None:
    """Have this home seal its keys for the holder of `secret`."""
    kept = {"public": crypto.public_of(secret).hex(), "shares": shares, "made_at": now.isoformat()}
    disk.write(home / "recovery", json.dumps(kept).encode())


def known(home: Path) -> Known | None:
    """None while no sheet was made."""
    try:
        kept = json.loads((home / "recovery").read_text("ascii"))
    except FileNotFoundError:
        return None
    public = bytes.fromhex(kept["public"])
    return Known(public, number_of(public), bool(kept["shares"]), datetime.fromisoformat(kept["made_at"]))


def number_of(public: bytes) -> str:
    """By which people tell sheets apart; printed on each."""
    return _number(public).hex().upper()


@dataclass(frozen=True, slots=True)
class Secret:
    """The recovery key that was typed."""

    value: bytes
    shared: bool

    @property
    def number(self) -> str:
        return number_of(crypto.public_of(self.value))


def secret_of(codes: Sequence[str]) -> Secret:
    """The recovery key from what was typed: itself, or two shares. Raises Mistyped and OneMore, which say what is wrong."""
    parts = [_part(code) for code in codes]
    for part in parts:
        if part.place == _WHOLE:
            return Secret(_proved(part.value, part.number), shared=False)
    numbers = {part.number for part in parts}
    if len(numbers) > 1:
        named = " and ".join(sorted(number.hex().upper() for number in numbers))
        raise Mistyped(f"These shares are of different sheets, {named}: two of the same are needed.")
    shares = {part.place: part.value for part in parts}
    if len(shares) < 2:
        (place,) = shares
        again = " again" if len(parts) > 1 else ""
        raise OneMore(f"This is share {place}{again} of sheet {parts[0].number.hex().upper()}: type another one of it.")
    two = dict(list(shares.items())[:2])
    return Secret(_proved(sharing.join(two), parts[0].number), shared=True)


@dataclass(frozen=True, slots=True)
class _Part:
    place: int
    number: bytes
    value: bytes


def _part(code: str) -> _Part:
    data = typed.read(code, _LENGTH)
    if data[0] not in (_WHOLE, *sharing.PLACES):
        raise Mistyped("This is no recovery key of ours: compare its first group.")
    return _Part(data[0], data[1 : 1 + _NUMBER], data[1 + _NUMBER :])


def _proved(secret: bytes, number: bytes) -> bytes:
    """The secret, if it is the one whose sheet has this number."""
    if _number(crypto.public_of(secret)) != number:
        raise Mistyped("Two slips in one group hide each other: compare all groups with the sheet once more.")
    return secret


def _number(public: bytes) -> bytes:
    return hashlib.sha256(b"shuoshi recovery sheet\0" + public).digest()[:_NUMBER]
