"""Controls drawn by hand are what Django's templates draw, but for the empty lines between options."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates

from shuoshi.kernel.web.forms import Renderer

THEIRS, OURS = DjangoTemplates(), Renderer()
NASTY = """<a href='x'>"&</a> 𠮷"""
GROUPS = [("", "——"), (NASTY, [("a", NASTY), (1, "一")]), ("空", []), ("b", "二")]


@pytest.mark.parametrize(
    ("widget", "value"),
    [
        (forms.HiddenInput(), NASTY),
        (forms.HiddenInput(), None),
        (forms.TextInput(attrs={"class": "ctl", "required": True, "disabled": False, "title": NASTY}), 0),
        (forms.NumberInput(attrs={"min": 3}), 7),
        (forms.EmailInput(), ""),
        (forms.DateInput(attrs={"type": "date"}), "2026-11-23"),
        (forms.Textarea(attrs={"rows": "4"}), NASTY),
        (forms.Textarea(), None),
        (forms.Select(choices=GROUPS, attrs={"class": "ctl"}), "a"),
        (forms.Select(choices=GROUPS), 1),
        (forms.SelectMultiple(choices=GROUPS, attrs={"size": 4}), ["b", "1"]),
        (forms.CheckboxInput(), True),
        (forms.RadioSelect(choices=[("a", NASTY), ("b", "二")]), "b"),
    ],
    ids=lambda given: type(given).__name__,
)
def test_a_control_is_the_same(widget: forms.Widget, value: Any) -> None:
    for name in ("field", NASTY):
        ours = widget.render(name, value, attrs={"id": "id_field"}, renderer=OURS)
        theirs = widget.render(name, value, attrs={"id": "id_field"}, renderer=THEIRS)
        assert ours == (theirs.replace("\n\n", "\n") if "<select" in theirs else theirs)
        assert hasattr(ours, "__html__")
