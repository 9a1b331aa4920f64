"""The words that speak for a category: its own name in Chinese, and what residents say when they mean it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from shuoshi.kernel.search.text import normalise
from shuoshi.organization.profile.asked import Category, Kind

SpokenOf = Mapping[str, tuple[str, ...]]  # word in normal form → the categories it speaks for, of all kinds

_BETWEEN = re.compile("[、，（）与與和]")
_NOTHING = ("其他",)  # what is left over is spoken of by no word


def spoken_of(kinds: Iterable[Kind]) -> SpokenOf:
    """Of every category that can be chosen in the kinds that are worked on, in their order."""
    found: dict[str, dict[str, None]] = {}
    for kind in kinds:
        for category in _chosen(kind) if kind.in_loop else ():
            for word in _words(category):
                found.setdefault(normalise(word), {})[category.code] = None
    return {word: tuple(codes) for word, codes in found.items()}


def _chosen(kind: Kind) -> Iterator[Category]:
    for group in kind.categories:
        yield from group.children or (group,)


def _words(category: Category) -> Iterator[str]:
    yield from category.spoken
    for name in (category.name.zh_hans, category.name.zh_hant):
        if not name.startswith(_NOTHING):
            yield from (part for part in map(str.strip, _BETWEEN.split(name)) if len(part) > 1)
