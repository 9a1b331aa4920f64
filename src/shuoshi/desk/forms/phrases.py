"""Writing a phrase: for whom, what is typed for it, and its words."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.desk.forms.base import choice, line, words
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.web.forms import Form
from shuoshi.organization.models import Unit
from shuoshi.workbench import phrases, variables
from shuoshi.workbench.models import Scope
from shuoshi.workbench.policies import shares_with, shares_with_all

OWN, WHOLE = Scope.OWN.value, Scope.WHOLE.value


class PhraseForm(Form):
    """What is wrong is said at its field; the names that may be used stand beside the words."""

    short = line(
        _("缩写"),
        limit=14,
        help_text=_("小写字母或数字，例如 hf。写字的时候打分号和 hf，再按空格，就换成下面的话。"),
    )
    text = words(_("内容"), rows=6)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = _now("、").join(variables.shown_names())
        self.fields["text"].help_text = _now("可以用 %(names)s，用的时候换成那件事的内容。") % {"names": names}

    def clean_short(self) -> str:
        try:
            return phrases.checked_short(self.cleaned_data["short"])
        except Refused as refused:
            raise ValidationError(refused.text) from refused

    def clean_text(self) -> str:
        """As it was typed: the action turns its names into codes."""
        try:
            variables.kept(self.cleaned_data["text"])
        except Refused as refused:
            raise ValidationError(refused.text) from refused
        return str(self.cleaned_data["text"])


class NewPhraseForm(PhraseForm):
    """`whom` is asked only of who may share."""

    whom = choice(_("谁能用"))

    field_order = ("whom", "short", "text")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(OWN, str(Scope.OWN.label))]
        headed = Unit.objects.filter(pk__in=shares_with(actor), active=True).order_by("path")
        offered += [(str(unit.pk), _now("%(unit)s的人") % {"unit": unit.short_name}) for unit in headed]
        if shares_with_all(actor):
            offered.append((WHOLE, str(Scope.WHOLE.label)))
        self.offer("whom", offered)
        if len(offered) == 1:
            del self.fields["whom"]

    def given(self) -> phrases.PhraseGiven:
        data = self.cleaned_data
        whom = data.get("whom", OWN)
        scope = Scope(whom) if whom in (OWN, WHOLE) else Scope.UNIT
        unit = UUID(whom) if scope == Scope.UNIT else None
        return phrases.PhraseGiven(scope=scope, unit=unit, short=data["short"], text=data["text"])
