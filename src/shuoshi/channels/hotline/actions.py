"""What staff do with calls: register what was said, write down that there was nothing to register, ring back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from shuoshi.channels.hotline.models import MISSED, Call, FromCall
from shuoshi.channels.hotline.policies import may_take
from shuoshi.channels.hotline.pushing import CLAUSE
from shuoshi.channels.hotline.queries import FORGOTTEN
from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import actions as matters
from shuoshi.matters.intake import Intake
from shuoshi.matters.vocabulary import Channel


def register(call_id: UUID, intake: Intake, *, raised: int, actor: Actor) -> matters.Receipt:
    """Raise a matter from a call; a missed one is settled by it, with all of its number, since somebody was reached.

    `raised`: how many matters the call had when the form was opened, so that two people do not register it at once.
    Raises Refused.
    """
    now = clock.now()
    with transaction.atomic():
        same = _locked(call_id, actor)
        call = next(one for one in same if one.pk == call_id)
        whole = replace(intake, channel=Channel.HOTLINE, also_said=f"call {call.pk}")
        if not matters.registered_before(whole):
            if intake.drill:
                raise Refused("call_is_real", _("来电说的事不能当演练。"))
            if call.raised.count() != raised:
                raise Refused("call_registered", _("这个来电刚才已经登记过了。还有别的事要登记，请从“来电”里再打开。"))
        receipt = matters.register(whole, actor=actor)
        if not FromCall.objects.filter(matter=receipt.matter_id).exists():
            story = Story(Stream.of("call", call), "register_call", by=actor, at=now, clause=CLAUSE)
            story.add(FromCall(call=call, matter_id=receipt.matter_id))
            if call.settled_at is None:
                reached = {"reached": True} if call.answered_at is None else {}
                story.change(call, settled_at=now, settled_by_id=actor.person_id, **reached)
            story.tell()
            for one in same:
                if one.pk != call.pk:
                    _settle(one, "ring_back", actor, settled_at=now, settled_by_id=actor.person_id, reached=True)
    return receipt


def put_away(call_id: UUID, *, actor: Actor) -> Call:
    """A call that held nothing to register: a wrong number, a question about the way; or one that hides its number.

    Raises Refused for a missed call that can be rung back, and for one that is not over.
    """
    now = clock.now()
    with transaction.atomic():
        call = _only(call_id, actor, now)
        if call.answered_at is None and call.caller_index:
            raise Refused("not_answered", _("没有接到的来电，要回电。"))
        reached = {"reached": False} if call.answered_at is None else {}
        _settle(call, "put_call_away", actor, settled_at=now, settled_by_id=actor.person_id, **reached)
    return call


def rang_back(call_id: UUID, *, reached: bool, actor: Actor) -> int:
    """A missed call was rung back; how many calls of the same number are settled by it. In vain, it stays on the list.

    Raises Refused.
    """
    now = clock.now()
    with transaction.atomic():
        call = _only(call_id, actor, now)
        if call.answered_at is not None:
            raise Refused("answered_it", _("这个电话接到了，不用回电。"))
        if not call.caller_index:
            raise Refused("no_number", _("这个来电没有号码，没办法回电。"))
        same = [one for one in _locked(call_id, actor) if _is_over(one, now)]
        for one in same:
            if reached:
                _settle(one, "ring_back", actor, settled_at=now, settled_by_id=actor.person_id, reached=True)
            else:
                _settle(one, "ring_back_in_vain", actor, tries=one.tries + 1)
    return len(same)


def _settle(call: Call, deed: str, actor: Actor, **columns: object) -> None:
    if call.settled_at is not None:
        raise Refused("call_settled", _("这个来电已经处理过了。"))
    story = Story(Stream.of("call", call), deed, by=actor, at=clock.now(), clause=CLAUSE)
    story.change(call, **columns)
    story.tell()


def _only(call_id: UUID, actor: Actor, now: datetime) -> Call:
    """The call, which is over: while it rings or is spoken nothing is known of it yet."""
    call = next(one for one in _locked(call_id, actor) if one.pk == call_id)
    if not _is_over(call, now):
        raise Refused("call_runs", _("这个来电还没有挂断。"))
    return call


def _is_over(call: Call, now: datetime) -> bool:
    return call.ended_at is not None or call.rang_at <= now - FORGOTTEN


def _locked(call_id: UUID, actor: Actor) -> list[Call]:
    """The call, and with one that nobody answered the other missed ones of its number, in the order of their keys."""
    if not may_take(actor):
        raise Refused("takes_no_calls", _("来电由受理中心处理。"))
    asked = Call.objects.filter(pk=call_id).only("caller_index", "answered_at").first()
    if asked is None:
        raise Refused("no_such_call", _("没有这个来电。"))
    which = Q(pk=call_id)
    if asked.caller_index and asked.answered_at is None:
        which |= Q(MISSED, caller_index=asked.caller_index)
    return list(Call.objects.select_for_update().filter(which).order_by("pk"))
