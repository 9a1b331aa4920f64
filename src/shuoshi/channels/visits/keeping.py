"""Verbs on plans, and on the phones that may send."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from shuoshi.channels import keys
from shuoshi.channels.changes import change
from shuoshi.channels.visits.models import Device, Plan
from shuoshi.channels.visits.policies import VISITORS, may_change, may_visit
from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.refusal import Refused
from shuoshi.organization import queries as organization
from shuoshi.organization.policies import may_arrange, require_arranger
from shuoshi.people import actions as people

CLAUSE = "3.2.3"
_PHONES = 5  # of one person, in use


@dataclass(frozen=True, kw_only=True)
class PlanGiven:
    area_id: UUID
    visitor_id: UUID
    begins: date
    ends: date
    target: int
    route: str = ""


def plan(given: PlanGiven, *, actor: Actor) -> Plan:
    """Raises Refused for visits of others, unless the actor plans for their units or that ground."""
    with transaction.atomic():
        row = Plan(**vars(given))
        _require(row, actor)
        story = Story(Stream.of("visit_plan", row), "plan_visits", by=actor, at=clock.now(), clause=CLAUSE, first=True)
        story.add(row)
        story.tell()
    return row


def change_plan(plan_id: UUID, given: PlanGiven, *, actor: Actor) -> Plan:
    """Raises Refused."""
    with transaction.atomic():
        row = _running(plan_id, actor)
        _require(Plan(id=row.pk, **vars(given)), actor)
        change("visit_plan", row, "change_visit_plan", actor, **vars(given))
    return row


def end_plan(plan_id: UUID, *, actor: Actor) -> Plan:
    """It is carried out no further; its visits stay. Raises Refused."""
    with transaction.atomic():
        row = _running(plan_id, actor)
        change("visit_plan", row, "end_visit_plan", actor, active=False)
    return row


def enrol(name: str, *, actor: Actor) -> tuple[Device, str]:
    """The phone in the actor's hand may send from now on: its row and its key, which nobody knows afterwards."""
    key, now = keys.new_key(), clock.now()
    with transaction.atomic():
        if actor.person_id is None or not may_visit(actor):
            raise Refused("visits_nobody", _("您的岗位不走访，手机不用登记。"))
        if Device.objects.filter(person_id=actor.person_id, revoked_at__isnull=True).count() >= _PHONES:
            raise Refused("phones_enough", _("您登记的手机已经有 %(n)d 部，请先停用不用的。") % {"n": _PHONES})
        row = Device(person_id=actor.person_id, name=name.strip() or _("手机"), enrolled_at=now, **keys.kept(key))
        story = Story(Stream.of("visit_device", row), "enrol_phone", by=actor, at=now, clause=CLAUSE, first=True)
        story.add(row)
        story.tell()
    return row, key


def vouch(device_id: UUID, key: str, holder: UUID, *, actor: Actor) -> Device:
    """A phone that is not known any more was in this hand: known again, and revoked, so that its rescue file counts.

    Raises Refused for a phone whose key is another one, and for a holder who visits nobody.
    """
    now = clock.now()
    require_arranger(actor)
    with transaction.atomic():
        if Device.objects.filter(pk=device_id).exists():
            raise Refused("phone_unknown", _("这部手机没有登记过。"), who_could=_("系统管理员"))
        if not any(post.role in VISITORS for post in organization.posts_of(holder)):
            raise Refused("visits_nobody", _("这个人的岗位不走访，请选手机原来是谁的。"))
        row = Device(id=device_id, person_id=holder, name=_("手机"), enrolled_at=now, **keys.kept(key))
        row.revoked_at, row.revoked_by_id = now, actor.person_id
        story = Story(Stream.of("visit_device", row), "vouch_for_phone", by=actor, at=now, clause=CLAUSE, first=True)
        story.add(row)
        story.tell()
    return row


def revoke(device_id: UUID, *, actor: Actor) -> Device:
    """The phone may send no more, and its holder is signed out everywhere: whoever has it may have the session in it.

    Its holder says so, or an administrator. Raises Refused.
    """
    with transaction.atomic():
        row = Device.objects.select_for_update().get(pk=device_id)
        if actor.person_id != row.person_id and not may_arrange(actor):
            raise Refused("not_your_phone", _("这部手机由本人或者系统管理员停用。"), who_could=_("系统管理员"))
        if row.revoked_at is not None:
            raise Refused("phone_revoked", _("这部手机已经停用了。"))
        story = Story(Stream.of("visit_device", row), "revoke_phone", by=actor, at=clock.now(), clause=CLAUSE)
        story.change(row, revoked_at=clock.now(), revoked_by_id=actor.person_id)
        story.tell()
        people.end_sessions(row.person_id, by=actor, at=clock.now())
    return row


def known(device_id: UUID, key: str) -> Device | None:
    """The phone that has this key, whether it may still send or not."""
    return Device.objects.filter(pk=device_id, key_digest=keys.digest(key)).first()


def grounds(row: Plan) -> list[str]:
    """Paths of the units a plan belongs to: of who goes, and of the area."""
    found = [post.unit.path for post in organization.posts_of(row.visitor_id)]
    return [*found, row.area.unit.path] if row.area.unit is not None else found


def _require(row: Plan, actor: Actor) -> None:
    if not may_change(actor, row, grounds(row)):
        raise Refused("plans_own", _("您只能安排自己的走访，领导、负责人和受理中心还能安排本辖区的。"))
    if row.ends < row.begins:
        raise Refused("plan_backwards", _("结束的日子要在开始之后。"))


def _running(plan_id: UUID, actor: Actor) -> Plan:
    row = Plan.objects.select_for_update().get(pk=plan_id)
    if not may_change(actor, row, grounds(row)):
        raise Refused("plans_own", _("您只能安排自己的走访，领导、负责人和受理中心还能安排本辖区的。"))
    if not row.active:
        raise Refused("plan_ended", _("这个走访计划已经停了。"))
    return row
