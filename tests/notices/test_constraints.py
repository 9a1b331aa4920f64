"""What the database refuses of messages, gateways, robots and words: each constraint broken once."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from shuoshi.kernel import clock
from shuoshi.kernel.ids import new_id
from shuoshi.notices.models import (
    Gateway,
    LostCode,
    Message,
    Provider,
    Robot,
    State,
    To,
    Vendor,
    Way,
    Wording,
    new_token,
)
from tests.support.village import Place

ONE = new_id()


def message(**columns: object) -> Message:
    now = clock.now()
    given = {
        "occasion": ONE, "recipient": ONE, "way": Way.CALL, "to": To.SPEAKER, "kind": "accepted", "about_kind": "matter",
        "about_id": ONE, "token": new_token(), "created_at": now, "not_before": now,
    }  # fmt: skip
    return Message.objects.create(**given | columns)


def wording(**columns: object) -> Wording:
    given = {"kind": "accepted", "language": "en", "number": 1, "text": "x", "by": ONE, "at": clock.now()}
    return Wording.objects.create(**given | columns)


def robot(town: Place, **columns: object) -> Robot:
    return Robot.objects.create(unit=town.units["城建办"], **{"vendor": Vendor.WECOM, "address": "x"} | columns)


BREAKS = {
    "message_once": lambda town: (message(), message()),
    "message_way_known": lambda town: message(way="fax"),
    "message_sending_is_leased": lambda town: message(state=State.SENDING),
    "message_settled_has_time": lambda town: message(state=State.SENT),
    "lost_code_few_tries": lambda town: LostCode.objects.create(number_index="x", expires_at=clock.now(), tries=6),
    "gateway_way_known": lambda town: Gateway.objects.create(way="fax", provider=Provider.SMTP),
    "robot_vendor_known": lambda town: robot(town, vendor="x"),
    "wording_number_once": lambda town: (wording(in_force=False), wording()),
    "wording_one_in_force": lambda town: (wording(), wording(number=2)),
}
EVERY = {one.name for model in (Message, LostCode, Gateway, Robot, Wording) for one in model._meta.constraints}


@pytest.mark.parametrize("name", BREAKS)
def test_the_database_refuses(name: str, town: Place):
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        BREAKS[name](town)
    text = str(refused.value)
    fields = {"message_once": "occasion", "wording_number_once": "number", "wording_one_in_force": "language"}
    assert name in text or fields.get(name, "?") in text


def test_no_constraint_is_left_out():
    assert set(BREAKS) == EVERY
