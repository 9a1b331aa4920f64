"""Verbs on fixed days: a rule is set, its days are drawn up for months ahead, each of them may be changed with a reason."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from shuoshi.channels.points import rules
from shuoshi.channels.points.deeds import Deed, locked, refuse_unless, said_why, story
from shuoshi.channels.points.models import DayRule, MatterDay, Sitting
from shuoshi.channels.points.policies import may_arrange
from shuoshi.kernel import calendars, clock, idempotency
from shuoshi.kernel.actors import SYSTEM, Actor
from shuoshi.kernel.refusal import Refused
from shuoshi.organization.models import Point
from shuoshi.people.models import Person

AHEAD = timedelta(days=183)  # how far days are drawn up
FURTHEST = timedelta(days=366)  # how far somebody may set one


@dataclass(frozen=True, kw_only=True)
class RuleGiven:
    """The columns of a DayRule; only those of its kind."""

    every: str
    first: date
    opens: time
    closes: time
    on_holiday: str
    day: int | None = None
    weekday: int | None = None
    nth: int | None = None
    weeks: int | None = None


def set_rule(point_id: UUID, given: RuleGiven, *, actor: Actor) -> DayRule:
    """A new rule, and its days at once. The same rule again is the one that stands. Raises Refused."""
    now = clock.now()
    with transaction.atomic():
        point = locked(point_id)
        refuse_unless(may_arrange(actor, point.unit.path), point)
        if given.closes <= given.opens:
            raise Refused("opening_odd", _("结束时间要晚于开始时间。"))
        known = point.day_rules.filter(active=True, **vars(given)).first()
        if known is not None:
            return known
        row = DayRule(point=point, **vars(given))
        told = story("day_rule", row, Deed.SET_RULE, actor, now, first=True)
        told.add(row)
        told.tell()
        _draw_up(row, now, actor)
    return row


def end_rule(rule_id: UUID, reason: str, *, actor: Actor) -> DayRule:
    """No more days of this rule; those to come that nobody changed are cancelled with the reason. Raises Refused."""
    now = clock.now()
    with transaction.atomic():
        row = DayRule.objects.get(pk=rule_id)
        point = locked(row.point_id, closed=True)
        refuse_unless(may_arrange(actor, point.unit.path), point)
        row.refresh_from_db()
        if not row.active:
            return row
        why = said_why(reason)
        told = story("day_rule", row, Deed.END_RULE, actor, now)
        told.change(row, active=False)
        told.tell()
        coming = row.days.filter(day__gt=_today(now), cancelled=False, touched=False)
        for one in coming.order_by("day"):
            _change(one, Deed.CANCEL, actor, now, cancelled=True, touched=True, reason=why)
    return row


def draw_up(now: datetime) -> int:
    """Every rule up to half a year ahead, and what the calendar moves meanwhile; how many days came or moved."""
    done = 0
    for key, point_id in DayRule.objects.filter(active=True, point__active=True).values_list("pk", "point_id"):
        with transaction.atomic():
            if Point.objects.select_for_update().filter(pk=point_id, active=True).first() is None:
                continue
            row = DayRule.objects.filter(pk=key, active=True).first()
            done += _draw_up(row, now, SYSTEM) if row is not None else 0
    return done


def _draw_up(rule: DayRule, now: datetime, actor: Actor) -> int:
    """Under the lock of the point. Days that somebody changed, and those that have begun, stay as they are."""
    today, calendar = _today(now), calendars.load()
    known = {one.planned_on: one for one in rule.days.all()}
    taken = set(MatterDay.objects.filter(point=rule.point_id, cancelled=False).values_list("day", flat=True))
    done = 0
    for planned in rules.days_of(rule, today, today + AHEAD):
        row = known.get(planned)
        if row is None:
            done += _add(rule, planned, rules.settled(planned, rule, calendar, taken), taken, actor, now)
        elif not (row.touched or row.cancelled) and row.day > today:
            there = rules.settled(planned, rule, calendar, taken - {row.day})
            if there is not None and there != row.day and there > today:
                before, taken = _Hours(row.day, row.opens, row.closes), taken - {row.day} | {there}
                _change(row, Deed.FOLLOW, actor, now, day=there)
                _bring_along(row, before, actor, now)
                done += 1
    return done


def _add(rule: DayRule, planned: date, day: date | None, taken: set[date], actor: Actor, now: datetime) -> int:
    if day is None or _begun(day, rule.opens, now):
        return 0
    taken.add(day)
    row = MatterDay(
        point_id=rule.point_id, rule=rule, planned_on=planned, day=day, opens=rule.opens, closes=rule.closes
    )
    told = story("matter_day", row, Deed.DRAW_UP, actor, now, first=True)
    told.add(row)
    told.tell()
    return 1


@dataclass(frozen=True, kw_only=True)
class DayGiven:
    day: date
    opens: time
    closes: time
    reason: str


def add_day(point_id: UUID, given: DayGiven, key: str, *, actor: Actor) -> MatterDay:
    """One that no rule has. The same key again gets the first. Raises Refused, KeyReused."""
    now = clock.now()
    with transaction.atomic(), idempotency.once("add_matter_day", key, _fingerprint(point_id, given)) as once:
        if not once.first:
            return MatterDay.objects.get(pk=once.answer["day"])
        point = locked(point_id)
        _check(point, given, None, actor, now)
        row = MatterDay(point=point, touched=True, **vars(given))
        told = story("matter_day", row, Deed.ADD, actor, now, first=True)
        told.add(row)
        told.tell()
        once.keep({"day": str(row.pk)})
    return row


def change_day(day_id: UUID, given: DayGiven, *, actor: Actor) -> MatterDay:
    """Another date or other hours, with the reason, which the public reads. Raises Refused."""
    now = clock.now()
    with transaction.atomic():
        row, point = _day(day_id)
        _check(point, given, row, actor, now)
        _require_open(row, now)
        if (row.day, row.opens, row.closes) == (given.day, given.opens, given.closes):
            return row
        before = _Hours(row.day, row.opens, row.closes)
        _change(row, Deed.CHANGE, actor, now, touched=True, **vars(given) | {"reason": said_why(given.reason)})
        _bring_along(row, before, actor, now)
    return row


def cancel_day(day_id: UUID, reason: str, *, actor: Actor) -> MatterDay:
    """Raises Refused for one that is over: whether anybody was there is what is written about it."""
    now = clock.now()
    with transaction.atomic():
        row, point = _day(day_id)
        refuse_unless(may_arrange(actor, point.unit.path), point)
        if row.cancelled:
            return row
        _require_open(row, now)
        _change(row, Deed.CANCEL, actor, now, cancelled=True, touched=True, reason=said_why(reason))
    return row


def _day(day_id: UUID) -> tuple[MatterDay, Point]:
    row = MatterDay.objects.get(pk=day_id)
    point = locked(row.point_id, closed=True)
    row.refresh_from_db()
    return row, point


def _require_open(row: MatterDay, now: datetime) -> None:
    if row.cancelled:
        raise Refused("day_cancelled", _("这个说事日已经取消了。要恢复，请另加一个说事日。"))
    if _begun(row.day, row.opens, now):
        raise Refused("day_over", _("这个说事日已经开始或者过去，不能再改。没有人在岗，就如实留着。"))


def _check(point: Point, given: DayGiven, row: MatterDay | None, actor: Actor, now: datetime) -> None:
    refuse_unless(may_arrange(actor, point.unit.path), point)
    if given.closes <= given.opens:
        raise Refused("opening_odd", _("结束时间要晚于开始时间。"))
    if _begun(given.day, given.opens, now):
        raise Refused("day_past", _("说事日不能定在过去。"))
    if given.day > _today(now) + FURTHEST:
        raise Refused("day_far", _("说事日最多提前一年定。"))
    there = MatterDay.objects.filter(point=point, day=given.day, cancelled=False)
    if (there.exclude(pk=row.pk) if row is not None else there).exists():
        raise Refused("day_taken", _("那一天已经是这个说事点的说事日。"))


class _Hours(NamedTuple):
    day: date
    opens: time
    closes: time


def _bring_along(row: MatterDay, before: _Hours, actor: Actor, now: datetime) -> None:
    """Who was to sit there in the hours of the day before it moved sits there in the new ones, unless they are somewhere then.

    Of several sittings of one person the one goes first that makes room for the next.
    """
    there = Sitting.objects.filter(point=row.point_id, day=before.day, active=True)
    there = there.filter(starts__lt=before.closes, ends__gt=before.opens)
    persons = sorted(set(there.values_list("person_id", flat=True)))
    list(Person.objects.select_for_update().filter(pk__in=persons).order_by("pk").values_list("pk"))
    left = [one for one in there.order_by("starts") if not _begun(one.day, one.starts, now)]
    if row.opens > before.opens:
        left.reverse()
    while left:
        one = left.pop(0)
        starts, ends = _shifted(one, before, row)
        others = Sitting.objects.filter(person=one.person_id, day=row.day, active=True)
        others = others.exclude(pk__in=[one.pk, *(each.pk for each in left)])
        same = (one.day, one.starts, one.ends) == (row.day, starts, ends)
        if not same and not others.filter(starts__lt=ends, ends__gt=starts).exists():
            told = story("sitting", one, Deed.MOVE, actor, now)
            told.change(one, day=row.day, starts=starts, ends=ends)
            told.tell()


def _shifted(one: Sitting, before: _Hours, row: MatterDay) -> tuple[time, time]:
    """As far from the beginning and within the hours of the day; the whole of it where nothing would be left."""
    moved = _minutes(row.opens) - _minutes(before.opens)
    opens, closes = _minutes(row.opens), _minutes(row.closes)
    starts = max(opens, _minutes(one.starts) + moved)
    ends = closes if one.ends >= before.closes else min(closes, _minutes(one.ends) + moved)
    if ends <= starts:
        return row.opens, row.closes
    return time(*divmod(starts, 60)), time(*divmod(ends, 60))


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def _change(row: MatterDay, deed: Deed, actor: Actor, now: datetime, **columns: object) -> None:
    told = story("matter_day", row, deed, actor, now)
    told.change(row, **columns)
    told.tell()


def _fingerprint(point_id: UUID, given: DayGiven) -> str:
    said = f"{point_id} {given.day} {given.opens} {given.closes} {given.reason}"
    return hashlib.sha256(said.encode()).hexdigest()


def _begun(day: date, opens: time, now: datetime) -> bool:
    return datetime.combine(day, opens, clock.INSTITUTION_ZONE) <= now


def _today(now: datetime) -> date:
    return clock.local(now).date()
