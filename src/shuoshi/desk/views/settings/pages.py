"""What all settings pages are: a list, or a form with its history and further deeds. No section of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.utils.functional import Promise

from shuoshi.desk.views.settings.changes import Told
from shuoshi.kernel.web import PageData
from shuoshi.kernel.web.forms import Form

Words = str | Promise


@dataclass(frozen=True)
class Row:
    """One line of a list: where it leads, its cells, words that stand out (缺指定专人), and what may be done to it."""

    cells: Sequence[Any]
    url: str = ""
    mark: str = ""
    closed: bool = False
    depth: int = 0  # how far the first cell is set in, for trees
    key: str = ""  # posted as `row` by the buttons of `deeds`
    deeds: Sequence[Deed] = ()


@dataclass(frozen=True)
class ListPage(PageData):
    """`note` stands above the table; `empty` says what comes here."""

    template: ClassVar[str] = "desk/settings/list.html"
    title: Words
    columns: Sequence[Words]
    rows: Sequence[Row]
    note: Words = ""
    warn: Words = ""
    empty: Words = ""
    new_url: str = ""
    new_label: Words = ""


@dataclass(frozen=True)
class Deed:
    """A further button, of the page or of a row: a POST to the same address with `do`."""

    name: str
    label: Words
    icon: str = ""
    danger: bool = False


@dataclass(frozen=True)
class Part:
    """A table or a small form beneath the main one, such as the posts of a unit. `columns` name the cells of `rows`."""

    title: Words
    form: Form | None = None
    do: str = ""
    verb: Words = ""
    rows: Sequence[Row] = ()
    empty: Words = ""
    columns: Sequence[Words] = ()

    @property
    def acts(self) -> bool:
        """Whether anything may be done to a row: the buttons have a column of their own then."""
        return any(row.deeds for row in self.rows)


@dataclass(frozen=True)
class Once:
    """Shown this one time: a key of a program outside. `words` says whose it is."""

    words: str
    code: str
    handed: Words  # how it gets to them


@dataclass(frozen=True)
class Link:
    """A page that belongs to what is set here, such as the poster of a point."""

    url: str
    label: Words
    icon: str


@dataclass(frozen=True)
class FormPage(PageData):
    template: ClassVar[str] = "desk/settings/form.html"
    title: Words
    form: Form | None
    verb: Words
    back: str
    note: Words = ""
    warn: Words = ""
    once: Once | None = None
    links: Sequence[Link] = ()
    deeds: Sequence[Deed] = ()
    parts: Sequence[Part] = ()
    history: Sequence[Told] = field(default_factory=tuple)
