"""Points of the last weeks: fixed days, who sits there, who really came, one day on which nobody did, numbers of today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from shuoshi.channels.points import days as fixed
from shuoshi.channels.points import queue, rota
from shuoshi.channels.points.days import DayGiven, RuleGiven
from shuoshi.channels.points.models import MatterDay, Queue
from shuoshi.channels.points.rota import SittingGiven
from shuoshi.demo.acting import Stage
from shuoshi.demo.town import Town, content
from shuoshi.kernel import clock
from shuoshi.kernel.actors import SYSTEM
from shuoshi.organization import queries as organization
from shuoshi.organization.models import Point

_BACK = 70  # working days
_COMES_AT, _WRITES_AT = time(9, 4), time(16, 30)
_MISSED = 2  # which fixed day of the last point nobody came to
_NUMBERS = 5  # drawn on the last day


class Attending:
    """A script beside those of the matters. It rolls no dice, and raises nothing: what was said there is in the stories."""

    title = "说事日和排班"

    def __init__(self, stage: Stage, days: list[date], number: int) -> None:
        self._town, self.number = stage.town, -number
        self._days = days[-_BACK:]
        self._end = _at(days[-1], time(15, 20))
        self.start = _at(self._days[0], time(8, 40))

    def script(self) -> Iterator[datetime]:
        yield self.start
        for given in content()["fixed_days"]:
            _rule(_point(self._town, given), given, self._days[0])
        rows = MatterDay.objects.filter(cancelled=False).order_by("day", "point_id")
        past = [one for one in rows.select_related("point") if one.day <= self._days[-1]]
        self._plan(list(rows.select_related("point")))
        skipped = self._skipped(past)
        for at, row, late in sorted(self._moments(past), key=lambda one: (one[0], str(one[1].pk))):
            if row.pk != skipped and at < self._end:
                yield at
                self._come(row, late=late)
        yield self._end
        self._move()
        self._queue()

    def _moments(self, past: list[MatterDay]) -> Iterator[tuple[datetime, MatterDay, bool]]:
        """When each is written down: in the morning by themselves, or by the registrar the day after."""
        for row in past:
            late = row.day.day % 2 == 0
            yield _at(row.day + timedelta(days=1), _WRITES_AT) if late else _at(row.day, _COMES_AT), row, late

    def _plan(self, rows: list[MatterDay]) -> None:
        """The first months of each point; what lies further ahead is still without anybody."""
        until = self._days[-1] + timedelta(days=50)
        for given in content()["fixed_days"]:
            point = _point(self._town, given)
            here = tuple(row.day for row in rows if row.point_id == point.pk and row.day <= until)
            opens, closes = (time.fromisoformat(part) for part in given["hours"].split("-"))
            for n, (who, part) in enumerate(given["who"].items()):
                said = SittingGiven(
                    post_id=self._post(who),
                    part=part,
                    days=here,
                    starts=opens,
                    ends=closes,
                    key=f"demo:{point.pk}:{n}",
                )
                rota.plan(point.pk, said, actor=SYSTEM)

    def _come(self, row: MatterDay, *, late: bool) -> None:
        given = next(one for one in content()["fixed_days"] if one["point"] == row.point.name)
        who = next(iter(given["who"]))
        actor = self._town.actor("wangfang") if late else self._town.actor(who)
        rota.note(row.point_id, self._post(who), row.day, row.opens if late else None, actor=actor)

    def _skipped(self, past: list[MatterDay]) -> UUID | None:
        last = content()["fixed_days"][-1]["point"]
        here = [row.pk for row in past if row.point.name == last]
        return here[-_MISSED] if len(here) >= _MISSED else None

    def _move(self) -> None:
        """One of those to come is moved, with the reason that residents read."""
        row = MatterDay.objects.filter(cancelled=False, day__gt=self._days[-1] + timedelta(days=10)).order_by("day")[0]
        if not MatterDay.objects.filter(point=row.point, day=row.day + timedelta(days=1), cancelled=False).exists():
            moved = DayGiven(
                day=row.day + timedelta(days=1), opens=row.opens, closes=row.closes, reason=content()["moved_because"]
            )
            fixed.change_day(row.pk, moved, actor=self._town.actor("tangjing"))

    def _queue(self) -> None:
        given = next(one for one in content()["fixed_days"] if one.get("counters"))
        point = _point(self._town, given)
        row: Queue = queue.set_up(point.pk, counters=given["counters"], at_terminal=True, actor=SYSTEM)
        desk = self._town.actor("wangfang")
        for n in range(_NUMBERS):
            queue.draw(row.pk, f"demo:draw:{n}", actor=desk)
        for n in range(2):
            queue.call_next(row.pk, 1, f"demo:call:{n}", actor=desk)

    def _post(self, who: str) -> UUID:
        return organization.posts_of(self._town.persons[who])[0].pk


def _point(town: Town, given: dict[str, Any]) -> Point:
    return next(one for here in town.points.values() for one in here if one.name == given["point"])


def _rule(point: Point, given: dict[str, Any], first: date) -> None:
    opens, closes = (time.fromisoformat(part) for part in given["hours"].split("-"))
    columns = {name: given[name] for name in ("every", "day", "weekday", "nth", "weeks") if name in given}
    said = RuleGiven(first=first, opens=opens, closes=closes, on_holiday="next", **columns)
    fixed.set_rule(point.pk, said, actor=SYSTEM)


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, clock.INSTITUTION_ZONE)
