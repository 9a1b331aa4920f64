"""Which characters our fonts can draw. One that none can would print as nothing: it is found here, before. Child side.

What is not on board is looked for among the fonts of the machine; what they lack too becomes 〓 with its code point.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

FONTS = Path(__file__).with_name("fonts")
_SEARCH_SECONDS = 4.0
_PREFERRED = ("serif", "song", "sun", "ming", "hana", "cjk")
_UNSEEN = frozenset(
    {0x0A, 0xAD, 0xFEFF, 0x2060, *range(0x200B, 0x2010), *range(0xFE00, 0xFE10), *range(0xE0000, 0xE01F0)}
)


@cache
def on_board() -> frozenset[int]:
    """Code points the fonts that come with us can draw; the serif stands behind the sans."""
    found: set[int] = set()
    for file in FONTS.glob("*.characters.txt"):
        for line in file.read_text("ascii").split():
            first, _dash, last = line.partition("-")
            found.update(range(int(first, 16), int(last or first, 16) + 1))
    return frozenset(found)


def lacking(texts: Iterable[str]) -> list[str]:
    """Characters that need another font, each once, in the order of their first use."""
    have = on_board()
    found: dict[str, None] = {}
    for text in texts:
        for character in text:
            if ord(character) not in have and ord(character) not in _UNSEEN:
                found[character] = None
    return list(found)


def elsewhere(wanted: Iterable[str], folders: Iterable[Path] | None = None) -> dict[str, Path]:
    """For each character that some font of this machine has: the file."""
    left = set(wanted)
    found: dict[str, Path] = {}
    until = time.monotonic() + _SEARCH_SECONDS
    for file in _files(_folders() if folders is None else folders):
        if not left or time.monotonic() > until:
            break
        drawn = _drawn_by(file)
        here = {character for character in left if ord(character) in drawn}
        found |= dict.fromkeys(here, file)
        left -= here
    return found


def visible(text: str, replaced: frozenset[str]) -> str:
    """The text as it is set: without what has no shape, 〓（U+20BB7） for what no font has."""
    return "".join(
        f"〓（U+{ord(character):04X}）" if character in replaced else character
        for character in text
        if ord(character) not in _UNSEEN
    )


def _folders() -> list[Path]:
    home = Path.home()
    if os.name == "nt":
        return [Path(os.environ.get("SYSTEMROOT", r"C:\Windows")) / "Fonts"]
    if sys.platform == "darwin":
        return [Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library" / "Fonts"]
    return [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), home / ".fonts", home / ".local/share/fonts"]


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    found = [
        file
        for folder in folders
        for file in folder.rglob("*")
        if file.suffix.lower() in (".ttf", ".otf", ".ttc", ".otc")
    ]

    def place(file: Path) -> tuple[int, bool, str]:
        name = file.name.lower()
        rank = next((rank for rank, word in enumerate(_PREFERRED) if word in name), len(_PREFERRED))
        return rank, "regular" not in name, str(file)

    yield from sorted(found, key=place)


def _drawn_by(file: Path) -> dict[int, str]:
    from fontTools.ttLib import TTFont, TTLibError

    try:
        return TTFont(file, lazy=True, fontNumber=0).getBestCmap() or {}
    except (TTLibError, OSError, KeyError, AssertionError):
        return {}
