"""Terms of moving, pausing and setting aside the time of a matter (4.2.2, 4.4.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from shuoshi.kernel.refusal import Refused
from shuoshi.matters.terms.base import FileGiven, Ruling, Terms, needed
from shuoshi.matters.vocabulary import Action


@dataclass(frozen=True, kw_only=True)
class RequestExtension(Terms):
    """`statutory`: beyond the statutory limit, which only a leader may grant."""

    action = Action.REQUEST_EXTENSION
    text: str
    plan: str
    days: int  # working days
    statutory: bool = False

    def __post_init__(self) -> None:
        needed(self.text, _("延期的理由"))
        needed(self.plan, _("延期后怎么办"))
        if self.days < 1:
            raise Refused("no_days", _("延期至少 1 个工作日。"))


@dataclass(frozen=True, kw_only=True)
class RuleExtension(Ruling):
    action = Action.RULE_EXTENSION


@dataclass(frozen=True, kw_only=True)
class RequestPause(Terms):
    action = Action.REQUEST_PAUSE
    cause: str
    text: str
    until: date  # the last day
    evidence: tuple[FileGiven, ...] = ()

    def __post_init__(self) -> None:
        needed(self.text, _("在等什么"))


@dataclass(frozen=True, kw_only=True)
class RulePause(Ruling):
    action = Action.RULE_PAUSE


@dataclass(frozen=True, kw_only=True)
class Resume(Terms):
    action = Action.RESUME
    text: str

    def __post_init__(self) -> None:
        needed(self.text, _("为什么恢复计时"))


@dataclass(frozen=True, kw_only=True)
class RequestPark(Terms):
    action = Action.REQUEST_PARK
    reason: str
    text: str
    measures: str
    until: date  # the target
    evidence: tuple[FileGiven, ...] = ()

    def __post_init__(self) -> None:
        needed(self.text, _("客观原因"))
        needed(self.measures, _("采取的措施"))


@dataclass(frozen=True, kw_only=True)
class RulePark(Ruling):
    action = Action.RULE_PARK


@dataclass(frozen=True, kw_only=True)
class ReviewParked(Terms):
    action = Action.REVIEW_PARKED
    text: str

    def __post_init__(self) -> None:
        needed(self.text, _("复核的情况"))


@dataclass(frozen=True, kw_only=True)
class StrikeOff(Terms):
    action = Action.STRIKE_OFF
    text: str

    def __post_init__(self) -> None:
        needed(self.text, _("现在能办了的理由"))
