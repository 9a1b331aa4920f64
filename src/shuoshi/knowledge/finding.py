"""Which entries answer what somebody is just saying. Ranked by how people say it; nothing of what was said is kept."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from shuoshi.kernel import search
from shuoshi.kernel.search.text import QUERY_LIMIT, normalise, tokens
from shuoshi.knowledge.models import Entry, EntryVersion

KIND = "knowledge"  # in the index of kernel.search
SHOWN = 5
_ENOUGH = 0.45  # of the weight of a question, or of one way of saying it, must be in what was said
_SHORT = 3  # pairs of characters: such a way of asking, 养老金怎, must be there whole
_SAID = 2_000  # characters of it that are looked at
_SAME_CATEGORY = 0.2


@dataclass(frozen=True)
class Asked:
    """One entry as it is compared: each way of asking as the set of its pairs of characters."""

    entry: UUID
    ways: Sequence[frozenset[str]]
    codes: Sequence[str]


def index(entry: Entry, version: EntryVersion) -> None:
    """Let the entry be found by these words from now on."""
    search.put(KIND, entry.pk, "\n".join((version.question, version.words, version.answer)))


def matching(entries: QuerySet[Entry], query: str) -> QuerySet[Entry]:
    """Those whose text contains every word of the query."""
    return entries.filter(pk__in=search.matching(KIND, query[:QUERY_LIMIT]).values("ref"))


def suggest(entries: QuerySet[Entry], said: str, category: str = "", most: int = SHOWN) -> list[Entry]:
    """The entries in force that answer what was said, likest first, with unit and words; two statements at most.

    A pair of characters counts the more the fewer entries have it, so that 怎么 finds nothing and 报销 does. A category
    that was chosen lifts its entries, and alone finds none.
    """
    pairs = _pairs(said[:_SAID])
    if not pairs:
        return []
    keys = [key for key, _score in _ranked(_known(entries), pairs, category)[:most]]
    rows = {row.pk: row for row in entries.filter(pk__in=keys).select_related("current", "unit")} if keys else {}
    return [rows[key] for key in keys if key in rows]


def find(entries: QuerySet[Entry], typed: str, category: str = "", most: int = SHOWN) -> list[Entry]:
    """What holds all the words that were typed; after it what resembles them. Three statements at most."""
    exact = list(matching(entries, typed).select_related("current", "unit").order_by("number")[:most])
    alike = suggest(entries, typed, category, most) if len(exact) < most else []
    return [*exact, *(entry for entry in alike if entry not in exact)][:most]


def _known(entries: QuerySet[Entry]) -> list[Asked]:
    columns = entries.order_by("number").values_list("pk", "current__question", "current__words", "current__categories")
    return [
        Asked(pk, tuple(filter(None, (_pairs(way) for way in (question, *words.splitlines())))), codes.split())
        for pk, question, words, codes in columns
    ]


def _ranked(known: Sequence[Asked], said: frozenset[str], category: str) -> list[tuple[UUID, float]]:
    held = Counter(pair for one in known for pair in frozenset().union(*one.ways))
    weight = {pair: math.log(1 + len(known) / count) for pair, count in held.items()}
    found = []
    for one in known:
        score = max((_covered(way, said, weight) for way in one.ways), default=0.0)
        if score >= _ENOUGH:
            found.append((one.entry, score + _SAME_CATEGORY * (category in one.codes)))
    return sorted(found, key=lambda pair: -pair[1])  # stable: among equals the older entry first


def _covered(way: Iterable[str], said: frozenset[str], weight: dict[str, float]) -> float:
    """The share of this way of asking, by weight, that stands in what was said; short ways must be there whole."""
    pairs = list(way)
    share = sum(weight[pair] for pair in pairs if pair in said) / sum(weight[pair] for pair in pairs)
    return share if len(pairs) > _SHORT else math.floor(share)


def _pairs(text: str) -> frozenset[str]:
    return frozenset(token for token in tokens(normalise(text), shortest=False) if len(token) == 2)
