"""What staff do with calls: register what was said, write down that there was nothing to register, ring back."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from shuoshi.channels.hotline.models import Call, FromCall
from shuoshi.channels.hotline.policies import may_take
from shuoshi.channels.hotline.pushing import CLAUSE
from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import actions as matters
from shuoshi.matters.intake import Intake


def register(call_id: UUID, intake: Intake, *, actor: Actor) -> matters.Receipt:
    """Raise a matter from a call; a missed one is settled by it, since somebody was reached. Raises Refused."""
    now = clock.now()
    with transaction.atomic():
        call = _locked(call_id, actor)
        receipt = matters.register(intake, actor=actor)
        if not FromCall.objects.filter(matter=receipt.matter_id).exists():
            story = Story(Stream.of("call", call), "register_call", by=actor, at=now, clause=CLAUSE)
            story.add(FromCall(call=call, matter_id=receipt.matter_id))
            if call.settled_at is None:
                story.change(call, settled_at=now, settled_by_id=actor.person_id)
            story.tell()
    return receipt


def put_away(call_id: UUID, *, actor: Actor) -> Call:
    """An answered call that held nothing to register: a wrong number, a question about the way. Raises Refused."""
    now = clock.now()
    with transaction.atomic():
        call = _locked(call_id, actor)
        if call.answered_at is None:
            raise Refused("not_answered", _("没有接到的来电，要回电。"))
        _settle(call, "put_call_away", actor, settled_at=now, settled_by_id=actor.person_id)
    return call


def rang_back(call_id: UUID, *, reached: bool, actor: Actor) -> int:
    """A missed call was rung back; how many calls of the same number are settled by it. In vain, it stays on the list.

    Raises Refused.
    """
    now = clock.now()
    with transaction.atomic():
        call = _locked(call_id, actor)
        if call.answered_at is not None:
            raise Refused("answered_it", _("这个电话接到了，不用回电。"))
        same = [call]
        if call.caller_index:
            others = Call.objects.select_for_update().filter(
                caller_index=call.caller_index, answered_at__isnull=True, settled_at__isnull=True
            )
            same += list(others.exclude(pk=call.pk).order_by("id"))
        for one in same:
            if reached:
                columns = {"settled_at": now, "settled_by_id": actor.person_id, "reached": True}
                _settle(one, "ring_back", actor, **columns)
            else:
                _settle(one, "ring_back_in_vain", actor, tries=one.tries + 1)
    return len(same)


def _settle(call: Call, deed: str, actor: Actor, **columns: object) -> None:
    if call.settled_at is not None:
        raise Refused("call_settled", _("这个来电已经处理过了。"))
    story = Story(Stream.of("call", call), deed, by=actor, at=clock.now(), clause=CLAUSE)
    story.change(call, **columns)
    story.tell()


def _locked(call_id: UUID, actor: Actor) -> Call:
    if not may_take(actor):
        raise Refused("takes_no_calls", _("来电由受理中心处理。"))
    return Call.objects.select_for_update().get(pk=call_id)
