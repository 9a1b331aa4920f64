"""Handing over what somebody has in hand, and their days on the roster: to whom, one by one or all at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.desk.forms import choices
from shuoshi.desk.forms.base import choice, words
from shuoshi.kernel.web.forms import Form
from shuoshi.matters.models import Matter


class HandOverForm(Form):
    """`colleagues`: by unit who handles for it. A matter with nobody chosen goes to the one chosen for all."""

    everything = choice(_("都交给"), required=False, help_text=_("下面单独选了人的，按单独选的。"))
    reason = words(_("理由"), rows=2, help_text=_("说事人看得到。例如：孙丽调离，由周建国接着办。"))

    def __init__(
        self, *args: Any, matters: Sequence[Matter], colleagues: Mapping[UUID, choices.Pairs], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.matters = matters
        known = dict[str, str]()
        for matter in matters:
            theirs = colleagues.get(matter.lead_unit_id, []) if matter.lead_unit_id else []
            known |= dict(theirs)
            self.fields[self.name(matter)] = forms.ChoiceField(
                label=_now("%(number)s 交给") % {"number": matter.number},
                choices=[("", _now("同上")), *theirs],
                required=False,
            )
        self.offer("everything", [("", "——"), *known.items()])

    @staticmethod
    def name(matter: Matter) -> str:
        return f"to_{matter.pk.hex}"

    def rows(self) -> list[tuple[Matter, forms.BoundField]]:
        """Each matter with the field that says to whom it goes."""
        return [(matter, self[self.name(matter)]) for matter in self.matters]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        every = data.get("everything") or ""
        self.to = dict[UUID, UUID]()
        for matter in self.matters:
            field = self.fields[self.name(matter)]
            offered = {value for value, _label in field.choices}  # type: ignore[attr-defined]  # a field of choices
            chosen = data.get(self.name(matter)) or (every if every in offered else "")
            if chosen:
                self.to[matter.pk] = UUID(chosen)
            elif every:
                self.add_error(self.name(matter), _now("上面选的人不在这件事的主办单位，请单独选。"))
        if not self.to and not self.errors:
            self.add_error("everything", _now("请选交给谁。"))
        return data


class DutiesForm(Form):
    """One person for all days of the roster and all places of a deputy; who may not take one of them is told so."""

    taker = choice(_("都交给"))

    def __init__(self, *args: Any, people: choices.Pairs, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("taker", [("", "——"), *people])

    @property
    def taker_given(self) -> UUID:
        return UUID(self.cleaned_data["taker"])
