"""The papers of one matter as its page lists them; what stands on them is matters.papers."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from shuoshi.matters.queries.matter import MatterView
from shuoshi.matters.vocabulary import Action

_SIGNING = (Action.SIGN_RESULT, Action.ANSWER_ON_THE_SPOT)


@dataclass(frozen=True)
class Paper:
    """One paper: the last part of its address, and what the link says."""

    name: str
    label: str


def of(view: MatterView) -> list[Paper]:
    """What can be printed for this matter: registration, orders, signed replies and reports; read from the timeline."""
    found = [Paper("registration", _("登记表"))]
    for entry in view.entries:
        ordinal = entry.facts.get("assignment")
        if entry.action in (Action.ASSIGN, Action.DESIGNATE) and ordinal:
            found.append(Paper(f"order-{ordinal}", _("第 %(n)s 张交办单") % {"n": ordinal}))
    for entry in view.entries:
        if entry.action in _SIGNING:
            ordinal, round_ = entry.facts.get("result", 1), entry.round.ordinal  # on the spot it is the first
            found.append(Paper(f"reply-{ordinal}", _("第 %(n)d 轮答复") % {"n": round_}))
            found.append(Paper(f"report-{ordinal}", _("第 %(n)d 轮书面报告") % {"n": round_}))
    return found
