"""Native controls drawn without a template: the HTML that Django's templates give, in a tenth of the time.

A registration form has three hundred options, and Django renders a template for each, and another for its attributes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

Widget = Mapping[str, Any]

_FOLDER = "django/forms/widgets/"


def drawn(template_name: str, widget: Widget) -> SafeString | None:
    """The control for the context of a widget; None for one that Django shall draw itself."""
    draw = _DRAWN.get(template_name)
    return None if draw is None else mark_safe(draw(widget))  # noqa: S308 (every value is escaped below)


def _input(widget: Widget) -> str:
    value = widget["value"]
    given = "" if value is None else f' value="{_text(value)}"'
    return f'<input type="{widget["type"]}" name="{_text(widget["name"])}"{given}{_attributes(widget)}>'


def _textarea(widget: Widget) -> str:
    text = conditional_escape(widget["value"]) if widget["value"] else ""
    return f'<textarea name="{_text(widget["name"])}"{_attributes(widget)}>\n{text}</textarea>'


def _select(widget: Widget) -> str:
    lines = [f'<select name="{_text(widget["name"])}"{_attributes(widget)}>']
    for group, options, _place in widget["optgroups"]:
        if group:
            lines.append(f'  <optgroup label="{conditional_escape(group)}">')
        lines += [f"  {_option(option)}" for option in options]
        if group:
            lines.append("  </optgroup>")
    return "\n".join([*lines, "</select>"])


def _option(option: Widget) -> str:
    label = conditional_escape(option["label"])
    return f'<option value="{_text(option["value"])}"{_attributes(option)}>{label}</option>'


def _attributes(widget: Widget) -> str:
    return "".join(
        f" {conditional_escape(name)}" if value is True else f' {conditional_escape(name)}="{_text(value)}"'
        for name, value in widget["attrs"].items()
        if value is not False
    )


def _text(value: Any) -> str:
    return conditional_escape(str(value))


_DRAWN: Mapping[str, Callable[[Widget], str]] = {
    **{f"{_FOLDER}{name}.html": _input for name in ("hidden", "text", "number", "email", "tel", "search", "date")},
    f"{_FOLDER}textarea.html": _textarea,
    f"{_FOLDER}select.html": _select,
}
