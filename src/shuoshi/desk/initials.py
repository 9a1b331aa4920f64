"""What a Chinese word is typed as by its first letters: 待受理 is dsl.

The 3,755 common characters of GB 2312 stand in the order of their sounds, so the place of a character says its letter;
of others, and of letters and digits, nothing is known but themselves. A character with two sounds has the first.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache

_FIRST = "abcdefghjklmnopqrstwxyz"
_BEGINS = (
    0xB0A1, 0xB0C5, 0xB2C1, 0xB4EE, 0xB6EA, 0xB7A2, 0xB8C1, 0xB9FE, 0xBBF7, 0xBFA6, 0xC0AC, 0xC2E8, 0xC4C3, 0xC5B6,
    0xC5BE, 0xC6DA, 0xC8BB, 0xC8F6, 0xCBFA, 0xCDDA, 0xCEF4, 0xD1B9, 0xD4D1,
)  # fmt: skip
_END = 0xD7FA


@lru_cache(maxsize=2048)
def initials(words: str) -> str:
    """One letter for each character that has one."""
    return "".join(_initial(character) for character in words)


def fits(typed: str, words: str) -> bool:
    """Whether `words` hold what was typed, as it is written or by first letters."""
    wanted = typed.strip().casefold()
    if wanted in words.casefold():
        return True
    return len(wanted) > 1 and wanted.isascii() and wanted.isalpha() and wanted in initials(words)


def _initial(character: str) -> str:
    if character.isascii():
        return character.casefold() if character.isalnum() else ""
    try:
        place = int.from_bytes(character.encode("gb2312"))
    except UnicodeEncodeError:
        return ""
    return _FIRST[bisect_right(_BEGINS, place) - 1] if _BEGINS[0] <= place < _END else ""
