"""Meetings of the village, called and held as people do it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor, ActorKind
from shuoshi.matters.intake import Intake
from shuoshi.matters.vocabulary import Channel, Naming
from shuoshi.meetings import calling, holding
from shuoshi.meetings.calling import ItemGiven, MeetingGiven
from shuoshi.meetings.deeds import Nothing
from shuoshi.meetings.holding import Entry, Opened, Present, VoteGiven
from shuoshi.meetings.models import AgendaItem, Attendance, Meeting, Vote
from shuoshi.meetings.vocabulary import Kind, Part
from tests.support.village import Place

SOMEBODY = Actor(ActorKind.SPEAKER)


def given(town: Place, unit: str = "柳湾村", days: float = 11, **changed: Any) -> MeetingGiven:
    begins = (clock.now() + timedelta(days=days)).replace(microsecond=0)
    whole: dict[str, Any] = {
        "unit_id": town.units[unit].pk,
        "kind": Kind.MATTER_MEETING,
        "title": "柳湾村十二月说事会",
        "place": "柳湾村文化礼堂",
        "begins_at": begins,
        "ends_at": begins + timedelta(hours=2),
    }
    return MeetingGiven(**whole | changed)


def called(town: Place, by: str = "陈书记", **changed: Any) -> Meeting:
    return calling.call(given(town, **changed), actor=town.actor(by))


def opened(town: Place, by: str = "陈书记", ago: float = 1, **changed: Any) -> Meeting:
    """A meeting that is open now: it was called eleven days ago and began some hours ago."""
    now, actor = clock.now(), town.actor(by)  # whose post is younger than the call
    with clock.simulated(now - timedelta(days=11, hours=ago)):
        row = calling.call(given(town, **changed), actor=actor)
    with clock.simulated(now - timedelta(hours=ago)):
        holding.open_(row.pk, Opened(), actor=actor)
    return again(row)


def again(row: Meeting) -> Meeting:
    return Meeting.objects.select_related("unit").get(pk=row.pk)


def item(town: Place, row: Meeting, title: str = "水渠什么时候清", by: str = "陈书记", **more: Any) -> AgendaItem:
    key = calling.add_item(row.pk, ItemGiven(title, **more), actor=town.actor(by))
    return AgendaItem.objects.get(pk=key)


def there(town: Place, row: Meeting, *names: str, part: Part = Part.MEMBER, by: str = "陈书记") -> list[Attendance]:
    keys = [holding.enter(row.pk, Present(name, part=part), actor=town.actor(by)) for name in names]
    return [Attendance.objects.get(pk=key) for key in keys]


def scanned(row: Meeting, name: str = "李小河", key: str = "", part: Part = Part.MEMBER) -> Attendance:
    made = holding.check_in(row.pk, Present(name, part=part), actor=SOMEBODY, key=key or uuid4().hex)
    return Attendance.objects.get(pk=made)


def voted(
    town: Place, row: Meeting, about: AgendaItem, yes: int, no: int = 0, kept: int = 0, by: str = "陈书记"
) -> Vote:
    key = holding.vote(row.pk, VoteGiven(about.pk, "同意不同意", yes, no, kept), actor=town.actor(by))
    return Vote.objects.get(pk=key)


def closed(town: Place, row: Meeting, by: str = "陈书记") -> Meeting:
    holding.close(row.pk, Nothing(), actor=town.actor(by))
    return again(row)


def confirm(town: Place, row: Meeting, who: UUID, by: str = "陈书记") -> None:
    holding.confirm(row.pk, Entry(who), actor=town.actor(by))


def words(key: str = "", **more: Any) -> Intake:
    """What somebody said at a meeting."""
    whole: dict[str, Any] = {
        "channel": Channel.MEETING,
        "key": key or uuid4().hex,
        "content": "三组水渠堵了，田里浇不上水。",
        "naming": Naming.ANONYMOUS,
    }
    return Intake(**whole | more)
