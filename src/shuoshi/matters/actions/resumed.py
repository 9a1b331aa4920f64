"""What comes back keeps the end it had: the matter's own columns forget it, and a ledger of the past would change."""

from __future__ import annotations

from shuoshi.matters.models import Resumption
from shuoshi.matters.step import Step
from shuoshi.matters.vocabulary import OVER, Action


def keep_the_end(step: Step) -> None:
    """Write down the end that this step undid, or put another in the place of; nothing for any other step."""
    matter, ended_at = step.matter, step.came_ended_at
    if step.came_from not in OVER or (matter.status in OVER and matter.closed_at == ended_at):
        return
    if ended_at is None:  # not accepted: the column knows of closed ones only
        screened = matter.entries.filter(action=Action.SCREEN_OUT).order_by("-at", "-id")
        ended_at = screened.values_list("at", flat=True)[0]
    back_at = max(step.now, ended_at)  # whatever a clock that was set back says
    step.add(Resumption(matter=matter, exit=step.came_exit, ended_at=ended_at, back_at=back_at))
