"""Texts as what the search compares: their normal form, their tokens, and what must not be in them. No database here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

NUMBER = "〔号码〕"  # stands in the index where a number was

_HAN = "\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(f"[{_HAN}]+|[0-9a-z]+")
_WORD_LIMIT = 64  # characters; PostgreSQL refuses lexemes of 2 kB, and nobody looks for longer words

_DIGIT = r"[\d〇零一二三四五六七八九]"
_YEARS = r"(?:19|20)\d\d[-—~至]+(?:19|20)\d\d(?!\d)"  # 2025-2026 is no number of anybody
_NUMBERS = (
    # Identity card: 17 digits and a check symbol, or 15 digits; also written in groups.
    r"(?<!\d)\d{6}[ -]?\d{8}[ -]?\d{3}[\dXxXx](?![\dXxXx])",
    # Telephone, bank card: groups of three digits and more, or digits set apart one by one.
    rf"(?:[++]86[ -]?)?(?!{_YEARS})(?<!\d)\d{{3,}}(?:[ -]\d{{3,}})+(?!\d)",
    r"(?<!\d)\d(?:[ -]?\d){10,}(?!\d)",
    # Anything long, in digits or in words.
    rf"(?:[++]86)?{_DIGIT}{{7,}}[XxXx]?",
    # Number plate.
    "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领]"
    r"[A-Za-zA-Z][·•・ ]?[A-Za-zA-Z\d]{4,5}[A-Za-zA-Z\d挂学警港澳]",
)
_PERSONAL = re.compile("|".join(_NUMBERS))


def normal(text: str) -> str:
    """NFKC and lower case: full-width digits and letters become plain ones."""
    return unicodedata.normalize("NFKC", text).lower()


def normal_with_places(text: str) -> tuple[str, list[int]]:
    """The normal form, and for each of its characters the place in `text` it came from."""
    pieces: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        piece = normal(character)
        pieces.append(piece)
        places.extend([place] * len(piece))
    return "".join(pieces), places


def of_text(normalised: str) -> set[str]:
    """What the index holds of a text: characters and overlapping pairs of Chinese, words of the rest."""
    found: set[str] = set()
    for run in _runs(normalised):
        if run[0].isascii():
            found.add(run)
        else:
            found.update(run)
            found.update(_pairs(run))
    return found


def of_query(part: str) -> set[str]:
    """What a text must hold to contain this part of a query (already in normal form)."""
    found: set[str] = set()
    for run in _runs(part):
        found.update(_pairs(run) if len(run) > 1 and not run[0].isascii() else [run])
    return found


def parts(query: str) -> list[str]:
    """The words of a query in normal form, without signs around them; a text must contain every one."""
    found = []
    for word in normal(query).split():
        runs = list(_RUN.finditer(word))
        if runs:
            found.append(word[runs[0].start() : runs[-1].end()])
    return found


def scrub(text: str) -> str:
    """The text with telephone, identity and card numbers, plates and long rows of digits replaced by 〔号码〕."""
    return _PERSONAL.sub(NUMBER, text)


def _runs(normalised: str) -> Iterator[str]:
    for match in _RUN.finditer(normalised):
        run = match.group()
        yield run[:_WORD_LIMIT] if run[0].isascii() else run


def _pairs(run: str) -> list[str]:
    return [run[place : place + 2] for place in range(len(run) - 1)]
