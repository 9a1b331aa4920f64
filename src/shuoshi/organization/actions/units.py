"""Verbs on units and posts. A unit never moves in the tree: it is closed and another is founded, paths are proof."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, time
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from shuoshi.kernel import clock, numbering
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.refusal import Refused
from shuoshi.organization import handing_over, holders, levels
from shuoshi.organization.actions.changes import Deed, write_changed
from shuoshi.organization.models import Institution, Post, Unit, UnitKind
from shuoshi.organization.policies import require_arranger
from shuoshi.organization.roles import Role
from shuoshi.people import actions as people
from shuoshi.people import leaving
from shuoshi.people.models import PrivilegedDeed


@dataclass(frozen=True)
class UnitGiven:
    """What an administrator says about a unit. Hours: all four or none; none means those of the unit above."""

    name: str
    short_name: str
    code: str
    level: str = ""
    phone: str = ""
    address: str = ""
    morning_from: time | None = None
    morning_to: time | None = None
    afternoon_from: time | None = None
    afternoon_to: time | None = None


def create_unit(given: UnitGiven, kind: UnitKind, parent_id: UUID | None, *, actor: Actor) -> Unit:
    """Found a unit beneath another, or the root; its level is that of its kind unless one is said.

    Raises Refused for a code in use, odd hours, a level the rules do not know, or a closed parent.
    """
    now = clock.now()
    with transaction.atomic():
        parent = None if parent_id is None else Unit.objects.select_for_update().get(pk=parent_id)
        require_arranger(actor, parent.path if parent else None)
        if parent is not None and not parent.active:
            raise Refused("parent_closed", _("上级单位已经停用，不能在它下面设立单位。"))
        _check(given, None)
        node = numbering.take("organization.unit")
        unit = Unit(
            node=node,
            path=f"{parent.path if parent else '/'}{node}/",
            parent=parent,
            kind=kind,
            created_at=now,
            **asdict(given) | {"level": given.level or levels.usual(kind)},
        )
        story = Story(Stream.of("unit", unit), Deed.CREATE_UNIT, by=actor, at=now)
        story.add(unit)
        story.tell()
    return unit


def edit_unit(unit_id: UUID, given: UnitGiven, *, actor: Actor) -> Unit:
    """Change what is said about a unit; nothing different leaves no event. Raises Refused as create_unit does."""
    now = clock.now()
    with transaction.atomic():
        unit = _locked(unit_id, actor)
        _check(given, unit)
        story = Story(Stream.of("unit", unit), Deed.EDIT_UNIT, by=actor, at=now)
        if write_changed(story, unit, asdict(given)):
            story.tell()
    return unit


def close_unit(unit_id: UUID, *, actor: Actor) -> Unit:
    """Close a unit. Raises Refused while it is the root, or has open units, posts, duty lines or matters."""
    now = clock.now()
    with transaction.atomic():
        unit = _locked(unit_id, actor)
        if Institution.objects.filter(root=unit).exists():
            raise Refused("unit_is_root", _("这是机构本身，不能停用。"))
        if unit.children.filter(active=True).exists():
            raise Refused("unit_has_children", _("下面还有在用的单位。请先停用它们。"))
        if unit.posts.filter(until__isnull=True).exists():
            raise Refused("unit_has_posts", _("还有人在这个单位任职。请先办离任。"))
        if unit.duty_lines.filter(active=True).exists():
            raise Refused("unit_has_duties", _("职责清单里还有这个单位。请先改由别的单位承办。"))
        if handing_over.left_at(unit.pk):
            raise Refused("unit_has_matters", _("这个单位还有没办完的事。请先登记“职责划转”，交给别的单位。"))
        _switch(unit, Deed.CLOSE_UNIT, False, actor, now)
    return unit


def reopen_unit(unit_id: UUID, *, actor: Actor) -> Unit:
    """Take a closed unit into use again. Raises Refused while the unit above is closed."""
    now = clock.now()
    with transaction.atomic():
        unit = _locked(unit_id, actor)
        if unit.parent is not None and not unit.parent.active:
            raise Refused("parent_closed", _("上级单位已经停用。请先恢复上级单位。"))
        _switch(unit, Deed.REOPEN_UNIT, True, actor, now)
    return unit


def designate_person(unit_id: UUID, person_id: UUID | None, *, actor: Actor) -> Unit:
    """Say who answers for the matters of a unit (4.3.1); None leaves it open, which the settings page marks.

    Raises Refused when the person holds no post at the unit.
    """
    now = clock.now()
    with transaction.atomic():
        unit = _locked(unit_id, actor)
        if person_id is not None and not unit.posts.filter(person_id=person_id, until__isnull=True).exists():
            raise Refused("no_post_here", _("此人没有在这个单位任职。请先办任职。"))
        story = Story(Stream.of("unit", unit), Deed.DESIGNATE_PERSON, by=actor, at=now)
        if write_changed(story, unit, {"designated_id": person_id}):
            story.tell()
    return unit


def appoint(
    person_id: UUID,
    unit_id: UUID,
    role: Role,
    *,
    actor: Actor,
    title: str = "",
    since: datetime | None = None,
    acting_for_id: UUID | None = None,
) -> Post:
    """Give a person a role at a unit from now (or `since`) on; ends the person's sessions, duties having changed.

    Raises Refused when the unit is closed or the person holds this post already.
    """
    now = clock.now()
    with transaction.atomic():
        unit = _locked(unit_id, actor)
        if not unit.active:
            raise Refused("unit_closed", _("这个单位已经停用，不能任职。"))
        if unit.posts.filter(person_id=person_id, role=role, until__isnull=True).exists():
            raise Refused("post_held_already", _("此人已经在这个单位担任这个职务。"))
        second = people.seconded(
            PrivilegedDeed.APPOINT, person_id, unit.pk, actor=actor, at=now, detail=role, role=role, title=title
        )
        story = Story(Stream.of("unit", unit), Deed.APPOINT, by=actor, at=now)
        story.fact(**second)
        post = story.add(
            Post(
                person_id=person_id,
                unit=unit,
                role=role,
                title=title,
                since=since or now,
                acting_for_id=acting_for_id,
            )
        )
        story.tell()
        people.end_sessions(person_id, by=actor, at=now)
    holders.forget()
    return post


def end_post(post_id: UUID, *, actor: Actor) -> Post:
    """End a post now. The person's sessions end with it, and the person answers for the unit no longer.

    Raises Refused when it had ended before, and while open work would be left behind (people.leaving).
    """
    now = clock.now()
    with transaction.atomic():
        unit = _locked(Post.objects.values_list("unit_id", flat=True).get(pk=post_id), actor)
        post = Post.objects.get(pk=post_id)
        if post.until is not None:
            raise Refused("post_ended_already", _("这个职务已经结束。"))
        leaving.require_nothing_held(post.person_id, post.pk, actor=actor, at=now)
        second = people.seconded(
            PrivilegedDeed.END_POST, post.person_id, post.pk, actor=actor, at=now, detail=post.role, role=post.role
        )
        story = Story(Stream.of("unit", unit), Deed.END_POST, by=actor, at=now)
        story.fact(**second)
        story.change(post, until=now)
        others = unit.posts.filter(person_id=post.person_id, until__isnull=True)
        if unit.designated_id == post.person_id and not others.exists():
            story.change(unit, designated_id=None)
        story.tell()
        people.end_sessions(post.person_id, by=actor, at=now)
    holders.forget()
    return post


def _locked(unit_id: UUID, actor: Actor) -> Unit:
    unit = Unit.objects.select_for_update().get(pk=unit_id)
    require_arranger(actor, unit.path)
    return unit


def _switch(unit: Unit, deed: Deed, active: bool, actor: Actor, now: datetime) -> None:
    story = Story(Stream.of("unit", unit), deed, by=actor, at=now)
    if write_changed(story, unit, {"active": active}):
        story.tell()
        holders.forget()


def _check(given: UnitGiven, unit: Unit | None) -> None:
    if not (given.name.strip() and given.short_name.strip() and given.code.strip()):
        raise Refused("unit_names_missing", _("请写明名称、简称和代码。"))
    same = Unit.objects.filter(code=given.code)
    if (same if unit is None else same.exclude(pk=unit.pk)).exists():
        raise Refused("unit_code_taken", _("代码“%(code)s”已经有单位在用。请换一个。") % {"code": given.code})
    if given.level not in ("", unit.level if unit else "") and given.level not in levels.names():
        raise Refused("unit_level_unknown", _("规则里没有这个层级。请从列表里选。"))
    hours = (given.morning_from, given.morning_to, given.afternoon_from, given.afternoon_to)
    said = [hour for hour in hours if hour is not None]
    if said and (len(said) < len(hours) or not _in_order(said)):
        raise Refused("unit_hours_odd", _("办公时间要写全四个时刻，并且先后相接。"))


def _in_order(hours: list[time]) -> bool:
    """Morning may end in the minute in which the afternoon begins."""
    morning_from, morning_to, afternoon_from, afternoon_to = hours
    return morning_from < morning_to <= afternoon_from < afternoon_to
