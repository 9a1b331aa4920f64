"""What was typed of recordings beside the words of a matter: those of the first of a matter without any became its words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from shuoshi.matters.models import Entry, Matter
from shuoshi.matters.vocabulary import Action


def beside(matter: Matter, entries: Iterable[Entry]) -> Iterator[Entry]:
    """Of these lines, oldest first, those of a recording whose words stand nowhere else (4.1.1)."""
    became_its_words = bool(matter.spoken)
    for entry in entries:
        if entry.action != Action.TYPE_OUT:
            continue
        if became_its_words or entry.facts.get("again"):
            became_its_words = False
            continue
        yield entry


def texts(matter: Matter, until: datetime | None = None) -> list[str]:
    """The same as texts, of a part those of the whole; `until` when they were typed. One statement."""
    whole = matter.part_of or matter
    rows = list(whole.entries.filter(action=Action.TYPE_OUT).order_by("at", "id"))
    for row in rows:
        row.matter = whole
    return [str(row.text) for row in beside(whole, rows) if until is None or row.at <= until]
