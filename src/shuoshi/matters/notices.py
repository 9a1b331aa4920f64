"""Whom a step tells on the desk, as outbox rows. They carry a number and codes, never words of a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from shuoshi.kernel import outbox
from shuoshi.kernel.ids import new_id
from shuoshi.matters.models import Matter
from shuoshi.matters.transition import Told
from shuoshi.organization.roles import Role

Facts = Mapping[str, str | int | bool | None]


def made(matter: Matter, now: datetime, kind: str, audiences: Iterable[str], facts: Facts) -> list[outbox.Notice]:
    """Unsaved desk notices for these audiences; who is excluded from the matter finds none, for lists ask `scope`."""
    found = [target for audience in audiences if (target := _target(matter, Told(audience))) is not None]
    return [
        outbox.Notice(
            id=new_id(),
            kind=kind,
            channel=outbox.Channel.DESK,
            to_person=person,
            to_unit=unit,
            to_role=role,
            about_kind="matter",
            about_id=matter.id,
            number=matter.number,
            facts_json=outbox.facts_of(facts),
            created_at=now,
        )
        for person, unit, role in found
    ]


def slip(matter: Matter, now: datetime) -> outbox.Notice:
    """The printed receipt of a matter that staff entered, on the list of receipts to deliver."""
    return outbox.Notice(
        id=new_id(),
        kind="receipt",
        channel=outbox.Channel.SLIP,
        to_person=None,
        to_unit=matter.registry_id,
        to_role="",
        about_kind="matter",
        about_id=matter.id,
        number=matter.number,
        facts_json="{}",
        created_at=now,
    )


def _target(matter: Matter, audience: Told) -> tuple[UUID | None, UUID | None, str] | None:
    registry = matter.registry_id
    lead = matter.lead_unit_id
    match audience:
        case Told.LEAD:
            return (None, lead, "") if lead else None
        case Told.HANDLER:
            return (matter.handler_id, None, "") if matter.handler_id else None
        case Told.HEAD:
            return (None, lead, Role.DEPARTMENT_HEAD) if lead else None
        case Told.REGISTRY:
            return (None, registry, "")
        case Told.DISPATCHER:
            return (None, registry, Role.DISPATCHER)
        case Told.DUTY:
            return (None, registry, Role.DUTY_OFFICER)
        case Told.LEADER:
            return (None, registry, Role.LEADER)
        case Told.FOLLOW_UP:
            return (None, registry, Role.FOLLOW_UP_AGENT)
