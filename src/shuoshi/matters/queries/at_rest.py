"""Why nothing runs for a matter by itself now, as its speaker reads it: paused, parked, merged, or not accepted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from shuoshi.kernel.templatetags.shuoshi import moment
from shuoshi.matters.queries.tracking import TrackingView
from shuoshi.matters.vocabulary import Action, Status

STATE_ICONS = {
    Status.REGISTERED: "clipboard-list",
    Status.SCREENED_OUT: "ban",
    Status.ACCEPTED: "send",
    Status.ASSIGNED: "mailbox",
    Status.IN_HANDLING: "pencil",
    Status.PAUSED: "pause",
    Status.PARKED: "hourglass",
    Status.IN_FOLLOW_UP: "phone-call",
    Status.UNDER_REVIEW: "scale",
    Status.MERGED: "git-merge",
    Status.DIVIDED: "list",
    Status.PART_OVER: "circle-check",
    Status.CLOSED: "circle-check",
}


@dataclass(frozen=True)
class Line:
    """One line of the promise list. `late` are the words in red; a `heading` begins a round."""

    state: str
    icon: str
    what: str
    when: str = ""
    late: str = ""
    more: str = ""
    heading: bool = False


def lines(seen: TrackingView) -> Iterator[Line]:
    """What stands beneath the promises that were kept or are due."""
    yield from _stands_still(seen)
    yield from _merged(seen)
    yield from _screened_out(seen)


def _stands_still(seen: TrackingView) -> Iterator[Line]:
    """Why no limit runs now: what is waited for, or why it cannot be done yet."""
    ruled = {Status.PAUSED: Action.RULE_PAUSE, Status.PARKED: Action.RULE_PARK}.get(Status(seen.matter.status))
    entry = next((one for one in reversed(seen.entries) if one.action == ruled and one.facts.get("granted")), None)
    if entry is None:
        return
    causes = {one.code: str(one) for one in seen.profile.pause_causes}
    why = causes.get(str(entry.facts.get("cause", "")), str(Status(seen.matter.status).label))
    icon = STATE_ICONS[Status(seen.matter.status)]
    yield Line("later", icon, _("现在不计时：%(why)s") % {"why": why}, moment(entry.at, "short"), more=entry.text)


def _merged(seen: TrackingView) -> Iterator[Line]:
    """With which matter it is handled, and what of it stays the speaker's own."""
    if seen.matter.status != Status.MERGED:
        return
    entry = next(one for one in reversed(seen.entries) if one.action == Action.MERGE)
    yield Line(
        "later",
        STATE_ICONS[Status.MERGED],
        _("和 %(number)s 号一起办，有了结果也会告诉您") % {"number": entry.facts["number"]},
        moment(entry.at, "short"),
        more=_("您的编号、查询码、答复和评价还是您自己的，那一件的人看不到您是谁。要请办事的人回避，请打说事热线。"),
    )


def _screened_out(seen: TrackingView) -> Iterator[Line]:
    if seen.matter.status != Status.SCREENED_OUT:
        return
    entry = next((one for one in reversed(seen.entries) if one.action == Action.SCREEN_OUT), None)
    if entry is not None:
        yield Line("kept", "ban", _("不予受理"), moment(entry.at, "short"), more=entry.text)
