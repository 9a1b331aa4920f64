"""Kinds, categories and the few questions each asks: the part of a profile that residents meet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Literal

from django.utils.translation import get_language
from pydantic import BaseModel, ConfigDict, Field

_NUMBER = re.compile(r"\d{1,10}(\.\d{1,2})?", re.ASCII)
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9_]{1,24}$")]
Spoken = Annotated[str, Field(min_length=2, max_length=20)]  # a single character says too little


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Words(Frozen):
    """The same words in the three languages of the product."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    zh_hans: str = Field(alias="zh-Hans", min_length=1)
    zh_hant: str = Field(alias="zh-Hant", min_length=1)
    en: str = Field(min_length=1)

    def __str__(self) -> str:
        """In the language of this request."""
        language = (get_language() or "zh-hans").lower()
        if language.startswith("en"):
            return self.en
        return self.zh_hant if language.startswith("zh-hant") else self.zh_hans


class Named(Frozen):
    code: Code
    name: Words

    def __str__(self) -> str:
        return str(self.name)


class Condition(Frozen):
    """A question is asked only when an earlier one was answered with one of these."""

    question: Code
    any_of: tuple[str, ...] = Field(min_length=1)

    def holds(self, answers: Mapping[str, str]) -> bool:
        return answers.get(self.question, "") in self.any_of


class Question(Frozen):
    """Something asked about a matter of a category; the same on the desk and on the tracking page."""

    code: Code
    text: Words
    type: Literal["choice", "yes_no", "number", "date", "text"]
    options: tuple[Named, ...] = ()
    required: bool = False
    visible_when: Condition | None = None

    def asked(self, answers: Mapping[str, str]) -> bool:
        return self.visible_when is None or self.visible_when.holds(answers)

    def takes(self, value: str) -> bool:
        """Whether this is an answer: one of the options, a number not below 0, an ISO date, or up to 500 characters."""
        if self.values:
            return value in self.values
        if self.type == "number":
            return _NUMBER.fullmatch(value) is not None
        if self.type == "date":
            return _is_date(value)
        return 0 < len(value) <= 500

    @property
    def values(self) -> tuple[str, ...]:
        """What may be answered where the answer is chosen; () for free answers."""
        return ("yes", "no") if self.type == "yes_no" else tuple(option.code for option in self.options)


class CheckItem(Named):
    """Something to look at while a matter of a category is handled; `needed`: before its answer goes to be signed."""

    needed: bool = False


class Category(Named):
    """What a matter is about. The first level groups, the second is chosen; a group without children is so itself."""

    sensitive: bool = False  # never indexed, never shown outside those who work on it
    proof: bool = False  # a result needs a photo or a document
    mandatory_report: bool = False  # domestic violence and the like: the law obliges to report
    outside_department: bool = False  # mediator and handler come from outside the responding department
    offer_sealed: bool = False  # the page names the way for reports on misconduct
    spoken: tuple[Spoken, ...] = ()  # how residents speak of it: where they do, it is offered to whoever classifies
    questions: tuple[Question, ...] = ()
    checklist: tuple[CheckItem, ...] = Field(default=(), max_length=12)
    children: tuple[Category, ...] = ()

    def asked(self, answers: Mapping[str, str]) -> tuple[Question, ...]:
        """The questions that apply given the answers so far, in order."""
        return tuple(question for question in self.questions if question.asked(answers))

    def still_open(self, answers: Mapping[str, str]) -> Iterator[Question]:
        """Questions without an answer that apply, or would if one that is open itself were answered so."""
        open_: set[str] = set()
        for question in self.questions:
            condition = question.visible_when
            may_apply = question.asked(answers) or (condition is not None and condition.question in open_)
            if question.code not in answers and may_apply:
                open_.add(question.code)
                yield question


class Kind(Named):
    """One of the kinds of the norm (2.2), or outside the loop: other, praise, invalid."""

    letter: str = Field(default="", pattern=r"^[A-Z]?$")
    in_loop: bool  # has limits, follow-up and rating
    rework: Literal["until_satisfied", "once", "never"]
    second_person: bool = False  # marking a matter so needs somebody else's yes
    categories: tuple[Category, ...] = ()


def _is_date(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
