"""What events say of a period: when each matter went from open to ended and back, folded from the statuses they tell."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from shuoshi.kernel import clock
from shuoshi.kernel.events import Event
from shuoshi.matters.models import Matter
from shuoshi.matters.queries.balance import Line
from shuoshi.matters.queries.periods import Period
from shuoshi.matters.vocabulary import OVER


def days_until(last: date, first: date, length: int) -> list[Period]:
    """One after the other, with the one in which the last day is."""
    found = [Period(first, days=length)]
    while found[-1].first <= last:
        found.append(found[-1].next)
    return found


@dataclass(frozen=True)
class Change:
    """Registered, ended, or back again."""

    at: datetime
    what: str


def changes() -> dict[str, list[Change]]:
    """Of every matter that counts, in the order of its events."""
    counted = {str(pk) for pk in Matter.objects.filter(drill=False, part_of=None).values_list("pk", flat=True)}
    found: dict[str, list[Change]] = defaultdict(list)
    over: dict[str, object] = {}  # of what is over, when it was closed
    for event in Event.objects.filter(stream_kind="matter").order_by("stream_id", "sequence"):
        key = event.stream_id
        for note in json.loads(event.payload)["rows"]:
            if key not in counted or note["row"] != f"matters.matter:{key}" or "set" not in note:
                continue
            columns = note["set"]
            if note.get("new"):
                found[key].append(Change(event.recorded_at, "new"))
            if "status" not in columns:
                continue
            ended, at = columns["status"] in OVER, columns.get("closed_at")
            if key in over and (not ended or (at and over[key] != at)):
                found[key].append(Change(event.recorded_at, "back"))
                del over[key]
            if ended and key not in over:
                found[key].append(Change(event.recorded_at, "ended"))
                over[key] = at
    return found


def line_of(period: Period, told: dict[str, list[Change]]) -> Line:
    """The figures of a period, from the changes alone."""
    within = [
        (key, one.what) for key, several in told.items() for one in several if period.begins <= one.at < period.ends
    ]
    counts = {what: sum(1 for _key, said in within if said == what) for what in ("new", "back", "ended")}
    matters = {what: len({key for key, said in within if said == what}) for what in ("back", "ended")}
    return Line(
        carried=_open_at(period.begins, told),
        open=_open_at(period.ends, told),
        back_matters=matters["back"],
        ended_matters=matters["ended"],
        **counts,
    )


def _open_at(moment: datetime, told: dict[str, list[Change]]) -> int:
    before = ([one.what for one in several if one.at < moment] for several in told.values())
    return sum(1 for several in before if several and several[-1] != "ended")


def at(year: int, month: int, day: int, hour: int = 10) -> datetime:
    return datetime(year, month, day, hour, tzinfo=clock.INSTITUTION_ZONE)
