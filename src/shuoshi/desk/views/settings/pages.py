"""What all settings pages are: a list, or a form with its history and further deeds. No section of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from shuoshi.kernel.web import PageData
from shuoshi.kernel.web.forms import Form
from shuoshi.organization.queries import Change
from shuoshi.people.models import Person

Words = str | Promise


@dataclass(frozen=True)
class Row:
    """One line of a list: where it leads, its cells, and words that stand out (缺指定专人)."""

    cells: Sequence[Any]
    url: str = ""
    mark: str = ""
    closed: bool = False
    depth: int = 0  # how far the first cell is set in, for trees


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
    """A further button beside the form: a POST to the same address with `do`."""

    name: str
    label: Words
    icon: str = ""
    danger: bool = False


@dataclass(frozen=True)
class Part:
    """A table or a small form beneath the main one, such as the posts of a unit."""

    title: Words
    form: Form | None = None
    do: str = ""
    verb: Words = ""
    rows: Sequence[Row] = ()
    row_do: str = ""  # a button on each row, with its first cell as key
    row_verb: Words = ""
    keys: Sequence[str] = ()
    empty: Words = ""

    @property
    def lines(self) -> list[tuple[Row, str]]:
        keys = self.keys or [""] * len(self.rows)
        return list(zip(self.rows, keys, strict=True))


@dataclass(frozen=True)
class Told:
    """A line of history in words."""

    at: Any
    deed: str
    by: str
    changes: Sequence[tuple[str, str, str]]


@dataclass(frozen=True)
class FormPage(PageData):
    template: ClassVar[str] = "desk/settings/form.html"
    title: Words
    form: Form | None
    verb: Words
    back: str
    note: Words = ""
    warn: Words = ""
    once: str = ""  # shown this one time: a first password
    deeds: Sequence[Deed] = ()
    parts: Sequence[Part] = ()
    history: Sequence[Told] = field(default_factory=tuple)


def told(changes: Sequence[Change]) -> list[Told]:
    """History in words; names of who did it in one statement."""
    people = _names([change.actor for change in changes])
    return [
        Told(
            at=change.at,
            deed=change.deed,
            by=people.get(change.actor, _("安装时")),
            changes=[
                (name, _said(before), _said(after))
                for name, (before, after) in change.columns.items()
                if name not in _INNER
            ],
        )
        for change in changes
    ]


_INNER = frozenset({"id", "node", "path", "created_at", "only", "password", "totp_secret", "wrapped_key", "epoch"})


def _said(value: Any) -> str:
    return "—" if value in (None, "") else str(value)[:80]


def _names(refs: Sequence[str]) -> dict[str, str]:
    keys = {ref: ref.split(":")[1] for ref in refs if ref.startswith("staff:")}
    found = {
        str(person.pk): person.name
        for person in Person.objects.filter(pk__in={UUID(key) for key in keys.values() if key != "None"})
    }
    return {ref: found.get(key, "") for ref, key in keys.items()}
