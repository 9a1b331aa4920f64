"""Writing down a talk that a card asked for."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from shuoshi.desk.forms import choices
from shuoshi.desk.forms.base import choice, words
from shuoshi.kernel.web.forms import Form, Moment


class TalkForm(Form):
    person = choice(_("和谁谈的"))
    talked_at = Moment(label=_("什么时候谈的"))
    text = words(_("谈了什么、说好怎么改"), rows=4, help_text=_("写明哪天改到什么样。记了不能改。"))

    def __init__(self, *args: Any, heads: choices.Pairs, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("person", heads if len(heads) == 1 else [("", "——"), *heads])

    @property
    def person_given(self) -> UUID:
        return UUID(self.cleaned_data["person"])
