"""Terms of taking a matter up once more (1.3.1, 4.4.2)."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from shuoshi.matters.terms.base import Text, needed
from shuoshi.matters.vocabulary import Action


@dataclass(frozen=True, kw_only=True)
class ObjectToScreening(Text):
    action = Action.OBJECT_TO_SCREENING

    def __post_init__(self) -> None:
        needed(self.text, _("为什么应当受理"))


@dataclass(frozen=True, kw_only=True)
class Reopen(Text):
    """What is not solved, came back, or is new."""

    action = Action.REOPEN

    def __post_init__(self) -> None:
        needed(self.text, _("哪里没有解决，或者有什么新情况"))
