"""Forms of the knowledge base: an entry as it is written, and the few words its deeds ask for."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.desk.forms import choices
from shuoshi.desk.forms.base import choice, day, line, radios, words
from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.web.forms import Form
from shuoshi.knowledge import policies
from shuoshi.knowledge.actions import SOURCES, EntryGiven
from shuoshi.knowledge.models import ANSWER_LIMIT, QUESTION_LIMIT, Audience, Entry, EntryVersion, Source
from shuoshi.organization import queries as organization
from shuoshi.organization.profile import Profile

A_YEAR = timedelta(days=365)
_PARTS = ("name", "number", "dated", "link")


class EntryForm(Form):
    """One entry. The unit is asked only for a new one; a later change of it is a deed of its own."""

    unit = choice(_("由哪个单位负责"))
    question = line(_("问题"), limit=QUESTION_LIMIT, help_text=_("照群众会问的样子写，一句话。"))
    answer = words(_("答案"), rows=9, help_text=_("先说结论，再说怎么办、带什么、去哪里。不写任何人的姓名和电话。"))
    ways = words(
        _("群众的说法，一行一个"), rows=3, required=False, help_text=_("别的叫法、土话、简称。登记时靠这些找到这一条。")
    )
    categories = forms.MultipleChoiceField(
        label=_("类别，可以选几个"),
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text=_("排在最前的作为主类别。"),
    )
    audience = radios(_("给谁看"), Audience.choices)
    review_on = day(_("下次复核的日期"))

    required_words = {
        "question": _("请写下问题。"),
        "answer": _("请写下答案。"),
        "categories": _("请至少选一个类别。"),
    }

    def __init__(
        self, *args: Any, actor: Actor, profile: Profile, version: EntryVersion | None = None, **kwargs: Any
    ) -> None:
        first = _first(version) if version else {"audience": Audience.PUBLIC, "review_on": _today() + A_YEAR}
        super().__init__(*args, initial=first | kwargs.pop("initial", {}), **kwargs)
        self.fields["answer"].widget.attrs["data-counter"] = str(ANSWER_LIMIT)
        for row in range(1, SOURCES + 1):
            self.fields[f"name_{row}"] = line(_now("法律、文件名称"), required=False, limit=120)
            self.fields[f"number_{row}"] = line(_now("文号"), required=False, limit=60)
            self.fields[f"dated_{row}"] = day(_now("日期"), required=False)
            self.fields[f"link_{row}"] = forms.URLField(
                label=_now("网址"), required=False, max_length=300, assume_scheme="https"
            )
            for part in _PARTS:
                self.always_asked(f"{part}_{row}")
        self.offer("categories", choices.categories(profile))
        if version is None:
            mine = [unit for unit in organization.units() if policies.writes(actor, unit)]
            self.offer("unit", [("", "——"), *[(str(unit.pk), choices.indented(unit)) for unit in mine]])
        else:
            del self.fields["unit"]

    def sources(self) -> list[list[forms.BoundField]]:
        """For the template: the four fields of each row."""
        return [[self[f"{part}_{row}"] for part in _PARTS] for row in range(1, SOURCES + 1)]

    @property
    def more_sources(self) -> bool:
        """Whether there is more than one, or something wrong further down."""
        rest = self.sources()[1:]
        return any(field.value() or field.errors for row in rest for field in row)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for row in range(1, SOURCES + 1):
            rest = any(data.get(f"{part}_{row}") for part in _PARTS[1:])
            if rest and not data.get(f"name_{row}") and f"name_{row}" not in self.errors:
                self.add_error(f"name_{row}", _now("请写依据的名称。"))
        return data

    def given(self) -> EntryGiven:
        """What was written; only after `is_valid`."""
        data = self.cleaned_data
        rows = [[data[f"{part}_{row}"] for part in _PARTS] for row in range(1, SOURCES + 1)]
        return EntryGiven(
            question=data["question"],
            answer=data["answer"],
            categories=tuple(data["categories"]),
            audience=Audience(data["audience"]),
            review_on=data["review_on"],
            ways=tuple(filter(None, (way.strip() for way in data["ways"].splitlines()))),
            sources=tuple(Source(*row) for row in rows if row[0]),
        )

    @property
    def unit_id(self) -> UUID:
        return UUID(self.cleaned_data["unit"])


class WhyForm(Form):
    """A reason of one line."""

    why = line(_("原因"), limit=200)


class ReviewForm(Form):
    """An entry was looked at and still holds."""

    until = day(_("下次复核的日期"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial={"until": _today() + A_YEAR}, **kwargs)


class HandOverForm(Form):
    """Another unit keeps the entry from now on."""

    unit = choice(_("改由哪个单位负责"))

    def __init__(self, *args: Any, actor: Actor, entry: Entry, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = [unit for unit in organization.units() if policies.manages(actor, unit) and unit.pk != entry.unit_id]
        self.offer("unit", [("", "——"), *[(str(unit.pk), choices.indented(unit)) for unit in found]])


class AnsweredForm(Form):
    """Which entry in force answers the questions of a task."""

    entry = choice(_("已有的条目"))

    def __init__(self, *args: Any, entries: list[Entry], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pairs = [(str(entry.pk), f"{entry.number} · {entry.current.question}") for entry in entries if entry.current]
        self.offer("entry", [("", "——"), *pairs])


def _first(version: EntryVersion) -> dict[str, Any]:
    """The form filled in with a version."""
    found: dict[str, Any] = {
        "question": version.question,
        "answer": version.answer,
        "ways": version.words,
        "categories": version.codes,
        "audience": version.audience,
        "review_on": max(version.review_on, _today() + timedelta(days=1)),
    }
    for row, source in enumerate(version.rests_on[:SOURCES], start=1):
        found |= {f"{part}_{row}": getattr(source, part) for part in _PARTS}
    return found


def _today() -> date:
    return clock.local(clock.now()).date()
