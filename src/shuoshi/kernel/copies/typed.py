"""Secret bytes as people type them: groups of five symbols without look-alikes, the fifth proving the other four."""

from __future__ import annotations

import unicodedata

SYMBOLS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # 32, without 0 O 1 I
_DATA = 4  # symbols of a group that carry 20 bits; the fifth is its check


class Mistyped(ValueError):
    """What was typed is not what is printed; the text says in which group."""


def written(data: bytes) -> str:
    """The groups, with hyphens between. Takes whole groups only: five bytes make two."""
    count = len(data) * 8 // (5 * _DATA)
    if count * 5 * _DATA != len(data) * 8:
        raise ValueError("these bytes do not fill whole groups")
    value = int.from_bytes(data)
    symbols = [value >> shift & 31 for shift in range((count * _DATA - 1) * 5, -5, -5)]
    groups = [symbols[at : at + _DATA] for at in range(0, len(symbols), _DATA)]
    return "-".join(_word([*group, _check(n, group)]) for n, group in enumerate(groups, start=1))


def read(text: str, length: int) -> bytes:
    """The `length` bytes that were written, from groups with or without hyphens, spaces, capitals. Raises Mistyped."""
    plain = unicodedata.normalize("NFKC", text).upper()
    symbols = [character for character in plain if not character.isspace() and character not in "-‐–—_.,"]
    wanted = length * 8 // (5 * _DATA) * (_DATA + 1)
    groups = [symbols[at : at + _DATA + 1] for at in range(0, len(symbols), _DATA + 1)]
    value = 0
    for n, group in enumerate(groups, start=1):
        numbers = [_number(character, n) for character in group]
        if len(group) == _DATA + 1 and _check(n, numbers[:_DATA]) != numbers[_DATA]:
            raise Mistyped(f"Group {n} ({''.join(group)}) is not as it is printed: compare its five symbols.")
        for number in numbers[:_DATA]:
            value = value << 5 | number
    if len(symbols) != wanted:
        raise Mistyped(
            f"{len(symbols)} symbols were typed, {wanted} are printed, in {wanted // (_DATA + 1)} groups of {_DATA + 1}."
        )
    return value.to_bytes(length)


def _number(character: str, group: int) -> int:
    found = SYMBOLS.find(character)
    if found < 0:
        raise Mistyped(
            f"Group {group} has {character!r}, which never occurs: digits are 2 to 9, letters all but I and O."
        )
    return found


def _check(group: int, numbers: list[int]) -> int:
    """A polynomial over GF(32) that knows its place: no single slip and no two symbols exchanged get past it."""
    total = group % 31 + 1
    for number in numbers:
        total = (total << 1 ^ (0b100101 if total & 16 else 0)) ^ number
    return (total << 1 ^ (0b100101 if total & 16 else 0)) & 31


def _word(numbers: list[int]) -> str:
    return "".join(SYMBOLS[number] for number in numbers)
