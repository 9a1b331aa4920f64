"""What forms that answer share: entries of the knowledge base to look up, and those the answer rests on. No script needed.

A button `cite` takes an entry: its answer is put into the form, where it may be changed, and its version is kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from shuoshi.desk.forms import choices
from shuoshi.desk.forms.base import line
from shuoshi.kernel.web.forms import Form
from shuoshi.kernel.web.kept import AGAIN
from shuoshi.knowledge import finding
from shuoshi.knowledge import queries as knowledge
from shuoshi.knowledge.models import Entry, EntryVersion, Source
from shuoshi.matters.terms import TITLE_LIMIT, Cite

TAKE = "cite"


class CitingForm(Form):
    """A form whose answer may rest on the knowledge base. `fills` names the fields an entry is written into."""

    cites = forms.MultipleChoiceField(
        label=_("引用的知识条目"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("有一条知识条目现在不能引用了，请重新选。")},
    )
    look = line(_("在知识库里找"), required=False, limit=100)

    fills: ClassVar[dict[str, str]] = {"answer": "answer", "basis": "basis", "title": "title", "category": "category"}

    def __init__(self, data: QueryDict | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(self._with_taken(data), *args, **kwargs)
        chosen = self.data.getlist("cites") if isinstance(self.data, QueryDict) else self.initial.get("cites", [])
        self.offer("cites", [(value_of(version), title_of(version)) for version in _read(chosen)])
        self.always_asked("cites")

    def said(self) -> str:
        """The words an answer is looked for; forms say where they stand."""
        return ""

    def category_said(self) -> str:
        return str(self[self.fills["category"]].value() or "") if self.fills["category"] in self.fields else ""

    @cached_property
    def known(self) -> list[Entry]:
        """What may answer: for the words that were typed to look for it, else for what was said."""
        return known_for(str(self["look"].value() or ""), self.said(), self.category_said())

    @property
    def looked(self) -> bool:
        """Whether there was anything to look for."""
        return bool(str(self["look"].value() or "").strip() or self.said().strip())

    def cited(self) -> tuple[Cite, ...]:
        """The chosen entries as terms; only after `is_valid`."""
        return tuple(Cite(*_pair(value)) for value in self.cleaned_data["cites"])

    def _with_taken(self, data: QueryDict | None) -> QueryDict | None:
        """The same data with the entry whose button was pressed written into it, to be looked at again."""
        if data is None or TAKE not in data:
            return data
        changed = data.copy()
        changed[AGAIN] = "1"
        number = str(changed.pop(TAKE)[-1])
        entry = (
            knowledge.for_everybody().select_related("current").filter(number=int(number)).first()
            if (number.isascii() and number.isdigit() and len(number) < 10)
            else None
        )
        if entry is None or entry.current is None:
            return changed
        version = entry.current
        version.entry = entry
        if value_of(version) not in changed.getlist("cites"):
            changed.appendlist("cites", value_of(version))
        for name, value in self._written(version, changed).items():
            changed[name] = value
        return changed

    def _written(self, version: EntryVersion, typed: QueryDict) -> dict[str, str]:
        """What the entry puts where; nothing that was typed is written over."""
        answer = typed.get(self.fills["answer"], "")
        wanted = {
            "answer": answer if version.answer in answer else "\n".join(filter(None, (answer.strip(), version.answer))),
            "basis": typed.get(self.fills.get("basis", ""), "") or all_cited(version),
            "title": typed.get(self.fills.get("title", ""), "") or short_title(version),
            "category": typed.get(self.fills.get("category", ""), "") or version.codes[0],
        }
        return {field: wanted[what] for what, field in self.fills.items()}


def known_for(look: str, said: str, category: str) -> list[Entry]:
    """Entries in force that answer what is looked for, or else what was said. Three statements at most."""
    if look.strip():
        return finding.find(knowledge.in_force(), look, category)
    return finding.suggest(knowledge.in_force(), said, category)


def value_of(version: EntryVersion) -> str:
    """How a form names a version: the number of its entry, and its own."""
    return f"{version.entry.number}:{version.number}"


def title_of(version: EntryVersion) -> str:
    return _now("%(question)s（知识库第 %(n)d 条）") % {"question": version.question, "n": version.entry.number}


def short_title(version: EntryVersion) -> str:
    """The question as the title of the matter, where it is short enough for one."""
    return version.question if len(version.question) <= TITLE_LIMIT else ""


def cited_as(source: Source) -> str:
    """《城乡居民基本养老保险》（国发〔2014〕8 号）."""
    return choices.named(source.name, source.number) if source.number else source.name


def all_cited(version: EntryVersion) -> str:
    """Everything a version rests on, as a reply names it."""
    return pgettext("separator", "；").join(cited_as(one) for one in version.rests_on)


def _read(values: Iterable[str]) -> list[EntryVersion]:
    """The citable versions behind these values, in their order. One statement, none without values."""
    pairs = [pair for pair in map(_pair, values) if pair != (0, 0)]
    found = knowledge.citable(pairs)
    return [found[pair] for pair in dict.fromkeys(pairs) if pair in found]


def _pair(value: str) -> tuple[int, int]:
    """Number and version; (0, 0) for what no page of ours posts."""
    entry, _sep, version = value.partition(":")
    plain = all(part.isascii() and part.isdigit() and len(part) < 10 for part in (entry, version))
    return (int(entry), int(version)) if plain else (0, 0)
