"""What was said to the exchange when nobody answered (3.2.1): brought in once, then registered or put away with a reason."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from shuoshi.channels.hotline import queries
from shuoshi.channels.hotline.models import MISSED, Call, Exchange, FromVoicemail, Nothing, Voicemail, VoicemailState
from shuoshi.channels.hotline.policies import may_take
from shuoshi.channels.hotline.pushing import CLAUSE, Pushed, What, locked, number_of
from shuoshi.kernel import clock, files
from shuoshi.kernel.actors import SYSTEM, Actor
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.ids import new_id
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.sounds import Sound
from shuoshi.matters import actions as matters
from shuoshi.matters.intake import Intake
from shuoshi.matters.terms import FileGiven
from shuoshi.matters.vocabulary import Channel

LONGEST = 600  # seconds: an exchange lets somebody speak longer than a page does
LARGEST = 10 * 1024 * 1024


def bring_in(sound: Sound, *, caller: str, left_at: datetime, actor: Actor) -> tuple[Voicemail, bool]:
    """Keep a recording that somebody took from the exchange by hand; whether it is new: the same one is there once.

    Raises Refused for a moment that has not come yet, and for whoever takes no calls.
    """
    if not may_take(actor):
        raise Refused("takes_no_calls", _("来电由受理中心处理。"))
    now = clock.now()
    if left_at > now:
        raise Refused("left_later", _("留言的时间还没有到，请写实际留言的时间。"))
    return _kept(sound, caller=number_of(caller)[0], left_at=left_at, call=None, actor=actor, now=now)


def pushed(exchange: Exchange, call_id: str, sound: Sound, *, caller: str = "") -> Voicemail:
    """Keep a recording that the exchange sent of a call, which begins with it where the exchange never told of it."""
    now = clock.now()
    with transaction.atomic():
        call = locked(exchange, Pushed(What.RINGS, call_id, caller), now)
        left_at = min(call.rang_at, now)
        row, _new = _kept(sound, caller=str(call.caller), left_at=left_at, call=call, actor=SYSTEM, now=now)
    return row


def register(voicemail_id: UUID, intake: Intake, *, raised: int, actor: Actor) -> matters.Receipt:
    """Raise a matter from a recording, which goes with it, also from one that was put away; its call is settled then.

    `raised`: how many matters it had when the form was opened, so that two people do not register it at once.
    Raises Refused, and all that registering raises.
    """
    now = clock.now()
    with transaction.atomic():
        row = _locked(voicemail_id, actor)
        whole = replace(
            intake,
            channel=Channel.HOTLINE,
            happened_at=intake.happened_at or row.left_at,
            files=(recording_of(row), *intake.files),
            also_said=f"voicemail {row.pk}",
        )
        if not matters.registered_before(whole):
            _check(row, intake, raised, actor)
        receipt = matters.register(whole, actor=actor)
        if not FromVoicemail.objects.filter(matter=receipt.matter_id).exists():
            story = Story(Stream.of("voicemail", row), "register_voicemail", by=actor, at=now, clause=CLAUSE)
            story.add(FromVoicemail(voicemail=row, matter_id=receipt.matter_id))
            if row.state != VoicemailState.REGISTERED:
                settled = {"because": "", "words": "", "settled_at": now, "settled_by_id": actor.person_id}
                story.change(row, state=VoicemailState.REGISTERED, **settled)
            story.tell()
            _settle_calls(row, actor, now)
    return receipt


def put_aside(voicemail_id: UUID, because: Nothing, words: str = "", *, actor: Actor) -> Voicemail:
    """Say why a recording becomes no matter; the recording stays. Raises Refused."""
    now = clock.now()
    with transaction.atomic():
        row = _locked(voicemail_id, actor)
        if row.state != VoicemailState.WAITING:
            raise Refused("voicemail_settled", _("这段留言已经处理过了。"))
        settled = {"settled_at": now, "settled_by_id": actor.person_id}
        story = Story(Stream.of("voicemail", row), "put_voicemail_aside", by=actor, at=now, clause=CLAUSE)
        story.change(row, state=VoicemailState.ASIDE, because=because, words=words.strip(), **settled)
        story.tell()
    return row


def recording_of(row: Voicemail) -> FileGiven:
    """As a registration takes it. Raises FileMissing."""
    return FileGiven(_("电话留言"), files.read(row.stored, row.data_key()), row.media_type, seconds=row.seconds)


def _kept(
    sound: Sound, *, caller: str, left_at: datetime, call: Call | None, actor: Actor, now: datetime
) -> tuple[Voicemail, bool]:
    """The row, and whether it is new. A file without a row, of two at once, is cleared away later."""
    digest = hashlib.sha256(sound.data).hexdigest()
    earlier = Voicemail.objects.filter(sha256=digest).first()
    if earlier is not None:
        return earlier, False
    row = Voicemail(
        id=new_id(),
        call=call,
        caller=caller,
        left_at=left_at,
        came_at=now,
        entered_by_id=actor.person_id,
        media_type=sound.media_type,
        seconds=sound.seconds,
        size=len(sound.data),
        sha256=digest,
    )
    row.stored = files.store(sound.data, row.data_key()).name
    try:
        with transaction.atomic():
            stream = Stream.of("voicemail", row)
            story = Story(stream, "leave_voicemail", by=actor, at=now, occurred_at=left_at, clause=CLAUSE, first=True)
            story.add(row)
            story.tell()
    except IntegrityError:
        return Voicemail.objects.get(sha256=digest), False
    return row, True


def _check(row: Voicemail, intake: Intake, raised: int, actor: Actor) -> None:
    """Nobody practises on what somebody said, answers on the spot who is not there, or hears it by registering it anew."""
    if queries.kept_from(row, actor):
        raise Refused("no_such_voicemail", _("没有这段留言。"))
    if intake.drill or intake.settle is not None:
        raise Refused("voicemail_is_real", _("留言里的事不能当演练，也不能当场办结。"))
    if row.raised.count() != raised:
        raise Refused("voicemail_registered", _("这段留言刚才已经登记过了。还有别的事要登记，请从“来电”里再打开。"))


def _settle_calls(row: Voicemail, actor: Actor, now: datetime) -> None:
    """Missed calls of it that nobody has to ring back any more: what they wanted is registered. Nobody was reached."""
    if row.call_id is None:
        return
    assert row.call is not None
    same = Q(pk=row.call_id)
    if row.call.caller_index:
        same |= Q(caller_index=row.call.caller_index, rang_at__lte=row.left_at)
    for call in Call.objects.select_for_update().filter(MISSED, same).order_by("pk"):
        story = Story(Stream.of("call", call), "register_voicemail", by=actor, at=now, clause=CLAUSE)
        story.change(call, settled_at=now, settled_by_id=actor.person_id, reached=False)
        story.tell()


def _locked(voicemail_id: UUID, actor: Actor) -> Voicemail:
    if not may_take(actor):
        raise Refused("takes_no_calls", _("来电由受理中心处理。"))
    found = Voicemail.objects.select_for_update(of=("self",)).select_related("call").filter(pk=voicemail_id).first()
    if found is None:
        raise Refused("no_such_voicemail", _("没有这段留言。"))
    return found
