"""Notices reach whom they are for, once, and carry no words of anybody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from shuoshi.kernel import outbox
from shuoshi.kernel.actors import Actor, ActorKind, PostHeld
from shuoshi.kernel.ids import new_id
from shuoshi.kernel.outbox import Channel, Notice, State

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
UNIT, OTHER_UNIT, PERSON, MATTER = new_id(), new_id(), new_id(), new_id()

pytestmark = pytest.mark.django_db


def notice(kind: str = "assigned", **given: Any) -> Notice:
    values = {"channel": Channel.DESK, "about_kind": "matter", "about_id": MATTER, "number": "SS-1", "created_at": NOW}
    return Notice(kind=kind, **(values | given))


def clerk(role: str = "registrar", unit: UUID = UNIT, person: UUID = PERSON) -> Actor:
    post = PostHeld(unit_id=unit, unit_path="/1/", unit_kind="REGISTRY", role=role)
    return Actor(ActorKind.STAFF, person_id=person, account_id=new_id(), posts=(post,))


def kinds(actor: Actor, channel: Channel = Channel.DESK) -> set[str]:
    return {one.kind for one in outbox.pending_for(actor, channel)}


def test_a_notice_reaches_the_person_the_unit_or_the_role_and_nobody_else() -> None:
    outbox.put_all(
        [
            notice("to_me", to_person=PERSON),
            notice("to_unit", to_unit=UNIT),
            notice("to_role", to_unit=UNIT, to_role="registrar"),
            notice("to_other_role", to_unit=UNIT, to_role="leader"),
            notice("to_other_unit", to_unit=OTHER_UNIT, to_role="registrar"),
            notice("to_other_person", to_person=new_id()),
            notice("slip", to_unit=UNIT, channel=Channel.SLIP),
        ]
    )
    assert kinds(clerk()) == {"to_me", "to_unit", "to_role"}
    assert kinds(clerk("leader", person=new_id())) == {"to_unit", "to_other_role"}
    assert kinds(clerk(), Channel.SLIP) == {"slip"}
    assert kinds(Actor(ActorKind.SYSTEM)) == set()
    assert kinds(Actor(ActorKind.SPEAKER, matter_id=MATTER)) == set()


def test_a_list_is_capped_at_the_newest_and_nothing_is_lost_behind_it() -> None:
    outbox.put_all(
        notice(str(number), to_unit=UNIT, created_at=NOW + timedelta(minutes=number))
        for number in range(outbox.SHOWN + 5)
    )
    assert len(kinds(clerk())) == outbox.SHOWN
    assert "0" not in kinds(clerk())
    assert outbox.waiting_for(clerk()).filter(kind="0").exists()


def test_a_notice_is_settled_once() -> None:
    outbox.put_all([notice(to_unit=UNIT)])
    pk = Notice.objects.get().pk
    assert outbox.settle(pk, by=PERSON, at=NOW)
    assert not outbox.settle(pk, by=new_id(), at=NOW + timedelta(hours=1))
    row = Notice.objects.get()
    assert (row.state, row.settled_by, row.settled_at) == (State.DONE, PERSON, NOW)
    assert kinds(clerk()) == set()


def test_settling_about_a_thing_leaves_other_kinds_and_things() -> None:
    outbox.put_all(
        [
            notice("receipt", to_unit=UNIT),
            notice("receipt", to_unit=OTHER_UNIT),
            notice("assigned", to_unit=UNIT),
            notice("receipt", to_unit=UNIT, about_id=new_id()),
        ]
    )
    assert outbox.settle_about("matter", MATTER, "receipt", by=None, at=NOW) == 2
    assert Notice.objects.filter(state=State.PENDING).count() == 2


def test_a_notice_is_undone_with_the_change_it_tells_of() -> None:
    with transaction.atomic():
        outbox.put_all([notice(to_unit=UNIT)])
        transaction.set_rollback(True)
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"to_unit": UNIT, "state": State.DONE},
        {"to_unit": UNIT, "settled_at": NOW},
    ],
)
def test_the_database_refuses_what_may_never_be(wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        notice(**wrong).save()
