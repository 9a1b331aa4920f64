"""Finding rows by words of their text, on both databases alike. Numbers of matters and persons are looked up elsewhere.

A word of a query finds exactly the texts that contain it, in whichever script it is written, however short it is. Who
may see a match is not known here: callers filter their own rows by `pk__in=matching(...).values("ref")`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction
from django.db.models import QuerySet

from shuoshi.kernel.history import History
from shuoshi.kernel.search import postgres, sqlite, text
from shuoshi.kernel.search.scrubbing import scrub, scrub_identities
from shuoshi.kernel.search.text import highlight

__all__ = [
    "SearchEntry",
    "alike",
    "highlight",
    "matching",
    "press_out",
    "put",
    "rebuild",
    "remove",
    "scrub",
    "scrub_identities",
]

_ALIKE = 0.25  # the share of the shorter text's pairs that two texts must have in common to count as alike
_CHUNK = 500  # entries in one transaction
_PAIRS = 3  # and at least so many of them: 没水 alone makes nothing alike

_DATABASES: dict[str, ModuleType] = {"sqlite": sqlite, "postgresql": postgres}


class SearchEntry(models.Model):
    """The text under which one row is found, in normal form. Tokens lie beside it, see sqlite and postgres."""

    history = History.WORKING
    id = models.BigAutoField(primary_key=True)  # SQLite's index knows rows by a whole number
    kind = models.CharField(max_length=20)
    ref = models.UUIDField()
    text = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(name="search_entry_one_per_row", fields=["kind", "ref"])]


def put(kind: str, ref: UUID, words: str) -> None:
    """Let `ref` be found by these words, and no longer by earlier ones. `scrub` what residents wrote beforehand."""
    normal = text.normalise(words)
    with transaction.atomic():
        entry, _ = SearchEntry.objects.update_or_create(kind=kind, ref=ref, defaults={"text": normal})
        _DATABASES[connection.vendor].keep(entry.pk, text.tokens(normal))


def rebuild(progress: Callable[[str, int], None]) -> None:
    """Make the index of all entries anew: what lies beside them is no part of a copy."""
    keep = _DATABASES[connection.vendor].keep
    count, after = 0, 0
    while chunk := list(SearchEntry.objects.filter(pk__gt=after).order_by("pk")[:_CHUNK]):
        with transaction.atomic():
            for entry in chunk:
                keep(entry.pk, text.tokens(entry.text))
        count, after = count + len(chunk), chunk[-1].pk
        progress("search", count)


def put_all(kind: str, found_by: Mapping[UUID, str]) -> None:
    """The same for many rows that are not in the index yet, in one or two statements."""
    entries = []
    for ref, words in found_by.items():
        normal = text.normalise(words)
        entries.append((ref, normal, text.tokens(normal)))
    if entries:
        _DATABASES[connection.vendor].insert(kind, entries)


def remove(kind: str, ref: UUID) -> bool:
    """Let `ref` be found no longer; False when it was not in the index."""
    return SearchEntry.objects.filter(kind=kind, ref=ref).delete()[0] > 0


def press_out() -> None:
    """Leave nothing in the index of words that were removed: a database marks them first and forgets them when it likes."""
    _DATABASES[connection.vendor].press_out()


def matching(kind: str, query: str) -> QuerySet[SearchEntry]:
    """The entries whose text contains every word of the query; none for a query without letters and digits.

    Costs what the candidates cost: pairs find them, and where a word has more than one pair its text is compared.
    """
    wanted = text.words(query)
    if not wanted:
        return SearchEntry.objects.none()
    held: set[str] = set()
    compared = SearchEntry.objects.all()
    for word in wanted:
        tokens = text.tokens(word, shortest=False)
        held.update(tokens)
        if tokens != [word]:
            compared = compared.filter(text__contains=word)
    found: QuerySet[SearchEntry] = _DATABASES[connection.vendor].holding(compared, kind, held)
    return found


def alike(kind: str, words: str, among: QuerySet[Any]) -> list[UUID]:
    """Those of `among` (a sliced query of ids) whose text shares many pairs of characters with `words`, likest first.

    One statement that reads as many texts as `among` has rows, so slice it.
    """
    wanted = _pairs(text.normalise(words[: text.QUERY_LIMIT]))
    if len(wanted) < _PAIRS:
        return []
    shares: list[tuple[float, UUID]] = []
    for ref, normal in SearchEntry.objects.filter(kind=kind, ref__in=among).values_list("ref", "text"):
        pairs = _pairs(normal)
        common = len(wanted & pairs)
        if common >= _PAIRS and common >= _ALIKE * min(len(wanted), len(pairs)):
            shares.append((common / min(len(wanted), len(pairs)), ref))
    return [ref for _share, ref in sorted(shares, key=lambda found: (-found[0], str(found[1])))]


def _pairs(normal: str) -> set[str]:
    return {token for token in text.tokens(normal, shortest=False) if len(token) == 2}
