"""Terms of a review by the tier above (4.4.2)."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from shuoshi.matters.terms.base import Terms, needed
from shuoshi.matters.vocabulary import Action, WishShown


@dataclass(frozen=True, kw_only=True)
class RequestReview(Terms):
    """Staff write down what shows the wish, and where it is kept, as for a withdrawal."""

    action = Action.REQUEST_REVIEW
    text: str
    shown_by: WishShown | None = None
    proof_ref: str = ""

    def __post_init__(self) -> None:
        needed(self.text, _("为什么不同意这个答复"))


@dataclass(frozen=True, kw_only=True)
class DecideReview(Terms):
    """`upheld`: the answer stands. Else it is handled again."""

    action = Action.DECIDE_REVIEW
    upheld: bool
    text: str
    basis: str
    remedies: str = ""  # what the speaker may still do; needed where the answer stands

    def __post_init__(self) -> None:
        needed(self.text, _("查明的事实和复核意见"))
        needed(self.basis, _("依据"))
        if self.upheld:
            needed(self.remedies, _("还可以走的途径"))
