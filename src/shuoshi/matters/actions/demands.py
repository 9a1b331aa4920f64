"""The points of request of a matter: written when it is registered or accepted, corrected until it is given out (4.1.1)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

from shuoshi.kernel.refusal import Refused
from shuoshi.matters import guards
from shuoshi.matters.models import Demand
from shuoshi.matters.papers import wording
from shuoshi.matters.step import Step

_UNSEEN = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")  # no shape, or turns round what stands beside


def write(step: Step, texts: Iterable[str]) -> str:
    """Let these be the points of request, in this order; the wording that stands nowhere any more, "" where none went.

    Whoever writes them says that wording in the timeline, so that both versions stay and the speaker reads both. What
    is still there in the speaker's own words is not lost. Raises Refused when none is left, or fewer than a unit was
    given.
    """
    wanted = said(texts)
    if not wanted:
        raise Refused("demands_missing", _("至少留一条要求。"))
    if len(wanted) > len(set(wanted)):
        raise Refused("demand_twice", _("有两条要求写得一样，请留一条，或者写清楚区别。"))
    rows = list(step.matter.demands.order_by("ordinal"))
    in_force = [row for row in rows if not row.dropped]
    if len(wanted) < len(in_force) and not guards.never_assigned(step.case):
        raise Refused("demands_vanish", _("交办过的事，要求可以改写法、可以加，不能减少。"))
    step.set(demand_count=len(wanted))
    gone = [row.text for row in in_force if row.text not in wanted and row.text not in step.matter.content]
    if step.matter.result_points.exists():
        _beside_what_was_answered(step, in_force, wanted, last=rows[-1].ordinal)
    else:
        _in_place(step, rows, wanted)
    return _("；").join(gone)


def said(texts: Iterable[str]) -> list[str]:
    """Without what nobody sees: a point of spaces and signs without a shape is none, and two that look alike are one."""
    shown = (_UNSEEN.sub("", text).strip() for text in texts)
    return [text for text in shown if text]


def before_was(text: str) -> str:
    """The wording that was replaced, as the timeline keeps it, in the language of the institution; "" for none."""
    with wording.official():
        return _("原来写的是：%(text)s") % {"text": text} if text else ""


def _in_place(step: Step, rows: list[Demand], wanted: list[str]) -> None:
    """Nobody has answered yet: the numbers go on counting from 1, on every page and paper."""
    for row, text in zip(rows, wanted, strict=False):
        if row.dropped or row.text != text:
            step.change(row, text=text, dropped=False)
    for row in rows[len(wanted) :]:
        if not row.dropped:
            step.change(row, dropped=True)
    for ordinal, text in enumerate(wanted[len(rows) :], start=len(rows) + 1):
        step.add(Demand(matter=step.matter, ordinal=ordinal, text=text))


def _beside_what_was_answered(step: Step, in_force: list[Demand], wanted: list[str], last: int) -> None:
    """A signed answer keeps the words it stands under: what is worded anew gets a number of its own."""
    kept = {row.text for row in in_force}
    for row in in_force:
        if row.text not in wanted:
            step.change(row, dropped=True)
    for ordinal, text in enumerate([text for text in wanted if text not in kept], start=last + 1):
        step.add(Demand(matter=step.matter, ordinal=ordinal, text=text))
