"""Platforms are told of changes by themselves (3.1.3): signed as Standard Webhooks has it, at least once, for days.

    a step → outbox notice to the program → carry → Delivery → deliver → POST {"type", "timestamp", "data"}

What is told is how the matter stands now, in the words of the REST interface: no text, no contacts, no place. A platform
that does not answer is silent, and one message at a time probes it after growing pauses; one that answers and does not
take a message keeps the others all the same.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Case, F, Q, QuerySet, When
from django.utils import translation

from shuoshi.channels.platforms import queries
from shuoshi.channels.platforms.models import Delivery, Posted, Silence, Telling
from shuoshi.kernel import clock, outbox
from shuoshi.kernel.events import instant
from shuoshi.kernel.outbox import Channel
from shuoshi.kernel.outgoing.post import Broken, NotSent, post

PREFIX = "whsec_"
CHANGED, TRYING = "matter.changed", "ping"
AT_MOST = 5.0  # seconds of one round, so that deadlines are looked at in between
LEASE = timedelta(minutes=2)  # longer than one request may take
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_SILENCE, LONGEST_PAUSE = timedelta(hours=1), timedelta(hours=6)  # before a platform, a message is tried again
GIVEN_UP_AFTER = timedelta(days=3)  # of silence
TRIES = 20  # of a message that is not taken: three days
KEPT = timedelta(days=30)
_NOT_NOW = frozenset({408, 425, 429})  # of the platform as a whole, as are answers from 500 on
_TRIAL_FIRST = Case(When(posted=None, then=0), default=1)  # somebody waits for what comes of it
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Came:
    """What came of one request: taken or not, or that nobody answers there. `answer` in a word."""

    answer: str
    taken: bool = False
    silent: bool = False


def carry(now: datetime, batch: int = 200) -> int:
    """Make deliveries of what the outbox holds for programs; how many notices."""
    if not outbox.waits_to_be_carried([Channel.PROGRAM]):
        return 0
    with transaction.atomic():
        notices = outbox.to_carry(batch, [Channel.PROGRAM])
        hooked = Posted.objects.filter(matter__in={one.about_id for one in notices}, platform__hook__active=True)
        made = [
            Delivery(hook_id=hook, posted_id=posted, created_at=now, not_before=now)
            for hook, posted in hooked.values_list("platform__hook", "pk")
        ]
        Delivery.objects.bulk_create(made, ignore_conflicts=True)  # what waits already tells it, too
        outbox.carried(notices, now)
    return len(notices)


def deliver(now: datetime) -> int:
    """Send what is due for AT_MOST seconds, one message of each platform in turn; how many were sent or failed."""
    done, until, over = 0, time.monotonic() + AT_MOST, set[UUID]()
    if not Delivery.objects.filter(state=Telling.WAITING).exists():  # an idle worker reads one row
        return 0
    while hooks := [hook for hook in _due_hooks(now) if hook not in over]:
        for hook in hooks:
            if time.monotonic() > until:
                return done
            key = (
                _due(now).filter(hook=hook).order_by(_TRIAL_FIRST, "created_at", "id").values_list("pk", flat=True)[:1]
            )
            came = send_one(key[0], clock.now()) if key else None
            done += came is not None
            if came is None or came.silent:
                over.add(hook)
    return done


def send_one(key: UUID, now: datetime) -> Came | None:
    """Send one; None where nothing was to be sent.

    It is claimed before anybody reads how the matter stands: what changes from then on waits by itself.
    """
    until = now + LEASE
    claimed = {"state": Telling.SENDING, "leased_until": until, "tries": F("tries") + 1}
    if not Delivery.objects.filter(pk=key, state=Telling.WAITING).update(**claimed):
        return None
    delivery = Delivery.objects.select_related("hook__platform", "posted").get(pk=key)
    body = _body(delivery, now)
    mine = Delivery.objects.filter(pk=key, state=Telling.SENDING, leased_until=until)
    if body is None:
        mine.update(state=Telling.STOPPED, leased_until=None, settled_at=now)
        return None
    headers = signed(str(delivery.pk), body, str(delivery.hook.secret), now)
    came = _asked(str(delivery.hook.address), body, headers)
    _record(delivery, mine, came, clock.now())
    return came


def signed(key: str, body: bytes, secret: str, now: datetime) -> dict[str, str]:
    """The headers of Standard Webhooks: over the name of the message, the moment and the body."""
    stamp = str(int(now.timestamp()))
    try:
        raw = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        raw = secret.encode()
    mac = hmac.new(raw, b".".join([key.encode(), stamp.encode(), body]), hashlib.sha256).digest()
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "shuoshi",
        "webhook-id": key,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{base64.b64encode(mac).decode()}",
    }


def give_back(now: datetime, batch: int = 50) -> int:
    """What a worker that died was sending is sent again: twice is better than never; how many."""
    lost = Delivery.objects.filter(state=Telling.SENDING).exclude(leased_until__range=(now, now + LEASE))
    found = list(lost[:batch])
    for delivery in found:
        mine = Delivery.objects.filter(pk=delivery.pk, state=Telling.SENDING, leased_until=delivery.leased_until)
        _wait(mine, now, now)
    return len(found)


def prune(now: datetime, batch: int = 1000) -> int:
    """Delete what was settled long ago; how many."""
    old = Delivery.objects.filter(settled_at__lt=now - KEPT).order_by("settled_at").values_list("pk", flat=True)
    return Delivery.objects.filter(pk__in=list(old[:batch])).delete()[0]


def _due(now: datetime) -> QuerySet[Delivery]:
    """What may go now. A pause that lies further ahead than any was set by a clock that was wrong."""
    silent = Q(hook__silence__again_at__gt=now, hook__silence__again_at__lte=now + LONGEST_SILENCE)
    pausing = Q(not_before__gt=now, not_before__lte=now + LONGEST_PAUSE)
    return Delivery.objects.filter(state=Telling.WAITING).exclude(silent).exclude(pausing)


def _due_hooks(now: datetime) -> list[UUID]:
    return list(_due(now).order_by("hook").values_list("hook", flat=True).distinct())


def _body(delivery: Delivery, now: datetime) -> bytes | None:
    """What is said; None where nothing may be said any more."""
    platform = delivery.hook.platform
    today = clock.local(now).date()
    if not (delivery.hook.active and platform.active and platform.reads) or platform.until < today:
        return None
    about: Mapping[str, object] = {"name": platform.name}
    if delivery.posted is not None:
        found = queries.own(platform, delivery.posted.name)
        if found is None:
            return None
        with translation.override(settings.LANGUAGE_CODE):
            about = found.told()
    said = {"type": CHANGED if delivery.posted else TRYING, "timestamp": instant(now), "data": about}
    return json.dumps(said, ensure_ascii=False).encode()


def _asked(address: str, body: bytes, headers: Mapping[str, str]) -> Came:
    try:
        reply = post(address, body, headers, hosts={urlsplit(address).netloc}, inside=settings.HOOK_HOSTS)
    except NotSent as problem:
        return Came(problem.code, silent=True)
    except Broken:
        return Came("broken", silent=True)
    except Exception as problem:  # the address is a secret: only the kind of fault is told
        _log.error("telling a platform failed: %s", type(problem).__name__)
        return Came("broken", silent=True)
    taken = 200 <= reply.status < 300
    return Came(str(reply.status), taken, silent=not taken and (reply.status >= 500 or reply.status in _NOT_NOW))


def _record(delivery: Delivery, mine: QuerySet[Delivery], came: Came, now: datetime) -> None:
    """What came of it, unless it was given back meanwhile."""
    if came.silent:
        _silent(delivery.hook_id, came.answer, now)
        _wait(mine, now, now, came.answer)
        silence = Silence.objects.filter(hook=delivery.hook_id, since__lt=now - GIVEN_UP_AFTER)
        if silence.exists():
            waiting = Delivery.objects.filter(hook=delivery.hook_id, state=Telling.WAITING)
            waiting.update(state=Telling.DEAD, answer=came.answer, settled_at=now)
        return
    Silence.objects.filter(hook=delivery.hook_id).delete()
    if came.taken:
        mine.update(state=Telling.TOLD, leased_until=None, answer=came.answer, settled_at=now)
    elif delivery.tries >= TRIES:
        mine.update(state=Telling.DEAD, leased_until=None, answer=came.answer, settled_at=now)
    else:
        pause = min(FIRST_PAUSE * 2 ** (delivery.tries - 1), LONGEST_PAUSE)
        _wait(mine, now + pause, now, came.answer)


def _wait(mine: QuerySet[Delivery], again: datetime, now: datetime, answer: str = "") -> None:
    """Have it sent again, unless another waits that tells the same: it changed meanwhile."""
    said = {"leased_until": None} | ({"answer": answer} if answer else {})
    try:
        with transaction.atomic():
            mine.update(state=Telling.WAITING, not_before=again, **said)
    except IntegrityError:
        mine.update(state=Telling.STOPPED, settled_at=now, **said)


def _silent(hook: UUID, answer: str, now: datetime) -> None:
    first = {"since": now, "again_at": now + FIRST_PAUSE, "answer": answer}
    with transaction.atomic():
        row, fresh = Silence.objects.select_for_update().get_or_create(hook_id=hook, defaults=first)
        if not fresh:
            row.failures, row.answer = row.failures + 1, answer
            row.again_at = now + min(FIRST_PAUSE * 2 ** min(row.failures - 1, 8), LONGEST_SILENCE)
            row.save()
