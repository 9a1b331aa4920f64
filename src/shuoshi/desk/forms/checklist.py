"""The checklist of a category as a form: boxes as they stand, and what differs from them when it comes back."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shuoshi.desk.forms.base import ActionForm
from shuoshi.matters import checklist, terms
from shuoshi.matters.vocabulary import Action


class TickItemsForm(ActionForm):
    """`shown` are the boxes that were ticked when it was drawn: what somebody else ticked meanwhile is left alone."""

    action = Action.TICK_ITEMS
    happens = _("每次改动都记在办理经过里，群众看不到。重新交办以后要再核对一遍。")
    verb = _("记下核对")
    items = forms.MultipleChoiceField(
        label=_("核对过的"), required=False, widget=forms.CheckboxSelectMultiple, choices=()
    )
    shown = forms.CharField(required=False, max_length=400, widget=forms.HiddenInput)

    def __init__(self, *args: Any, ticked: Collection[str] | None = None, **kwargs: Any) -> None:
        self.ticked = ticked
        super().__init__(*args, **kwargs)

    def fill_choices(self) -> None:
        matter = self.about.matter
        known = checklist.items(self.about.profile, matter)
        self.offer("items", [(item.code, str(item)) for item in known])
        if self.ticked is None:
            self.ticked = checklist.ticked_now(matter) if known else ()
        self.fields["items"].initial = list(self.ticked)
        self.fields["shown"].initial = ",".join(self.ticked)

    def make(self, data: dict[str, Any]) -> terms.Terms:
        before, now = set(checklist.codes(data["shown"])), set(data["items"])
        return terms.TickItems(ticked=tuple(sorted(now - before)), unticked=tuple(sorted(before - now)))
