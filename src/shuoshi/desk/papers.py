"""The papers of one matter and their numbers; their layout is in the templates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from shuoshi.matters.models import Result
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


def signed(view: MatterView) -> Sequence[Result]:
    """Signed results in their order; they come with the points."""
    rows = {point.result_id: point.result for point in view.points if point.result.signed_at}
    return sorted(rows.values(), key=lambda result: result.ordinal)


def number_of(view: MatterView, kind: str, ordinal: int = 0) -> str:
    """SS-QH-20261117-0012-JB01: the matter's number and the suffix of the profile."""
    suffixes = view.profile.numbering.suffixes
    suffix = suffixes.get(kind, "")
    if not suffix:
        return view.matter.number
    return (
        f"{view.matter.number}{suffix if suffix.startswith('-') else f'-{suffix}'}{f'{ordinal:02d}' if ordinal else ''}"
    )
