"""A secret split in three, of which any two bring it back and one says nothing: Shamir's scheme with a straight line.

Of our own because nothing kept fits: shamir-mnemonic (SLIP-39) writes English words, which a clerk here cannot type, and
its splitting of bare bytes is private to it. It is lines through points over GF(256), each byte by itself, as in
draft-mcgrew-tss-03, whose test vector is in the tests. Whether what comes out is right, `recovery` checks.
"""

from __future__ import annotations

import secrets

PLACES = (1, 2, 3)
_POLYNOMIAL = 0x11B  # x⁸ + x⁴ + x³ + x + 1, the field of AES


def split(secret: bytes) -> dict[int, bytes]:
    """A share for each of PLACES."""
    return share(secret, secrets.token_bytes(len(secret)))


def share(secret: bytes, slope: bytes) -> dict[int, bytes]:
    """The points of the line that begins at the secret and rises by `slope`, which must be random."""
    return {
        place: bytes(start ^ times(place, rise) for start, rise in zip(secret, slope, strict=True)) for place in PLACES
    }


def join(shares: dict[int, bytes]) -> bytes:
    """The secret, from two shares by their places: where their line begins. Any two bytes make some line."""
    (one, first), (other, second) = shares.items()
    apart = _inverse(one ^ other)
    return bytes(times(apart, times(other, a) ^ times(one, b)) for a, b in zip(first, second, strict=True))


def times(a: int, b: int) -> int:
    """The product in the field."""
    product = 0
    while b:
        if b & 1:
            product ^= a
        a <<= 1
        if a & 0x100:
            a ^= _POLYNOMIAL
        b >>= 1
    return product


def _inverse(a: int) -> int:
    return next(b for b in range(1, 256) if times(a, b) == 1)
