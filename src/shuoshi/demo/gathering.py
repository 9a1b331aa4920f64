"""Meetings of a village in the last weeks: one whose minutes are published, one held since, and one that is called."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from shuoshi.demo.acting import Stage
from shuoshi.demo.town import content
from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor, ActorKind
from shuoshi.meetings import calling, holding, minutes, resolving, topics
from shuoshi.meetings.calling import ItemGiven, MeetingGiven
from shuoshi.meetings.holding import Closed, Opened, Present
from shuoshi.meetings.minutes import Approval, Release, Text
from shuoshi.meetings.models import AgendaItem, Meeting
from shuoshi.meetings.resolving import Resolved, Told
from shuoshi.meetings.topics import TopicGiven
from shuoshi.meetings.vocabulary import Kind, Outcome

_HELD, _LASTS = (22, 4), timedelta(hours=2)  # working days back
_TOLD, _BEFORE = 6, time(9, 40)  # working days before a meeting, and when
_BEGINS, _WRITTEN = time(14, 30), timedelta(hours=1, minutes=40)
_AFTER, _NEXT = time(10, 5), timedelta(days=9)


class Gathering:
    """A script beside those of the matters. It rolls no dice, and raises nothing."""

    title = "开说事会"

    def __init__(self, stage: Stage, days: list[date], number: int) -> None:
        self._town, self.number, self._days = stage.town, -number, days
        self._given = content()["meetings"]
        self._unit = self._town.units[self._given["unit"]]
        self.start = self._at(_HELD[0] + _TOLD, _BEFORE)

    def script(self) -> Iterator[datetime]:
        earlier: Meeting | None = None
        for given, back in zip(self._given["held"], _HELD, strict=True):
            begins = self._at(back, _BEGINS)
            yield self._at(back + _TOLD, _BEFORE)
            row = self._call(given, begins)
            yield begins
            self._hold(row, given, earlier)
            yield begins + _WRITTEN
            minutes.write(row.pk, Text(given["minutes"]), actor=self._head)
            holding.close(row.pk, Closed(), actor=self._head)
            earlier, first = row, earlier
            if first is not None:
                yield self._at(back - 1, _AFTER)
                minutes.release(first.pk, Release(self._given["held"][0]["published"]), actor=self._registrar)
        yield self._at(1, _AFTER)
        coming = self._given["coming"]
        day = clock.local(clock.now()) + _NEXT
        self._call(coming, datetime.combine(day.date(), _BEGINS, clock.INSTITUTION_ZONE))
        for n, words in enumerate(coming["proposed"]):
            topic = TopicGiven(unit_id=self._unit.pk, words=words)
            topics.propose(topic, actor=Actor(ActorKind.SPEAKER), key=f"demo:topic:{n}")

    def _call(self, given: dict[str, object], begins: datetime) -> Meeting:
        told = MeetingGiven(
            unit_id=self._unit.pk,
            kind=Kind.MATTER_MEETING,
            title=str(given["title"]),
            place=str(self._given["place"]),
            begins_at=begins,
            ends_at=begins + _LASTS,
        )
        row = calling.call(told, actor=self._head)
        items = given["agenda"]
        assert isinstance(items, list)
        for title in items:
            calling.add_item(row.pk, ItemGiven(title, public=True), actor=self._head)
        return row

    def _hold(self, row: Meeting, given: dict[str, str], earlier: Meeting | None) -> None:
        head = self._head
        holding.open_(row.pk, Opened(), actor=head)
        for name in self._given["people"]:
            holding.enter(row.pk, Present(name), actor=head)
        if earlier is not None:
            minutes.approve(earlier.pk, Approval(row.pk, 1), actor=head)
            for one in earlier.resolutions.all():
                resolving.follow_up(earlier.pk, Told(one.pk, given["told"], Outcome.DONE, row.pk), actor=head)
        about = AgendaItem.objects.filter(meeting=row).order_by("ordinal")[0]
        due = clock.local(clock.now()).date() + timedelta(days=20)
        unit = self._town.units[given["by"]].pk
        resolving.resolve(row.pk, Resolved(item=about.pk, text=given["resolved"], unit=unit, deadline=due), actor=head)

    @property
    def _head(self) -> Actor:
        return self._town.actor(self._town.holders[self._given["unit"], "department_head"][0])

    @property
    def _registrar(self) -> Actor:
        return self._town.actor(self._town.holders["registry", "registrar"][0])

    def _at(self, back: int, hour: time) -> datetime:
        return datetime.combine(self._days[-back], hour, clock.INSTITUTION_ZONE)
