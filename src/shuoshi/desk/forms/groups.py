"""Fields of a long form in groups: each with a heading, beside each other, or folded away while nothing is written there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.forms import BoundField

from shuoshi.kernel.web.forms import Form

TEMPLATE = "desk/_fields_grouped.html"
Words = Any  # str or a lazy one


@dataclass(frozen=True)
class Part:
    """What a form says of one group: heading ("" for none) and names of fields; names the form does not have are passed over."""

    title: Words
    names: Sequence[str]
    folded: bool = False
    beside: bool = False  # short fields, two on a line


@dataclass(frozen=True)
class Group:
    title: Words
    fields: Sequence[BoundField]
    folded: bool = False
    beside: bool = False
    shown: bool = True  # whether a folded group stands open: something in it was typed or is wrong


def grouped(form: Form, parts: Sequence[Part]) -> list[Group]:
    """The groups of a form, in the order of its page; a group without fields is none."""
    found = []
    for part in parts:
        fields = [form[name] for name in part.names if name in form.fields]
        if fields:
            shown = not part.folded or any(field.errors or _typed(field) for field in fields)
            found.append(Group(part.title, fields, part.folded, part.beside, shown))
    return found


def _typed(field: BoundField) -> bool:
    """Whether the form came back with something in this field; what it begins with does not count."""
    again = field.form.initial.get(field.name)
    return bool(field.value() if field.form.is_bound else again)
