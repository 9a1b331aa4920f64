"""The form kit: hidden turn and key, field groups with hint and error, error summary, kept text, picture uploads.

What a form means stands in the package that declares it, in a method `terms()`.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django import forms
from django.forms.boundfield import BoundField as DjangoBoundField
from django.forms.renderers import DjangoTemplates
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuoshi.kernel.web import controls
from shuoshi.kernel.web.kept import AGAIN, posted

TEXT_LIMIT = 20_000
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_BARE = (forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple, forms.FileInput, forms.HiddenInput)

__all__ = ["TEXT_LIMIT", "Form", "Moment", "Text", "posted"]


class BoundField(DjangoBoundField):
    """A field as its template draws it: controls get their class, a wrong one says so to assistive technology."""

    @property
    def is_choice(self) -> bool:
        """Radio buttons or several boxes: drawn as a fieldset with a legend."""
        return isinstance(self.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple)

    @property
    def is_box(self) -> bool:
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def optional_mark(self) -> bool:
        """Whether the label says 可以不填: what must be given is not marked, what may be left out is."""
        return not self.field.required and not self.is_box and not getattr(self.field, "no_mark", False)

    @property
    def above(self) -> str:
        """The template of what stands between label and control; "" for nothing."""
        return str(getattr(self.field, "above", ""))

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        widget = widget or self.field.widget
        attrs = dict(super().build_widget_attrs(attrs, widget))
        attrs.pop("required", None)  # the server says what is missing, in words, beside the field
        widget.attrs.pop("maxlength", None)  # and what is too long: a browser would cut what is pasted without a word
        if not isinstance(widget, _BARE):
            attrs["class"] = f"ctl {widget.attrs.get('class', '')}".strip()
        if self.errors and getattr(self.form, "first_error", "") == self.html_name:
            attrs["data-first-error"] = True
            if not self.is_choice:
                attrs["autofocus"] = True
        return attrs


class Renderer(DjangoTemplates):
    """Our templates for a field and a whole form; widgets stay Django's, that is native controls."""

    form_template_name = "kernel/form.html"
    field_template_name = "kernel/field.html"
    bound_field_class = BoundField

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        control = controls.drawn(template_name, context["widget"]) if "widget" in context else None
        return super().render(template_name, context, request) if control is None else control


class Text(forms.CharField):
    """Several lines of words, 20,000 characters at most. Line ends are one character, trailing space goes."""

    def __init__(self, *, rows: int = 4, max_length: int = TEXT_LIMIT, counted: bool = False, **kwargs: Any) -> None:
        attrs = {"rows": str(rows)} | ({"data-counter": str(max_length)} if counted else {})
        kwargs.setdefault("widget", forms.Textarea(attrs=attrs))
        super().__init__(**kwargs)
        self.most = max_length

    def validate(self, value: Any) -> None:
        super().validate(value)
        if len(value) > self.most:
            raise forms.ValidationError(sentence_for_length(self.most, len(value)), code="max_length")

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace("\r\n", "\n").replace("\x00", "") if isinstance(value, str) else value)


class Moment(forms.DateTimeField):
    """Day and time of somebody who lives: at the edges of the calendar no zone can be counted."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, **kwargs)

    def to_python(self, value: Any) -> Any:
        moment = super().to_python(value)
        if moment is not None and not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return moment


class Form(forms.Form):
    """A form that knows which state it was written for (`turn`) and which intention it is (`key`).

    `data` that carries "again" (from a refusal page or a draft) fills the form in without carrying it out.
    """

    default_renderer = Renderer()  # one for all forms: a class would compile its templates anew for each
    required_words: Mapping[str, Any] = {}  # field → what to say when it is empty

    def __init__(self, data: QueryDict | None = None, files: Any = None, *, turn: int | None = None, **kwargs: Any):
        initial = dict(kwargs.pop("initial", None) or {})
        again = data is not None and AGAIN in data
        super().__init__(None if again else data, None if again else files, initial=initial, **kwargs)
        self.fields["turn"] = forms.IntegerField(required=False, widget=forms.HiddenInput, initial=turn)
        self.fields["key"] = forms.CharField(
            required=False, max_length=64, widget=forms.HiddenInput, initial=secrets.token_urlsafe(16)
        )
        for name, field in self.fields.items():
            if field.error_messages["required"] is forms.Field.default_error_messages["required"]:
                field.error_messages["required"] = self.required_words.get(name, REQUIRED)
            field.error_messages["max_length"] = TOO_LONG
        if again and data is not None:
            self._fill(data)

    @property
    def turn(self) -> int | None:
        """The turn of the matter this form was drawn for; None where the form is not about a matter."""
        turn: int | None = self.cleaned_data.get("turn")
        return turn

    @property
    def key(self) -> str:
        """The intention: the same form sent twice has the same key. A form without one gets its own."""
        return str(self.cleaned_data.get("key") or secrets.token_urlsafe(16))

    @property
    def first_error(self) -> str:
        """Name of the first field with an error, in the order of the page; "" when none has."""
        if not self.is_bound:
            return ""
        wrong = {self.add_prefix(name) for name in self.errors}
        return next((name for name in (self.add_prefix(field) for field in self.fields) if name in wrong), "")

    def always_asked(self, *names: str) -> None:
        """Fields that say 可以不填 nowhere, although the form itself asks for them only where they apply."""
        for name in names:
            self.fields[name].no_mark = True  # type: ignore[attr-defined]  # read by BoundField.optional_mark

    def offer(self, name: str, choices: Any) -> None:
        """Fill the select, radio buttons or boxes of a field with pairs of value and words, or named groups of them.

        A function that makes them is asked once, and only when the field is drawn or something in it was chosen.
        """
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = cache(choices) if callable(choices) else choices

    def summary(self) -> list[tuple[str, str]]:
        """(id of the control, sentence) of every error, for the list of links on top; the id is "" for the whole form.

        A sentence that many fields share names its field.
        """
        if not self.is_bound:
            return []
        lines = []
        for name in [*self.fields, "__all__"]:
            for sentence in self.errors.get(name, ()):
                if name == "__all__":
                    lines.append(("", str(sentence)))
                    continue
                shared = str(sentence) == str(REQUIRED)
                words = _("%(label)s：%(sentence)s") % {"label": self[name].label, "sentence": sentence}
                lines.append((self._target(name), words if shared else str(sentence)))
        return lines

    def mention(self, sentences: Iterable[str]) -> None:
        """Say on top of the page, too, what is said in its own place below: something that is no field was not fit."""
        for sentence in sentences:
            self.add_error(None, sentence)

    def field_groups(self) -> Iterable[DjangoBoundField]:
        return self.visible_fields()

    def _target(self, name: str) -> str:
        bound = self[name]
        return (
            f"{bound.id_for_label or bound.auto_id}" if not getattr(bound, "is_choice", False) else f"{bound.auto_id}_0"
        )

    def _fill(self, data: QueryDict) -> None:
        for name, field in self.fields.items():
            if name in ("turn", "key"):
                continue
            value = field.widget.value_from_datadict(data, {}, self.add_prefix(name))
            if value not in (None, "", []):
                self.initial[name] = value


def sentence_for_length(limit: int, given: int) -> str:
    """What to say of a text that is too long."""
    return _("最多 %(limit)s 字，现在是 %(given)s 字。") % {"limit": f"{limit:,}", "given": f"{given:,}"}


REQUIRED = gettext_lazy("这里还没有填。")
TOO_LONG = gettext_lazy("最多 %(limit_value)s 字，现在是 %(show_value)s 字。")
