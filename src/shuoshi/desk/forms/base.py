"""What the forms of all actions share: the matter they are about, the typed terms they make, the line above them.

A form parses and words; whether the action may be done is the workflow's, and is asked again when it runs.
"""

from __future__ import annotations

from abc import ABCMeta, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms.forms import DeclarativeFieldsMetaclass
from django.utils.translation import gettext_lazy as _

from shuoshi.desk.forms.files import wait_with
from shuoshi.desk.photos import Waiting
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.web.forms import Form, Text
from shuoshi.matters.models import Matter
from shuoshi.matters.terms import Terms
from shuoshi.matters.vocabulary import Action, ResultState
from shuoshi.organization.profile import Profile
from shuoshi.people import phones

Words = Any  # str or a lazy one; the stubs know the lazy one by a name of their own


@dataclass(frozen=True)
class About:
    """Before whom and what a form stands: its choices come from here."""

    matter: Matter
    actor: Actor
    profile: Profile


class _Complete(DeclarativeFieldsMetaclass, ABCMeta):
    """Fields are declared, and a form that makes no terms cannot be built."""


class ActionForm(Form, metaclass=_Complete):
    """The form of one row of the table. `happens` says what will happen, `verb` is the button."""

    action: ClassVar[Action]
    happens: Words = ""
    verb: ClassVar[Words]
    template: ClassVar[str] = "desk/_fields.html"
    public: ClassVar[bool] = False  # whether the resident reads what is typed here
    reads: ClassVar[frozenset[ResultState]] = frozenset()  # the latest result in one of these states stands beside it
    aloud: ClassVar[bool] = False  # and is read to the resident

    def __init__(self, *args: Any, about: About, waiting: Waiting | None = None, **kwargs: Any) -> None:
        self.about = about
        super().__init__(*args, **kwargs)
        wait_with(self, waiting)
        self.fill_choices()

    def fill_choices(self) -> None:
        """Choices and first values that depend on the matter."""

    @abstractmethod
    def make(self, data: dict[str, Any]) -> Terms:
        """The typed terms of cleaned data. Raises Refused for what the terms themselves refuse."""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                self._terms = self.make(data)
            except Refused as refused:
                raise ValidationError(refused.text) from refused
        return data

    def terms(self) -> Terms:
        """What the action takes; only after `is_valid`."""
        return self._terms


def words(label: Words, *, rows: int = 3, required: bool = True, help_text: Words = "") -> Text:
    """A field for several lines."""
    return Text(label=label, required=required, help_text=help_text, rows=rows)


def line(label: Words, *, required: bool = True, help_text: Words = "", limit: int = 200) -> forms.CharField:
    """A field for one line."""
    return forms.CharField(
        label=label,
        required=required,
        help_text=help_text,
        max_length=limit,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


def phone_number(written: str) -> str:
    """A number in the one form it is kept in. Raises ValidationError with what is wrong with it."""
    try:
        return phones.normalise(written) if written else ""
    except phones.BadNumber as bad:
        raise ValidationError(str(bad)) from bad


def choice(
    label: Words, choices: Any = (), *, required: bool = True, help_text: Words = "", first: Words = ""
) -> forms.ChoiceField:
    """A native select; `first` words the empty line."""
    found = [("", first or "——")] if first or not required else []
    return forms.ChoiceField(label=label, required=required, help_text=help_text, choices=[*found, *choices])


def narrowed(field: forms.ChoiceField) -> forms.ChoiceField:
    """A long select with a box above it: a few signs typed there leave the choices that hold them."""
    field.widget.attrs["data-narrow"] = _("输几个字，只留有这几个字的")
    return field


def day(label: Words, *, required: bool = True, help_text: Words = "") -> forms.DateField:
    """A date, picked or typed."""
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def radios(
    label: Words, choices: Any = (), *, required: bool = True, help_text: Words = "", initial: str = ""
) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, required=required, help_text=help_text, choices=choices, widget=forms.RadioSelect, initial=initial
    )


def tick(label: Words, *, help_text: Words = "") -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False, help_text=help_text)
