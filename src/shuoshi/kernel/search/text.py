"""The normal form of a text, its tokens, and where a query hits it. Pure; nothing here knows a database."""

from __future__ import annotations

import re
import unicodedata

QUERY_LIMIT = 200  # characters of a query that are looked at
Piece = tuple[str, bool]  # a stretch of text, and whether the query hit it


def normalise(text: str) -> str:
    """NFKC and without case: full-width digits, half-width kana and capitals are found by their plain form."""
    clean = text.replace("\0", " ").encode("utf-8", "ignore").decode()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", clean).casefold())


def tokens(normal: str, *, shortest: bool = True) -> list[str]:
    """The characters and overlapping pairs of every run of letters and digits, each once, in order.

    With shortest=False, as a query asks: pairs only, a character only where it stands alone. Letters of one word are
    treated like Chinese characters, so that any part of a number or a word is found as well.
    """
    found: dict[str, None] = {}
    for run in _runs(normal):
        if shortest or len(run) == 1:
            found |= dict.fromkeys(run)
        found |= dict.fromkeys(run[at : at + 2] for at in range(len(run) - 1))
    return list(found)


def words(query: str) -> list[str]:
    """The words of a query in normal form, without signs around them; a text must contain every one."""
    found: dict[str, None] = {}
    for word in normalise(query[:QUERY_LIMIT]).split():
        places = [at for at, character in enumerate(word) if _searchable(character)]
        if places:
            found[word[places[0] : places[-1] + 1]] = None
    return list(found)


def highlight(text: str, query: str) -> list[Piece]:
    """The text in pieces, those that a word of the query hit marked; joined they are the text again."""
    wanted = sorted(words(query), key=len, reverse=True)
    if not wanted or not text:
        return [(text, False)] if text else []
    normal, origin = _with_origins(text)
    hit = [False] * len(text)
    for found in re.finditer("|".join(map(re.escape, wanted)), normal):
        for at in range(origin[found.start()], origin[found.end() - 1] + 1):
            hit[at] = True
    return _pieces(text, hit)


def _runs(normal: str) -> list[str]:
    return "".join(character if _searchable(character) else " " for character in normal).split(" ")


def _searchable(character: str) -> bool:
    """Letters and digits; also rare characters this Python's tables do not name yet, and private ones of old fonts."""
    return character.isalnum() or character >= "\U00020000" or "\ue000" <= character <= "\uf8ff"


def _with_origins(text: str) -> tuple[str, list[int]]:
    """The text normalised character by character, and for each character of that the place it came from."""
    normal: list[str] = []
    origin: list[int] = []
    for at, character in enumerate(text):
        for made in normalise(character):
            normal.append(made)
            origin.append(at)
    return "".join(normal), origin


def _pieces(text: str, hit: list[bool]) -> list[Piece]:
    pieces: list[Piece] = []
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or hit[at] != hit[start]:
            pieces.append((text[start:at], hit[start]))
            start = at
    return pieces
