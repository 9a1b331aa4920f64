"""Home visits of the last weeks: grid workers who go round by plan, doors nobody opened, and villages where nobody was."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from shuoshi.channels.visits import actions, keeping, records
from shuoshi.channels.visits.models import Device, Plan
from shuoshi.demo.acting import Stage
from shuoshi.demo.town import content
from shuoshi.kernel import clock

_FROM, _EVERY = time(15, 10), 3  # o'clock; working days between two rounds
_LONG = timedelta(minutes=12)
_ROUND = 20  # working days back: a month
_AT_HOME = 4  # every fourth door stays shut


class Visiting:
    """A script beside those of the matters. It rolls no dice, and raises nothing: what was said at doors is in the stories."""

    title = "走访"

    def __init__(self, stage: Stage, days: list[date], number: int) -> None:
        self._town, self.number = stage.town, -number
        self._days = [datetime.combine(day, _FROM, clock.INSTITUTION_ZONE) for day in days[-_ROUND::_EVERY]]
        self.start = self._days[0]

    def script(self) -> Iterator[datetime]:
        yield self.start
        rounds = [self._begin(given) for given in content()["visits"]]
        for n, at in enumerate(self._days):
            yield at
            for plan, device, key in rounds:
                self._visit(plan, device, key, n)

    def _begin(self, given: dict[str, object]) -> tuple[Plan, Device, str]:
        area, who, homes = str(given["area"]), str(given["who"]), given["homes"]
        assert isinstance(homes, list)
        actor, first = self._town.actor(who), self.start.date()
        plan = keeping.plan(
            keeping.PlanGiven(
                area_id=self._town.areas[(area,)].pk,
                visitor_id=self._town.persons[who],
                begins=first,
                ends=first + timedelta(days=60),
                target=len(homes),
                route="\n".join(str(one) for one in homes),
            ),
            actor=actor,
        )
        return plan, *keeping.enrol(str(given["phone"]), actor=actor)

    def _visit(self, plan: Plan, device: Device, key: str, n: int) -> None:
        homes = str(plan.route).splitlines()
        if n >= len(homes) - 1:  # one home is left to go to
            return
        visit, now = uuid5(NAMESPACE_URL, f"demo:{plan.pk}:{n}"), clock.now()
        record = self._record(plan, device, key, visit, homes[n], now, met=bool((n + 1) % _AT_HOME))
        actor = next(self._town.actor(who) for who, pk in self._town.persons.items() if pk == device.person_id)
        actions.receive(record, actor=actor)

    def _record(
        self, plan: Plan, device: Device, key: str, visit: UUID, home: str, now: datetime, *, met: bool
    ) -> records.Record:
        given = {
            "visit": str(visit),
            "device": str(device.pk),
            "key": key,
            "area": str(plan.area_id),
            "plan": str(plan.pk),
            "begun": (now - _LONG).isoformat(),
            "ended": now.isoformat(),
            "met": met,
            "household": home,
        }
        return records.read(given, visit)
