"""What a matter asks for, in a form: a box, one point a line; a letter that nobody summarised does not fill it."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from shuoshi.desk.forms.base import Words, words
from shuoshi.kernel.web.forms import Text
from shuoshi.matters.models import Demand, Matter

OR_TITLE = _("答复时逐条回答。不写，就以标题为一条。")


def box(help_text: Words, *, rows: int = 3, required: bool = False) -> Text:
    return words(_("归纳的要求，一行一条"), rows=rows, required=required, help_text=help_text)


def in_force(matter: Matter) -> list[Demand]:
    return list(matter.demands.filter(dropped=False).order_by("ordinal"))


def lines(typed: str) -> tuple[str, ...]:
    """What stands in the box, point by point."""
    return tuple(filter(None, (one.strip() for one in typed.split("\n"))))


def wanted(typed: str, before: str, title: str) -> tuple[str, ...] | None:
    """The points as they are to be from now on, of an empty box the title; None where nothing was changed."""
    found = lines(typed) or (title,)
    return None if found == lines(before) else found


def shown(rows: Sequence[Demand]) -> str:
    """What the box begins with: each point on a line, whatever line breaks it has; nothing for a whole letter."""
    return "\n".join(" ".join(str(row.text).split()) for row in rows if not row.in_full)
