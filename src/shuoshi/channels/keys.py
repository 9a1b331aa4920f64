"""Keys of programs outside: 160 bits in signs that survive an address, of which only a digest is kept."""

from __future__ import annotations

import base64
import hashlib
import secrets

_BYTES = 20


def new_key() -> str:
    return base64.b32encode(secrets.token_bytes(_BYTES)).decode().lower()


def digest(key: str) -> str:
    """SHA-256, hex: a key of 160 bits needs no salt."""
    return hashlib.sha256(key.encode()).hexdigest()


def kept(key: str) -> dict[str, str]:
    """The columns a row keeps of its key."""
    return {"key_digest": digest(key), "key_tail": key[-4:]}
