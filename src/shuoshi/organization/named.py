"""Whom words speak of: members of staff and units that are named in them.

It decides from whom a complaint is kept, so that it rather finds one too many: everybody of that name, and the unit that
was named beside a person. Nicknames and bare titles it does not know; those a person has to look up.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from shuoshi.organization import queries
from shuoshi.organization.models import Unit

SHORTEST = 2  # characters of a name; one alone stands in half of all sentences


@dataclass(frozen=True)
class Named:
    """Units, and people who hold a post by their key, with their names."""

    units: tuple[Unit, ...] = ()
    people: Mapping[UUID, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.units or self.people)

    @property
    def names(self) -> list[str]:
        return list(dict.fromkeys([*(unit.name for unit in self.units), *self.people.values()]))


def named_in(words: str) -> Named:
    """Two statements where something was written, none where nothing was."""
    text = _plain(words)
    if len(text) < SHORTEST:
        return Named()
    posts = [post for post in queries.posts_at() if _stands_in(text, post.person.name)]
    below = [post.unit.path for post in posts]
    return Named(
        units=tuple(_units(text, queries.units(), below)),
        people={post.person_id: post.person.name for post in posts},
    )


def _units(text: str, units: Iterable[Unit], below: list[str]) -> list[Unit]:
    """Without those whose name is only part of another's, and without a tier that only says where the others are."""
    spans = {unit.pk: _spans(text, {unit.name, unit.short_name}) for unit in units}
    every = [span for found in spans.values() for span in found]
    found = [unit for unit in units if any(not _inside(span, every) for span in spans[unit.pk])]
    paths = [*below, *(unit.path for unit in found)]
    return [
        unit
        for unit in found
        if not (unit.is_tier and any(path != unit.path and path.startswith(unit.path) for path in paths))
    ]


def _spans(text: str, names: Iterable[str]) -> list[tuple[int, int]]:
    found = []
    for name in (_plain(name) for name in names):
        at = text.find(name) if len(name) >= SHORTEST else -1
        while at >= 0:
            found.append((at, at + len(name)))
            at = text.find(name, at + 1)
    return found


def _inside(span: tuple[int, int], every: Iterable[tuple[int, int]]) -> bool:
    return any(start <= span[0] and span[1] <= end and (start, end) != span for start, end in every)


def _stands_in(text: str, name: str) -> bool:
    plain = _plain(name)
    return len(plain) >= SHORTEST and plain in text


def _plain(text: str) -> str:
    """NFKC, without case and without the spaces that people put between the two characters of a name."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
