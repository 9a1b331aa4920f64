"""A point of the town with its days, its people and its numbers, set up as people do it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from shuoshi.channels.points import days, queue, rota, sheets
from shuoshi.channels.points.days import DayGiven, RuleGiven
from shuoshi.channels.points.models import DayRule, MatterDay, Part, Queue, Sheet, Sitting
from shuoshi.channels.points.rota import SittingGiven
from shuoshi.kernel import clock
from shuoshi.kernel.actors import SYSTEM
from shuoshi.matters.intake import Intake
from shuoshi.matters.terms import FileGiven
from shuoshi.matters.vocabulary import Channel, Naming
from shuoshi.organization import queries as organization
from shuoshi.organization.models import Point
from tests.support.village import Place

MORNING = (time(9), time(11, 30))


def today() -> date:
    return clock.local(clock.now()).date()


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=clock.INSTITUTION_ZONE)


def third() -> datetime:
    """Early on the third of a month to come: nothing a test sets for the days after it falls into the month after."""
    ahead = (today() + timedelta(days=n) for n in range(1, 32))
    return at(next(day for day in ahead if day.day == 3), 7)


def ruled(point: Point, **given: Any) -> DayRule:
    """Every week on the weekday of tomorrow, whatever else is said."""
    tomorrow = today() + timedelta(days=1)
    whole = {
        "every": "weeks",
        "weekday": tomorrow.isoweekday(),
        "weeks": 1,
        "first": tomorrow,
        "opens": MORNING[0],
        "closes": MORNING[1],
        "on_holiday": "stay",
    }
    return days.set_rule(point.pk, RuleGiven(**whole | given), actor=SYSTEM)


def first_day(point: Point) -> MatterDay:
    found = MatterDay.objects.filter(point=point, cancelled=False).order_by("day").first()
    assert found is not None
    return found


def post_of(town: Place, name: str) -> UUID:
    return organization.posts_of(town.persons[name])[0].pk


def seated(town: Place, point: Point, name: str = "陈书记", *on: date, by: str = "王芳", **given: Any) -> list[Sitting]:
    whole: dict[str, Any] = {
        "post_id": post_of(town, name),
        "part": Part.LEADER,
        "days": on or (today() + timedelta(days=1),),
        "starts": MORNING[0],
        "ends": MORNING[1],
        "key": uuid4().hex,
    }
    return rota.plan(point.pk, SittingGiven(**whole | given), actor=town.actor(by))


def queued(point: Point, **given: Any) -> Queue:
    whole: dict[str, Any] = {"counters": 2, "at_terminal": True}
    return queue.set_up(point.pk, **whole | given, actor=SYSTEM)


def printed(town: Place, point: Point, many: int = 1, by: str = "王芳") -> list[Sheet]:
    batch = sheets.print_(point.pk, many, uuid4().hex, actor=town.actor(by))
    return list(Sheet.objects.filter(batch=batch).order_by("id"))


def picture(words: bytes = b"page one") -> FileGiven:
    return FileGiven("表.jpg", b"\xff\xd8\xff " + words, "image/jpeg", b"\xff\xd8\xff small")


def said(key: str = "", **given: Any) -> Intake:
    whole: dict[str, Any] = {
        "channel": Channel.POINT,
        "key": key or uuid4().hex,
        "content": "村口路灯坏了三天，没有人修。",
        "naming": Naming.ANONYMOUS,
    }
    return Intake(**whole | given)


def everything_at(town: Place, point: Point) -> None:
    """A point with something in every list of its pages, also what was changed, called and struck out."""
    ruled(point)
    one = first_day(point)
    given = DayGiven(day=one.day, opens=time(14), closes=time(16), reason="上午村里办喜事")
    days.change_day(one.pk, given, actor=town.actor("王芳"))
    seated(town, point, "陈书记", one.day)
    seated(town, point, "马镇长", one.day)
    with clock.simulated(at(one.day, 14, 5)):
        rota.note(point.pk, post_of(town, "陈书记"), one.day, time(14), actor=town.actor("王芳"))
    lane = queued(point)
    for _n in range(4):
        queue.draw(lane.pk, uuid4().hex, actor=town.actor("王芳"))
    called = queue.call_next(lane.pk, 1, "a", actor=town.actor("王芳"))
    assert called is not None
    queue.pass_over(called.pk, actor=town.actor("王芳"))
    queue.call_next(lane.pk, 1, "b", actor=town.actor("王芳"))
    row, spoilt = printed(town, point, 2)
    sheets.add_photos(row.pk, [picture()], actor=town.actor("王芳"))
    sheets.set_aside(spoilt.pk, "写坏了", actor=town.actor("王芳"))
