"""Terms of putting a matter to the tier above (4.2.2)."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from shuoshi.matters.terms.base import FileGiven, Ruling, Terms, needed
from shuoshi.matters.vocabulary import Action, BeyondUs


@dataclass(frozen=True, kw_only=True)
class RequestEscalation(Terms):
    action = Action.REQUEST_ESCALATION
    reason: BeyondUs
    text: str
    evidence: tuple[FileGiven, ...] = ()

    def __post_init__(self) -> None:
        needed(self.text, _("为什么本单位办不了"))


@dataclass(frozen=True, kw_only=True)
class RuleEscalation(Ruling):
    action = Action.RULE_ESCALATION
