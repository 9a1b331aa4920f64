"""Terms of deciding on a suggestion, and of showing that it was carried out (2.2.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from shuoshi.kernel.refusal import Refused
from shuoshi.matters.terms.base import FileGiven, Terms, needed
from shuoshi.matters.vocabulary import Action, Adopted


@dataclass(frozen=True, kw_only=True)
class Adopt(Terms):
    """Whole, or in part: then also why not the rest. `until`: the day on which it is carried out."""

    action = Action.ADOPT
    extent: Adopted
    text: str
    until: date
    because: str = ""

    def __post_init__(self) -> None:
        needed(self.text, _("怎么落实"))
        if self.extent not in (Adopted.WHOLE, Adopted.PART):
            raise Refused("adopted_how_far", _("请选采纳，或者部分采纳；不采纳另有一步。"))
        if self.extent == Adopted.PART:
            needed(self.because, _("没有采纳的部分和理由"))


@dataclass(frozen=True, kw_only=True)
class DeclineSuggestion(Terms):
    action = Action.DECLINE_SUGGESTION
    because: str

    def __post_init__(self) -> None:
        needed(self.because, _("不采纳的理由"))


@dataclass(frozen=True, kw_only=True)
class ConfirmCarriedOut(Terms):
    """Done, with what shows it. Not done: why, and the new day; the day that was promised stays missed."""

    action = Action.CONFIRM_CARRIED_OUT
    done: bool
    text: str
    until: date | None = None
    files: tuple[FileGiven, ...] = ()

    def __post_init__(self) -> None:
        needed(self.text, _("落实的情况"))
        if self.done and not self.files:
            raise Refused("proof_missing", _("落实了，要附照片或者文件作凭证。"))
        if not self.done and self.until is None:
            raise Refused("new_day_missing", _("还没有落实，要写明改到哪天。"))
