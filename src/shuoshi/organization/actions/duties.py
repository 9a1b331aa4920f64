"""Verbs on the duty list (who answers for what) and on the roster of duty officers."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.refusal import Refused
from shuoshi.organization import profile
from shuoshi.organization.actions.changes import Deed, write_changed
from shuoshi.organization.models import DutyLine, DutyRoster, Unit
from shuoshi.organization.policies import require_arranger
from shuoshi.organization.roles import Role


def add_duty_line(
    category: str, unit_id: UUID, *, actor: Actor, area_id: UUID | None = None, note: str = ""
) -> DutyLine:
    """Say that a unit answers for a kind's letter, a group or a category, everywhere or in one area (4.2.2).

    Raises Refused for a category the profile does not know, a closed unit, or a line that stands already.
    """
    now = clock.now()
    with transaction.atomic():
        unit = Unit.objects.select_for_update().get(pk=unit_id)
        require_arranger(actor, unit.path)
        if not unit.active:
            raise Refused("unit_closed", _("这个单位已经停用，不能列入职责清单。"))
        if not _known(category):
            raise Refused("category_unknown", _("规则里没有“%(code)s”这个类别。") % {"code": category})
        here = Q(area__isnull=True) if area_id is None else Q(area_id=area_id)
        if DutyLine.objects.filter(here, category=category, unit=unit, active=True).exists():
            raise Refused("duty_line_stands", _("职责清单里已经有这一条。"))
        line = DutyLine(category=category, area_id=area_id, unit=unit, note=note)
        story = Story(Stream.of("duty", line), Deed.ADD_DUTY_LINE, by=actor, at=now)
        story.add(line)
        story.tell()
    return line


def close_duty_line(line_id: UUID, *, actor: Actor) -> DutyLine:
    """Strike a line; it stays in the history."""
    now = clock.now()
    with transaction.atomic():
        line = DutyLine.objects.select_related("unit").select_for_update(of=("self",)).get(pk=line_id)
        require_arranger(actor, line.unit.path)
        story = Story(Stream.of("duty", line), Deed.CLOSE_DUTY_LINE, by=actor, at=now)
        if write_changed(story, line, {"active": False}):
            story.tell()
    return line


def put_on_duty(unit_id: UUID, person_id: UUID, starts_at: datetime, ends_at: datetime, *, actor: Actor) -> DutyRoster:
    """Put a duty officer on the roster. Raises Refused for somebody who is none at this unit, or an end before the start."""
    now = clock.now()
    with transaction.atomic():
        unit = Unit.objects.select_for_update().get(pk=unit_id)
        require_arranger(actor, unit.path)
        if ends_at <= starts_at:
            raise Refused("roster_odd", _("结束时间要晚于开始时间。"))
        if not unit.posts.filter(person_id=person_id, role=Role.DUTY_OFFICER, until__isnull=True).exists():
            raise Refused("no_duty_officer", _("此人不是这个单位的值班员。请先办任职。"))
        row = DutyRoster(unit=unit, person_id=person_id, starts_at=starts_at, ends_at=ends_at)
        story = Story(Stream.of("unit", unit), Deed.PUT_ON_DUTY, by=actor, at=now)
        story.add(row)
        story.tell()
    return row


def cancel_duty(roster_id: UUID, *, actor: Actor) -> DutyRoster:
    """Take a line off the roster."""
    now = clock.now()
    with transaction.atomic():
        unit_id = DutyRoster.objects.values_list("unit_id", flat=True).get(pk=roster_id)
        unit = Unit.objects.select_for_update().get(pk=unit_id)
        require_arranger(actor, unit.path)
        row = DutyRoster.objects.get(pk=roster_id)
        story = Story(Stream.of("unit", unit), Deed.CANCEL_DUTY, by=actor, at=now)
        if write_changed(story, row, {"active": False}):
            story.tell()
    return row


def hand_over_duty(roster_id: UUID, person_id: UUID, *, actor: Actor) -> DutyRoster:
    """Another officer of the unit takes the rest of a duty; both lines stay in the history. Raises Refused as put_on_duty."""
    now = clock.now()
    with transaction.atomic():
        row = DutyRoster.objects.get(pk=roster_id)
        if not row.active or row.ends_at <= now:
            raise Refused("duty_over", _("这一班已经结束或撤销。"))
        if row.person_id == person_id:
            raise Refused("same_officer", _("这一班现在就是由此人值。"))
        taken = put_on_duty(row.unit_id, person_id, max(row.starts_at, now), row.ends_at, actor=actor)
        if row.starts_at >= now:
            cancel_duty(row.pk, actor=actor)
        else:
            story = Story(Stream.of("unit", taken.unit), Deed.CANCEL_DUTY, by=actor, at=now)
            story.change(row, ends_at=now)
            story.tell()
    return taken


def _known(code: str) -> bool:
    """A kind's letter, a group or a category of the profile in force."""
    rules = profile.current()
    letters = {kind.letter for kind in rules.kinds if kind.letter}
    return code in letters or any(category.code == code for _kind, _group, category in rules.every_category())
