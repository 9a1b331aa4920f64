"""Messages leave, one after the other: marked as being sent before anything goes out, recorded after.

Whoever dies in between leaves a message that may have gone. Such a one is never sent again: after its lease it is told
by hand instead (a resident), or left to the desk (staff). So nobody is told twice by a machine, and nobody not at all.
While a gateway is down one message at a time probes it; the others wait and lose no try (circuits).
"""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet

from shuoshi.kernel import clock, steady
from shuoshi.kernel.ids import new_id
from shuoshi.kernel.outbox import Channel, Notice
from shuoshi.matters.models import Matter
from shuoshi.matters.notices import PART_OVER
from shuoshi.matters.queries.speaking import speaker, wish_of
from shuoshi.matters.vocabulary import TellBy
from shuoshi.notices import circuits, hours, limits
from shuoshi.notices.carrying import by_hand
from shuoshi.notices.leaving import Leaving, address_of, opened, whither, written
from shuoshi.notices.models import OUTGOING, Attempt, Gateway, Message, Morning, State, To, Way, Why, new_token
from shuoshi.notices.ways import Answer, Came, Sender

LEASE = timedelta(minutes=2)  # longer than any way out may take
TRIES = 6
FIRST_PAUSE, LAST_PAUSE = timedelta(minutes=1), timedelta(minutes=30)
AT_MOST = 15.0  # seconds of one round, so that deadlines are looked at in between
BATCH = 20  # of a way in one round, so that deadlines are looked at in between
KEPT = timedelta(days=180)
REPORTS_ASKED = timedelta(days=2)
_REPORT_PAUSES = timedelta(minutes=30)
_log = logging.getLogger(__name__)


def deliver(now: datetime, batch: int = BATCH) -> int:
    """Send what is due, by every way that is open, for AT_MOST seconds; how many were handed over or refused."""
    due = Message.objects.filter(state=State.WAITING, way__in=OUTGOING, not_before__lte=now)
    if not due.exists():  # an idle worker reads one row
        return 0
    gateways: dict[str, Sender] = {str(row.way): opened(row) for row in Gateway.objects.filter(active=True)}
    done, until, down = 0, time.monotonic() + AT_MOST, circuits.down()
    try:
        for channel in circuits.CHANNELS:
            if channel in down and not circuits.take_probe(channel, now):
                continue
            waiting = circuits.messages(due, channel).order_by("not_before", "id")[:batch]
            done += _send_all(waiting, channel, gateways, until, probing=channel in down)
    finally:
        for gateway in gateways.values():
            gateway.close()
    return done


def _send_all(
    waiting: QuerySet[Message], channel: str, gateways: dict[str, Sender], until: float, *, probing: bool
) -> int:
    """One message after the other by one channel, until its gateway fails or the time is over; how many."""
    done = 0
    for key in list(waiting.values_list("pk", flat=True)):
        if time.monotonic() > until:
            break
        answer = send_one(key, gateways, clock.now())
        if answer is None:
            continue
        done += 1
        if answer.whole_way:
            break
        if probing:
            probing = not circuits.works(channel)
    return done


def send_one(key: UUID, gateways: dict[str, Sender], now: datetime) -> Answer | None:
    """Send one message; None where nothing was to be sent."""
    with transaction.atomic():
        message = Message.objects.select_for_update().filter(pk=key, state=State.WAITING).first()
        if message is None or _not_now(message, now):
            return None
        leaving = whither(message, gateways, now)
        if leaving.stop is not None or leaving.sender is None:
            _stop(message, leaving.stop or Why.NO_GATEWAY, now)
            return None
        if _too_many(message, leaving, now):
            return None
        until = now + LEASE
        attempt = _claim(message, leaving, until, now)
        out = written(message)
    try:
        answer = leaving.sender.send(leaving.to, out)
    except Exception:  # a sender raises nothing; where one does, nobody knows whether it left
        _log.exception("sending %s failed", key)
        answer = Answer(Came.UNCERTAIN, "error", whole_way=True)
    over = clock.now()
    probed = circuits.fails(circuits.channel_of(message), answer.code, over) if answer.whole_way else None
    _record(key, attempt, until, answer, over, probed)
    return answer


def _claim(message: Message, leaving: Leaving, until: datetime, now: datetime) -> Attempt:
    """From here on it may have left, whatever happens to us."""
    counted = {"handed_at": now, "number_index": limits.index_of(message, leaving.to)}
    claimed = {"state": State.SENDING, "leased_until": until, "tries": F("tries") + 1}
    Message.objects.filter(pk=message.pk).update(**claimed, **counted)
    return Attempt.objects.create(message=message, at=now)


def _not_now(message: Message, now: datetime) -> bool:
    """Whether people are not told at this hour: what was due by day and not sent then waits for the morning."""
    later = hours.allowed_from(now, urgent=message.urgent)
    if later > now:
        Message.objects.filter(pk=message.pk).update(not_before=later)
    return later > now


def _too_many(message: Message, leaving: Leaving, now: datetime) -> bool:
    """Whether enough left today: to this person or number the rest waits for the morning, from the whole site it is told
    by hand, and so is danger."""
    if limits.enough_for_one(message, limits.index_of(message, leaving.to), now):
        if message.urgent:
            _by_hand_instead(message, Why.ENOUGH, now)
        else:
            Message.objects.filter(pk=message.pk).update(not_before=hours.morning_after(now))
        return True
    if limits.enough_for_the_site(message, now):
        _by_hand_instead(message, Why.FULL, now)
        limits.tell(now)
        return True
    return False


def _record(
    key: UUID, attempt: Attempt, until: datetime, answer: Answer, now: datetime, probed: datetime | None
) -> None:
    """What came of it, unless somebody found us too late and told by hand meanwhile. `probed`: the gateway is down, and
    when it is tried again."""
    with transaction.atomic():
        message = Message.objects.select_for_update().filter(pk=key, state=State.SENDING, leased_until=until).first()
        reached = answer.came is Came.OUT
        Attempt.objects.filter(pk=attempt.pk).update(ended_at=now, reached=reached, code=answer.code[:60])
        if message is None:
            return
        if answer.came in (Came.REFUSED, Came.LATER):
            Message.objects.filter(pk=key).update(handed_at=None)  # it did not leave, so that it does not count
        match answer.came:
            case Came.OUT:
                _end(message, State.SENT, "", now, ticket=answer.ticket)
            case Came.UNCERTAIN:
                _by_hand_instead(message, Why.UNCERTAIN, now)
            case Came.REFUSED:
                _by_hand_instead(message, Why.REFUSED, now)
            case Came.LATER if probed is not None:
                _wait(message, probed, tries=message.tries - 1)  # another one probes next, and this loses no try
            case Came.LATER:
                _later(message, now)


def _later(message: Message, now: datetime) -> None:
    if message.tries >= TRIES:
        _end(message, State.DEAD, Why.OUT_OF_ORDER, now)
        steady.keep(steady.Kind.MESSAGES_DEAD, wrong=True)
        return
    _wait(message, now + min(FIRST_PAUSE * 2 ** max(0, message.tries - 1), LAST_PAUSE), tries=message.tries)


def _wait(message: Message, again: datetime, *, tries: int) -> None:
    again = hours.allowed_from(again, urgent=message.urgent)
    waits = {"state": State.WAITING, "leased_until": None, "not_before": again, "tries": tries}
    Message.objects.filter(pk=message.pk).update(**waits)


def _stop(message: Message, why: Why, now: datetime) -> None:
    """It is not sent: nobody wants it any more, or nothing can carry it, and then a person does."""
    if why in (Why.NO_GATEWAY, Why.NO_ADDRESS, Why.UNPROVEN):
        _by_hand_instead(message, why, now)
    else:
        _end(message, State.STOPPED, why, now)


def _end(message: Message, state: State, why: str, now: datetime, *, ticket: str = "") -> None:
    changes = {"state": state, "why": why, "settled_at": now, "leased_until": None, "ticket": ticket}
    Message.objects.filter(pk=message.pk).update(**changes, not_before=now)


def _by_hand_instead(message: Message, why: Why, now: datetime) -> None:
    _end(message, State.FAILED, why, now)
    if message.to == To.SPEAKER:
        tell_by_hand(message, why, now)


def tell_by_hand(message: Message, why: Why, now: datetime, way: Way | None = None) -> None:
    """The same for a person of the registry to tell; once, however often it is asked for."""
    if message.contact_id is not None:
        return  # nobody rings up a number that was given up; who agreed to the change made sure
    party = speaker(message.about_id, message.recipient, gone=message.kind == PART_OVER)
    matter = Matter.objects.filter(pk=message.about_id).only("no_messages", "tell_by").first()
    if party is None or matter is None:
        return
    wish = wish_of(party, matter)
    if wish.no_messages or wish.tell_by == TellBy.PAGE:
        return  # meanwhile they wanted no more of this
    way = way or by_hand(party)
    instead = Message(
        id=new_id(),
        occasion=message.occasion,
        recipient=message.recipient,
        way=way,
        to=message.to,
        kind=message.kind,
        about_kind=message.about_kind,
        about_id=message.about_id,
        number=message.number,
        unit_id=message.unit_id,
        urgent=message.urgent,
        token=new_token(),
        created_at=now,
        not_before=hours.allowed_from(now, urgent=message.urgent),
        why=why,
    )
    Message.objects.bulk_create([instead], ignore_conflicts=True)


def give_back(now: datetime, batch: int = 100) -> int:
    """Messages whose sender died in the middle: nobody knows whether they left; how many."""
    lost = Message.objects.filter(state=State.SENDING, leased_until__lt=now).order_by("leased_until")
    if not lost.exists():
        return 0
    with transaction.atomic():
        found = list(lost.select_for_update(skip_locked=True)[:batch])
        for message in found:
            Attempt.objects.filter(message=message, ended_at=None).update(ended_at=now, code="lost")
            _by_hand_instead(message, Why.UNCERTAIN, now)
    return len(found)


def leave_to_people(now: datetime, batch: int = 100) -> int:
    """What waited too long for a gateway that is down is told by hand, staff find it on the desk; how many. And whether
    the site sends no more than it may."""
    given_up = 0
    for waiting in circuits.waited_too_long(now):
        if waiting.exists():
            with transaction.atomic():
                for message in list(waiting.select_for_update(skip_locked=True).order_by("created_at")[:batch]):
                    _by_hand_instead(message, Why.GATEWAY_DOWN, now)
                    given_up += 1
    limits.tell(now)
    return given_up


def after_a_restore(now: datetime) -> int:
    """What a copy holds as waiting may have left since it was made: nothing of it is sent by a machine; how many.

    Residents are told by hand, staff find it on the desk.
    """
    with transaction.atomic():
        left = Message.objects.select_for_update().filter(state__in=[State.WAITING, State.SENDING], way__in=OUTGOING)
        found = list(left)
        for message in found:
            _by_hand_instead(message, Why.UNCERTAIN, now)
        Notice.objects.filter(to_carry=True, channel=Channel.DESK).update(to_carry=False)
    return len(found)


def look_for_reports(now: datetime, batch: int = 50) -> int:
    """Ask the provider what became of text messages; each again after a while, for two days."""
    wanted = Message.objects.filter(state=State.SENT, way=Way.SMS, settled_at__gt=now - REPORTS_ASKED)
    waiting = wanted.exclude(ticket="").filter(not_before__lte=now - _REPORT_PAUSES).order_by("not_before")
    gateway = Gateway.objects.filter(active=True, way=Way.SMS).first() if waiting.exists() else None
    if gateway is None or Way.SMS in circuits.down():
        return 0
    sender, looked, until = opened(gateway), 0, time.monotonic() + AT_MOST
    for message in list(waiting[:batch]):
        if time.monotonic() > until:
            break
        looked += 1
        arrived = sender.report(address_of(message), message.ticket, message.settled_at or now)
        with transaction.atomic():
            mine = Message.objects.select_for_update().filter(pk=message.pk, state=State.SENT)
            if arrived is None:
                mine.update(not_before=now)
            elif arrived:
                mine.update(state=State.DELIVERED)
            elif mine.exists():
                _by_hand_instead(message, Why.UNDELIVERED, now)
    return looked


def prune(now: datetime, batch: int = 500) -> int:
    """Delete messages that were settled long ago, with their attempts; how many."""
    old = Message.objects.filter(settled_at__lt=now - KEPT).order_by("settled_at").values_list("pk", flat=True)
    keys = list(old[:batch])
    Message.objects.filter(pk__in=keys).delete()
    Morning.objects.filter(at__lt=now - KEPT).delete()
    return len(keys)
