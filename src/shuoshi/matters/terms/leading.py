"""Terms of what leaders do on a matter: take it on, write on it, confer (7.1, 4.2.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from shuoshi.kernel.refusal import Refused
from shuoshi.matters.terms.base import Terms, needed
from shuoshi.matters.vocabulary import Action


@dataclass(frozen=True, kw_only=True)
class Sponsor(Terms):
    """`until`: the day on which the sponsor looks again."""

    action = Action.SPONSOR
    text: str
    until: date

    def __post_init__(self) -> None:
        needed(self.text, _("推进措施"))


@dataclass(frozen=True, kw_only=True)
class ReviewSponsored(Terms):
    action = Action.REVIEW_SPONSORED
    text: str
    until: date

    def __post_init__(self) -> None:
        needed(self.text, _("进展情况"))


@dataclass(frozen=True, kw_only=True)
class Instruct(Terms):
    """`until`: the last day for the unit to say what became of it."""

    action = Action.INSTRUCT
    text: str
    until: date

    def __post_init__(self) -> None:
        needed(self.text, _("批示"))


@dataclass(frozen=True, kw_only=True)
class AnswerInstruction(Terms):
    action = Action.ANSWER_INSTRUCTION
    text: str

    def __post_init__(self) -> None:
        needed(self.text, _("落实情况"))


@dataclass(frozen=True, kw_only=True)
class Confer(Terms):
    """`units`: who took part."""

    action = Action.CONFER
    units: tuple[UUID, ...]
    text: str

    def __post_init__(self) -> None:
        needed(self.text, _("商定的意见"))
        if len(set(self.units)) < 2:
            raise Refused("two_confer", _("会商至少要有两个单位参加。"))
