"""What an export is made of, whatever it lists: how many rows, which, and what stands in them.

Keys are read once, at the beginning; rows in portions, each for the actor as they are at that moment.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

from django.utils.translation import gettext as _

from shuoshi.kernel.actors import Actor
from shuoshi.kernel.papers.longsheets import MOST_ROWS
from shuoshi.ledgers import lists
from shuoshi.ledgers.asked import Asked
from shuoshi.ledgers.lists import Key
from shuoshi.ledgers.models import FileKind
from shuoshi.matters.papers.entered import LEDGER, cells
from shuoshi.matters.papers.ledger import MOST_ON_PAPER, ledger_columns
from shuoshi.organization.profile import Profile

Cells = list[str | int]


def most(kind: str) -> int:
    """How many rows a file of this kind holds."""
    return MOST_ON_PAPER if kind == FileKind.PDF else MOST_ROWS


class Source(Protocol):
    """Raises NoSuchList where the list is not, or not for this actor."""

    @property
    def title(self) -> str: ...
    def columns(self) -> list[tuple[str, int]]: ...
    def check(self, actor: Actor, now: datetime) -> None: ...
    def count(self, actor: Actor, now: datetime) -> int: ...
    def keys(self, actor: Actor, now: datetime) -> list[Key]: ...
    def most(self, kind: str) -> int: ...
    def rows(self, actor: Actor, rules: Profile, some: Sequence[Key], first: int) -> Iterator[Cells]: ...


class ListSource:
    """A list of matters, as the ordinary ledger shows it."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked

    @property
    def title(self) -> str:
        return _("群众说事台账")

    def columns(self) -> list[tuple[str, int]]:
        return ledger_columns()

    def check(self, actor: Actor, now: datetime) -> None:
        lists.allowed(self.asked, actor, now)

    def count(self, actor: Actor, now: datetime) -> int:
        return lists.count(lists.matters(self.asked, actor, now))

    def keys(self, actor: Actor, now: datetime) -> list[Key]:
        return lists.keys(lists.matters(self.asked, actor, now))

    def most(self, kind: str) -> int:
        return most(kind)

    def rows(self, actor: Actor, rules: Profile, some: Sequence[Key], first: int) -> Iterator[Cells]:
        fields = [one for one, _width in LEDGER]
        for place, row in enumerate(lists.rows(actor, some), start=first):
            yield [place, *cells(rules, row, fields)]
