"""Terms of urging and supervising (6.1.1)."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from shuoshi.kernel.refusal import Refused
from shuoshi.matters.terms.base import Terms, needed
from shuoshi.matters.vocabulary import Action


@dataclass(frozen=True, kw_only=True)
class Remind(Terms):
    action = Action.REMIND
    text: str

    def __post_init__(self) -> None:
        needed(self.text, _("催办的话"))


@dataclass(frozen=True, kw_only=True)
class OrderSupervision(Terms):
    """`days`: working days to answer, None for the rule's."""

    action = Action.ORDER_SUPERVISION
    text: str
    days: int | None = None

    def __post_init__(self) -> None:
        needed(self.text, _("督办的要求"))
        if self.days is not None and not 1 <= self.days <= 10:
            raise Refused("days_to_answer", _("答复督办要给 1 到 10 个工作日。"))


@dataclass(frozen=True, kw_only=True)
class AnswerSupervision(Terms):
    action = Action.ANSWER_SUPERVISION
    text: str

    def __post_init__(self) -> None:
        needed(self.text, _("对督办的答复"))
