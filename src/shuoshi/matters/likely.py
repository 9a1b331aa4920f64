"""Categories that something speaks for, offered to whoever classifies a matter and decided by them (4.2.1). Pure.

Two things speak: the words of the matter that residents use of a category (`profile.spoken`), and what people decided
about matters that resemble it. Both are told as the reason; how sure the rule is shows in the order alone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shuoshi.kernel.search.text import normalise
from shuoshi.organization.profile import Profile

RULE = 1  # stands in the event beside what was offered; another rule gets another number
OFFERED = 3

_READ = 2_000  # characters: what a matter is about is said early
_LONG = 4  # characters from which on a word says no more by being longer
_DECISION = 2  # a matter that people decided says as much as a word of three characters
_OF_ITS_KIND = 2  # the kind it was accepted as was decided by somebody who read it
_ENOUGH = 1  # a word of two characters that speaks for one category of a kind, and no less
_MUCH_LESS = 4  # times less than for the first: left out


@dataclass(frozen=True)
class Decided:
    """What people decided about a matter that resembles: its category, and the unit it went to ("" while to none)."""

    category: str
    unit: str


@dataclass(frozen=True)
class Likely:
    """A category with what speaks for it, the strongest word first."""

    category: str
    words: tuple[str, ...]
    alike: int  # matters that resemble and are of this category
    all_alike: bool  # there are several, and all are of this one
    unit: str  # where all of them went; "" where they went to several or to none


def likely(profile: Profile, kind: str, said: str, decided: Sequence[Decided] = ()) -> list[Likely]:
    """The OFFERED categories that most speaks for, likeliest first; none where nothing does, nor much less than for one.

    A word counts by its length, shared among the categories of a kind that it speaks for; a decision counts as a long
    word; both count double in the kind the matter was accepted as.
    """
    words: dict[str, dict[str, float]] = defaultdict(dict)
    for word, code, weight in _spoken(profile, said):
        words[code][word] = weight
    counts = Counter(one.category for one in decided if _may_be_told(profile, one.category))
    points = {
        code: (sum(words.get(code, {}).values()) + counts[code] * _DECISION)
        * (_OF_ITS_KIND if profile.kind_of(code).code == kind else 1)
        for code in {**words, **counts}
    }
    order = {category.code: place for place, (_kind, _group, category) in enumerate(profile.every_category())}
    enough = max(_ENOUGH, max(points.values(), default=0) / _MUCH_LESS)
    best = sorted((code for code in points if points[code] >= enough), key=lambda code: (-points[code], order[code]))
    return [_told(code, words.get(code, {}), counts, decided) for code in best[:OFFERED]]


def _spoken(profile: Profile, said: str) -> Iterator[tuple[str, str, float]]:
    """Word, category, and how much it says. What is part of a longer word that was said is not counted again."""
    text = normalise(said[:_READ])
    found = [word for word in profile.spoken if word in text]
    for word in found:
        if any(word in other for other in found if other != word):
            continue
        codes = profile.spoken[word]
        rivals = Counter(profile.kind_of(code).code for code in codes)
        for code in codes:
            yield word, code, (min(len(word), _LONG) - 1) / rivals[profile.kind_of(code).code]


def _may_be_told(profile: Profile, code: str) -> bool:
    """Whether this version of the rules knows the category, and lets matters of it be found."""
    try:
        return profile.kind_of(code).in_loop and not profile.sensitive(code)
    except KeyError:
        return False


def _told(code: str, words: dict[str, float], counts: Counter[str], decided: Sequence[Decided]) -> Likely:
    alike = counts[code]
    units = {one.unit for one in decided if one.category == code}
    return Likely(
        category=code,
        words=tuple(sorted(words, key=lambda word: (-words[word], word))),
        alike=alike,
        all_alike=1 < alike == len(decided),
        unit=units.pop() if len(units) == 1 else "",
    )
