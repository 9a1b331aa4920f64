"""Finding rows by words of their text, on both databases alike. Numbers of matters and persons are looked up elsewhere.

A query of two Chinese characters or more finds exactly the texts that contain it. Words of Latin letters and digits are
found whole. Who may see a match is not known here: callers filter their own rows by `matching(...).values("ref")`.
"""

from __future__ import annotations

from types import ModuleType
from uuid import UUID

from django.db import connection, models, transaction
from django.db.models import QuerySet

from shuoshi.kernel.history import History
from shuoshi.kernel.search import postgres, sqlite, tokens
from shuoshi.kernel.search.tokens import scrub

__all__ = ["SearchEntry", "highlight", "matching", "put", "remove", "scrub"]

_QUERY_LIMIT = 200  # characters
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


def put(kind: str, ref: UUID, text: str) -> None:
    """Let `ref` be found by this text, and no longer by an earlier one. `scrub` what residents wrote beforehand."""
    normalised = tokens.normal(text).replace("\0", " ")  # PostgreSQL keeps no NUL
    with transaction.atomic():
        entry, _ = SearchEntry.objects.update_or_create(kind=kind, ref=ref, defaults={"text": normalised})
        _DATABASES[connection.vendor].keep(entry.pk, tokens.of_text(normalised))


def remove(kind: str, ref: UUID) -> bool:
    """Let `ref` be found no longer; False when it was not in the index."""
    with transaction.atomic():
        entry = SearchEntry.objects.select_for_update().filter(kind=kind, ref=ref).first()
        if entry is None:
            return False
        _DATABASES[connection.vendor].forget(entry.pk)
        entry.delete()
    return True


def matching(kind: str, query: str) -> QuerySet[SearchEntry]:
    """The entries whose text contains every word of the query; none for a query without letters and digits.

    Costs what the candidates of the rarest words cost; from more than one token the text itself is compared.
    """
    wanted = tokens.parts(query[:_QUERY_LIMIT])
    held: set[str] = set()
    found = SearchEntry.objects.filter(kind=kind)
    for part in wanted:
        of_part = tokens.of_query(part)
        held |= of_part
        if len(of_part) > 1 or part not in of_part:
            found = found.filter(text__contains=part)
    if not held:
        return found.none()
    return found.filter(pk__in=_DATABASES[connection.vendor].holding(held))


def highlight(text: str, query: str) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it is one that was looked for; joined they are the text again."""
    normalised, places = tokens.normal_with_places(text)
    marked = [False] * len(text)
    for part in tokens.parts(query[:_QUERY_LIMIT]):
        start = normalised.find(part)
        while start >= 0:
            for place in places[start : start + len(part)]:
                marked[place] = True
            start = normalised.find(part, start + 1)
    pieces: list[tuple[str, bool]] = []
    for character, mark in zip(text, marked, strict=True):
        if pieces and pieces[-1][1] == mark:
            pieces[-1] = (pieces[-1][0] + character, mark)
        else:
            pieces.append((character, mark))
    return pieces
