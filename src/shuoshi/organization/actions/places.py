"""Verbs on areas and on the points where people are heard."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from shuoshi.kernel import clock, numbering
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.refusal import Refused
from shuoshi.organization.actions.changes import Deed, write_changed
from shuoshi.organization.models import Area, OpeningTime, Point, PointTier, Unit
from shuoshi.organization.policies import require_arranger


@dataclass(frozen=True)
class OpeningGiven:
    """Open every week on `weekday` (1 Monday … 7 Sunday), or on the one date `matter_day`."""

    opens: time
    closes: time
    weekday: int | None = None
    matter_day: date | None = None


@dataclass(frozen=True)
class PointGiven:
    name: str
    unit_id: UUID
    area_id: UUID
    address: str
    tier: PointTier = PointTier.POINT
    phone: str = ""
    opening_times: tuple[OpeningGiven, ...] = ()


def create_area(name: str, parent_id: UUID | None, *, actor: Actor, unit_id: UUID | None = None) -> Area:
    """Add a piece of ground beneath another. Raises Refused for a name its neighbours have, or a closed parent."""
    now = clock.now()
    with transaction.atomic():
        require_arranger(actor)
        parent = None if parent_id is None else Area.objects.select_for_update().get(pk=parent_id)
        if parent is not None and not parent.active:
            raise Refused("parent_closed", _("上级区域已经停用，不能在它下面增加区域。"))
        _check_area_name(name, parent_id, None)
        node = numbering.take("organization.area")
        path = f"{parent.path if parent else '/'}{node}/"
        area = Area(node=node, path=path, parent=parent, name=name, unit_id=unit_id)
        story = Story(Stream.of("area", area), Deed.CREATE_AREA, by=actor, at=now)
        story.add(area)
        story.tell()
    return area


def edit_area(area_id: UUID, name: str, *, actor: Actor, unit_id: UUID | None = None) -> Area:
    """Rename an area or say which unit governs it."""
    now = clock.now()
    with transaction.atomic():
        require_arranger(actor)
        area = Area.objects.select_for_update().get(pk=area_id)
        _check_area_name(name, area.parent_id, area)
        story = Story(Stream.of("area", area), Deed.EDIT_AREA, by=actor, at=now)
        if write_changed(story, area, {"name": name, "unit_id": unit_id}):
            story.tell()
    return area


def close_area(area_id: UUID, *, actor: Actor) -> Area:
    """Take an area out of the choices. Raises Refused while open areas or points lie in it."""
    now = clock.now()
    with transaction.atomic():
        require_arranger(actor)
        area = Area.objects.select_for_update().get(pk=area_id)
        if area.children.filter(active=True).exists():
            raise Refused("area_has_children", _("下面还有在用的区域。请先停用它们。"))
        if area.points.filter(active=True).exists():
            raise Refused("area_has_points", _("这里还有说事点。请先停用或改到别的区域。"))
        story = Story(Stream.of("area", area), Deed.CLOSE_AREA, by=actor, at=now)
        if write_changed(story, area, {"active": False}):
            story.tell()
    return area


def create_point(given: PointGiven, *, actor: Actor) -> Point:
    """Open a point with its opening times. Raises Refused for missing words, odd times or a name the unit uses."""
    now = clock.now()
    with transaction.atomic():
        _check_point(given, None, actor)
        point = Point(**_columns(given))
        story = Story(Stream.of("point", point), Deed.CREATE_POINT, by=actor, at=now)
        story.add(point)
        story.add_all(_opening(point, opening) for opening in given.opening_times)
        story.tell()
    return point


def edit_point(point_id: UUID, given: PointGiven, *, actor: Actor) -> Point:
    """Change a point; `given.opening_times` replaces the times it had."""
    now = clock.now()
    with transaction.atomic():
        point = Point.objects.select_for_update().get(pk=point_id)
        _check_point(given, point, actor)
        story = Story(Stream.of("point", point), Deed.EDIT_POINT, by=actor, at=now)
        changed = write_changed(story, point, _columns(given))
        if _replace_openings(story, point, given) or changed:
            story.tell()
    return point


def close_point(point_id: UUID, *, actor: Actor) -> Point:
    """Close a point; its opening times go with it."""
    now = clock.now()
    with transaction.atomic():
        point = Point.objects.select_related("unit").select_for_update(of=("self",)).get(pk=point_id)
        require_arranger(actor, point.unit.path)
        story = Story(Stream.of("point", point), Deed.CLOSE_POINT, by=actor, at=now)
        if write_changed(story, point, {"active": False}):
            for opening in point.opening_times.filter(active=True):
                story.change(opening, active=False)
            story.tell()
    return point


def _replace_openings(story: Story, point: Point, given: PointGiven) -> bool:
    kept: set[OpeningGiven] = set()
    changed = False
    for row in point.opening_times.filter(active=True):
        said = OpeningGiven(row.opens, row.closes, row.weekday, row.matter_day)
        if said in given.opening_times and said not in kept:
            kept.add(said)
        else:
            story.change(row, active=False)
            changed = True
    fresh = [opening for opening in dict.fromkeys(given.opening_times) if opening not in kept]
    story.add_all(_opening(point, opening) for opening in fresh)
    return changed or bool(fresh)


def _columns(given: PointGiven) -> dict[str, str | UUID]:
    return {
        "name": given.name,
        "unit_id": given.unit_id,
        "area_id": given.area_id,
        "address": given.address,
        "tier": given.tier,
        "phone": given.phone,
    }


def _opening(point: Point, given: OpeningGiven) -> OpeningTime:
    return OpeningTime(
        point=point, opens=given.opens, closes=given.closes, weekday=given.weekday, matter_day=given.matter_day
    )


def _check_point(given: PointGiven, point: Point | None, actor: Actor) -> None:
    unit = Unit.objects.get(pk=given.unit_id)
    require_arranger(actor, unit.path)
    if not (given.name.strip() and given.address.strip()):
        raise Refused("point_words_missing", _("请写明说事点的名称和地址。"))
    same = Point.objects.filter(unit=unit, name=given.name, active=True)
    if (same if point is None else same.exclude(pk=point.pk)).exists():
        raise Refused(
            "point_name_taken", _("这个单位已经有一个说事点叫“%(name)s”。请换个名称。") % {"name": given.name}
        )
    for opening in given.opening_times:
        if opening.closes <= opening.opens:
            raise Refused("opening_odd", _("结束时间要晚于开始时间。"))
        if (opening.weekday is None) == (opening.matter_day is None) or opening.weekday not in (None, *range(1, 8)):
            raise Refused("opening_day_odd", _("开放时间要么写星期几，要么写说事日的日期。"))


def _check_area_name(name: str, parent_id: UUID | None, area: Area | None) -> None:
    if not name.strip():
        raise Refused("area_name_missing", _("请写明区域名称。"))
    same = Area.objects.filter(parent_id=parent_id, name=name, active=True)
    if (same if area is None else same.exclude(pk=area.pk)).exists():
        raise Refused("area_name_taken", _("同一级里已经有“%(name)s”。请换个名称。") % {"name": name})
