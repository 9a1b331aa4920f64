"""Terms of helping the lead unit (4.2.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from shuoshi.matters.terms.base import FileGiven, Terms, needed
from shuoshi.matters.vocabulary import Action


@dataclass(frozen=True, kw_only=True)
class AddCoUnit(Terms):
    """`until`: the last day for the opinion, no later than the lead's own."""

    action = Action.ADD_CO_UNIT
    unit: UUID
    task: str
    until: date

    def __post_init__(self) -> None:
        needed(self.task, _("请它做什么"))


@dataclass(frozen=True, kw_only=True)
class GiveCoOpinion(Terms):
    action = Action.GIVE_CO_OPINION
    text: str
    files: tuple[FileGiven, ...] = ()

    def __post_init__(self) -> None:
        needed(self.text, _("协办意见"))
