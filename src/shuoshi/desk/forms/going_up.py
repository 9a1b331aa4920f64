"""Forms of putting a matter to the tier above, and of ruling on it (4.2.2)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from shuoshi.desk.forms.base import ActionForm, choice, words
from shuoshi.desk.forms.files import Photos
from shuoshi.desk.forms.requests import RulingForm
from shuoshi.matters import terms
from shuoshi.matters.vocabulary import Action, BeyondUs, RequestKind


class RequestEscalationForm(ActionForm):
    action = Action.REQUEST_ESCALATION
    happens = _("由上一级裁定，裁定前期限照走。准了，由上一级重新交办，本单位协办，不算退单。一次交办只能提请一次。")
    verb = _("提请上级办理")
    reason = choice(_("为什么办不了"), BeyondUs.choices, first="——")
    text = words(_("具体情况，已经做了什么"), rows=4)
    evidence = Photos(label=_("证明材料"))

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.RequestEscalation(reason=BeyondUs(data["reason"]), text=data["text"], evidence=data["evidence"])


class RuleEscalationForm(RulingForm):
    action = Action.RULE_ESCALATION
    kind = RequestKind.ESCALATION
    makes = terms.RuleEscalation
    happens = _("同意：由您这一级重新交办，原来的单位协办，说事人会看到您写的理由。不同意：原来的单位接着办。")
