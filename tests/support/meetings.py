"""Meetings of the village, called and held as people do it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor, ActorKind
from shuoshi.matters.intake import Intake
from shuoshi.matters.vocabulary import Channel, Naming
from shuoshi.meetings import calling, deciding, holding, minutes, resolving, topics
from shuoshi.meetings.calling import ItemGiven, MeetingGiven
from shuoshi.meetings.deciding import DecisionGiven
from shuoshi.meetings.holding import Closed, Entry, Opened, Present, VoteGiven
from shuoshi.meetings.minutes import Approval, Release, Text
from shuoshi.meetings.models import AgendaItem, Attendance, Meeting, Vote
from shuoshi.meetings.resolving import Resolved
from shuoshi.meetings.topics import TopicGiven
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
    """With somebody there, where nobody came yet."""
    if not row.attendance.exists():
        there(town, row, "到会的人", by=by)
    holding.close(row.pk, Closed(), actor=town.actor(by))
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


def every_kind(town: Place) -> Meeting:
    """One to be held, one that is open, one whose minutes everybody reads, a topic that waits, a decision begun."""
    registrar, head = town.actor("王芳"), town.actor("陈书记")
    to_come = called(town)
    item(town, to_come, "三组水渠什么时候清", public=True)
    topic = TopicGiven(
        unit_id=town.units["柳湾村"].pk, words="垃圾桶太少，夏天味道大。", name="李桂兰", phone="13900000021"
    )
    topics.propose(topic, actor=SOMEBODY, key=uuid4().hex)
    deciding.begin(
        DecisionGiven(unit_id=town.units["柳湾村"].pk, title="拓宽三组桥", origin="党员群众建议：桥太窄"), actor=head
    )
    earlier = opened(town, ago=50, title="柳湾村十月说事会")
    minutes.write(earlier.pk, Text("说了路灯的事，城建办两周内换灯。"), actor=head)
    closed(town, earlier)
    row = opened(town, kind=Kind.DELEGATE_MEETING, due=30, title="柳湾村代表会议")
    about = item(town, row, "修三组水渠", public=True, proposed_by="李桂兰")
    there(town, row, *(f"代表{n}" for n in range(1, 22)))
    [left] = there(town, row, "镇水利站李工", part=Part.ATTENDING)
    scanned(row, "李小河")
    taken = voted(town, row, about, 19, 1, 1)
    due = clock.local(clock.now()).date() + timedelta(days=14)
    text = "先清三组水渠，钱从集体收入里出，水利站派人看着。"
    given_so = Resolved(item=about.pk, text=text, unit=town.units["水利站"].pk, deadline=due, vote=taken.pk)
    resolving.resolve(row.pk, given_so, actor=head)
    minutes.write(row.pk, Text("一、念上次纪要，同意。\n二、三组水渠，19 人同意先修。"), actor=head)
    holding.strike(row.pk, Entry(left.pk, "人没有来，写错了"), actor=head)
    minutes.approve(earlier.pk, Approval(row.pk, 1), actor=head)
    minutes.release(earlier.pk, Release("说了路灯的事，城建办两周内换灯。"), actor=registrar)
    return row
