"""Terms of what changes in a group: who speaks for it, and how many it is (条例 20)."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from shuoshi.matters.terms.base import Terms, needed
from shuoshi.matters.vocabulary import Action, Naming, TellBy


@dataclass(frozen=True, kw_only=True)
class AddSpokesperson(Terms):
    """One more who speaks for all; `headcount` is how many they are by now, where that is said."""

    action = Action.ADD_SPOKESPERSON
    name: str
    phone: str = ""
    naming: Naming = Naming.NAMED
    tell_by: TellBy = TellBy.CALL
    shared_phone: bool = False
    headcount: int | None = None

    def __post_init__(self) -> None:
        needed(self.name, _("代表的姓名"))


@dataclass(frozen=True, kw_only=True)
class CorrectHeadcount(Terms):
    action = Action.CORRECT_HEADCOUNT
    headcount: int
    reason: str

    def __post_init__(self) -> None:
        needed(self.reason, _("为什么更正"))
