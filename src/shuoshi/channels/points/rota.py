"""Verbs on who is to sit at a point, and on who really was there."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from shuoshi.channels.points.deeds import Deed, locked, refuse_unless, said_why, story
from shuoshi.channels.points.models import Attendance, MatterDay, Sitting
from shuoshi.channels.points.policies import may_arrange, may_note, may_strike
from shuoshi.kernel import clock, idempotency
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.templatetags.shuoshi import day as in_words
from shuoshi.organization import queries as organization
from shuoshi.organization.models import Point, Post
from shuoshi.people.models import Person

FURTHEST = timedelta(days=366)
MOST = 120  # days planned at once
WRITTEN_WITHIN = timedelta(days=31)  # afterwards nobody writes who was there
EARLY = timedelta(hours=1)  # before it begins nobody is there yet


@dataclass(frozen=True, kw_only=True)
class SittingGiven:
    """Who is to sit there, by which post, on which days. `key` is this one intention."""

    post_id: UUID
    part: str
    days: tuple[date, ...]
    starts: time
    ends: time
    key: str


def plan(point_id: UUID, given: SittingGiven, *, actor: Actor) -> list[Sitting]:
    """One row for each of the days; a day on which they sit there at that time already is left as it is.

    The same key again gets the first rows. Raises Refused, KeyReused.
    """
    now = clock.now()
    with transaction.atomic(), idempotency.once("plan_sitting", given.key, _fingerprint(point_id, given)) as once:
        if not once.first:
            return list(Sitting.objects.filter(pk__in=once.answer["sittings"]).order_by("day"))
        point = locked(point_id)
        refuse_unless(may_arrange(actor, point.unit.path), point)
        post = _check(given, now)
        rows = _planned(point, post, given, actor, now)
        once.keep({"sittings": [str(one.pk) for one in rows]})
    return rows


def take_back(sitting_id: UUID, reason: str, instead: UUID | None = None, *, actor: Actor) -> Sitting | None:
    """Nobody sits there then, or the holder of the post `instead` does, whose row is returned. Raises Refused.

    What has begun stays as it was planned: whoever came is written down beside it.
    """
    now = clock.now()
    with transaction.atomic():
        row = Sitting.objects.get(pk=sitting_id)
        point = locked(row.point_id, closed=True)
        refuse_unless(may_arrange(actor, point.unit.path), point)
        row.refresh_from_db()
        if not row.active:
            raise Refused("sitting_gone", _("这一班已经撤下了。"))
        if _begun(row.day, row.starts, now):
            raise Refused("sitting_begun", _("这一班已经开始或者过去，不能再改。谁来了，记在“在岗”里。"))
        told = story("sitting", row, Deed.TAKE_BACK, actor, now)
        told.change(row, active=False, reason=said_why(reason))
        told.tell()
        if instead is None:
            return None
        given = SittingGiven(post_id=instead, part=row.part, days=(row.day,), starts=row.starts, ends=row.ends, key="")
        made = _planned(point, _check(given, now), given, actor, now, instead_of=row)
        if not made:
            raise Refused("sits_there", _("那个人当天这个时间已经排在这里了。"))
    return made[0]


def note(point_id: UUID, post_id: UUID, day: date, came: time | None = None, *, actor: Actor) -> Attendance:
    """Write down that the holder of a post was there. The first word stands: again, it is the same row. Raises Refused.

    `came`: as whoever writes says; None is now, which is the only thing one may say of oneself, and on the day alone.
    """
    now = clock.now()
    with transaction.atomic():
        point = locked(point_id, closed=True)
        post = Post.objects.select_related("unit").get(pk=post_id)
        own = actor.person_id is not None and actor.person_id == post.person_id
        refuse_unless(own or may_note(actor, point.unit.path), point)
        known = Attendance.objects.filter(point=point, person=post.person_id, day=day, struck_at__isnull=True).first()
        if known is not None:
            return known
        assert actor.person_id is not None
        here = clock.local(now)
        if day < here.date() and (own or came is None):
            raise Refused("only_on_the_day", _("自己在岗只能当天自己按，过后请别的登记员补记。"))
        said = here.time().replace(second=0, microsecond=0) if own or came is None else came
        _check_noted(point, post, day, said, now)
        row = Attendance(
            point=point,
            post=post,
            person_id=post.person_id,
            day=day,
            came=said,
            noted_at=now,
            noted_by_id=actor.person_id,
        )
        told = story("attendance", row, Deed.NOTE, actor, now, first=True)
        told.add(row)
        told.tell()
    return row


def strike(attendance_id: UUID, reason: str, *, actor: Actor) -> Attendance:
    """Say why what was written is not so; it stays to be read. Raises Refused."""
    now = clock.now()
    with transaction.atomic():
        row = Attendance.objects.get(pk=attendance_id)
        point = locked(row.point_id, closed=True)
        row.refresh_from_db()
        refuse_unless(may_strike(actor, point.unit.path, row.person_id), point)
        if row.struck_at is not None:
            return row
        told = story("attendance", row, Deed.STRIKE, actor, now)
        told.change(row, struck_at=now, struck_by_id=actor.person_id, struck_because=said_why(reason))
        told.tell()
    return row


def _fingerprint(point_id: UUID, given: SittingGiven) -> str:
    days = " ".join(one.isoformat() for one in given.days)
    said = f"{point_id} {given.post_id} {given.part} {given.starts} {given.ends} {days}"
    return hashlib.sha256(said.encode()).hexdigest()


def _check(given: SittingGiven, now: datetime) -> Post:
    today = clock.local(now).date()
    if given.ends <= given.starts:
        raise Refused("opening_odd", _("结束时间要晚于开始时间。"))
    if not given.days:
        raise Refused("no_days", _("这段时间里没有选中的日子。"))
    if len(given.days) > MOST:
        raise Refused("so_many_days", _("一次最多排 %(most)d 天。") % {"most": MOST})
    if _begun(min(given.days), given.starts, now) or max(given.days) > today + FURTHEST:
        raise Refused("days_odd", _("只能排还没有开始的、一年以内的日子。"))
    post = organization.posts_at(now).filter(pk=given.post_id).first()
    if post is None:
        raise Refused("nobody_there", _("选的人已经不在这个岗位上，请另选一位。"))
    return post


def _planned(
    point: Point, post: Post, given: SittingGiven, actor: Actor, now: datetime, instead_of: Sitting | None = None
) -> list[Sitting]:
    Person.objects.select_for_update().values_list("pk").get(pk=post.person_id)  # planned elsewhere in this moment
    at_once = Sitting.objects.filter(
        person=post.person_id, day__in=given.days, active=True, starts__lt=given.ends, ends__gt=given.starts
    ).select_related("point")
    busy = {one.day: one for one in at_once}
    for one in busy.values():
        if one.point_id != point.pk:
            words = _("%(day)s这个时间，他已经排在%(point)s。")
            raise Refused("sits_elsewhere", words % {"day": in_words(one.day), "point": one.point.name})
    rows = []
    for day in sorted(set(given.days) - busy.keys()):
        row = Sitting(
            point=point,
            post=post,
            person_id=post.person_id,
            part=given.part,
            day=day,
            starts=given.starts,
            ends=given.ends,
            instead_of=instead_of,
        )
        told = story("sitting", row, Deed.PLAN, actor, now, first=True)
        rows.append(told.add(row))
        told.tell()
    return rows


def _check_noted(point: Point, post: Post, day: date, came: time, now: datetime) -> None:
    here = clock.local(now)
    if day > here.date() or (day == here.date() and came > here.time()):
        raise Refused("not_yet", _("还没有到的时间，不能记在岗。"))
    if day < here.date() - WRITTEN_WITHIN:
        raise Refused("too_late_to_note", _("过了一个月，不能再补记在岗。"))
    at = datetime.combine(day, came, clock.INSTITUTION_ZONE)
    if clock.local(post.since).date() > day or (post.until is not None and clock.local(post.until).date() < day):
        raise Refused("nobody_there", _("选的人那时候不在这个岗位上，请另选一位。"))
    spans = _spans(point, post, day)
    if not spans:
        raise Refused("not_open_then", _("那一天这个说事点不开放，也没有排这个人的班。"))
    if at < min(begins for begins, _ends in spans):
        raise Refused("not_yet", _("还没有到开放的时间，不能记在岗。"))
    if not any(begins <= at < ends for begins, ends in spans):
        raise Refused("closed_then", _("那个时间说事点已经关了，不能记在岗。"))


def _spans(point: Point, post: Post, day: date) -> list[tuple[datetime, datetime]]:
    """When this person may come to this point on a day: to their sitting, the fixed day, or a weekly time."""
    sittings = Sitting.objects.filter(point=point, person=post.person_id, day=day, active=True)
    fixed = MatterDay.objects.filter(point=point, day=day, cancelled=False)
    times = [*sittings.values_list("starts", "ends"), *fixed.values_list("opens", "closes")]
    times += [(one.opens, one.closes) for one in organization.open_on(day, [point])]
    return [
        (
            datetime.combine(day, begins, clock.INSTITUTION_ZONE) - EARLY,
            datetime.combine(day, ends, clock.INSTITUTION_ZONE),
        )
        for begins, ends in times
    ]


def _begun(day: date, starts: time, now: datetime) -> bool:
    return datetime.combine(day, starts, clock.INSTITUTION_ZONE) <= now
