"""Platforms are told of changes by themselves (3.1.3): signed as Standard Webhooks has it, at least once, for days.

    a step → outbox notice to the program → carry → Delivery → deliver → POST {"type", "timestamp", "data"}

What is told is how the matter stands now, in the words of the REST interface: no text, no contacts, no place. Whoever
does not answer is tried again after growing pauses, by one delivery; the others wait for it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import translation

from shuoshi.channels.platforms import queries
from shuoshi.channels.platforms.models import Delivery, Hook, Posted, Silence, Telling
from shuoshi.kernel import clock, outbox
from shuoshi.kernel.events import instant
from shuoshi.kernel.outbox import Channel
from shuoshi.kernel.outgoing.post import Broken, NotSent, post

PREFIX = "whsec_"
CHANGED, TRYING = "matter.changed", "ping"
BATCH, AT_MOST = 50, 15.0  # of one round, and its seconds, so that deadlines are looked at in between
LEASE = timedelta(minutes=2)  # longer than one request may take
FIRST_PAUSE, LAST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
GIVEN_UP_AFTER = timedelta(days=3)
KEPT = timedelta(days=30)


def carry(now: datetime, batch: int = 200) -> int:
    """Make deliveries of what the outbox holds for programs; how many notices."""
    if not outbox.waits_to_be_carried([Channel.PROGRAM]):
        return 0
    with transaction.atomic():
        notices = outbox.to_carry(batch, [Channel.PROGRAM])
        hooked = Posted.objects.filter(matter__in={one.about_id for one in notices}, platform__hook__active=True)
        made = [
            Delivery(hook_id=hook, posted_id=posted, created_at=now)
            for hook, posted in hooked.values_list("platform__hook", "pk")
        ]
        Delivery.objects.bulk_create(made, ignore_conflicts=True)  # what waits already tells it, too
        outbox.carried(notices, now)
    return len(notices)


def deliver(now: datetime) -> int:
    """Send what is due, for AT_MOST seconds; how many were sent or failed."""
    speaking = Q(hook__silence=None) | Q(hook__silence__again_at__lte=now)
    due = Delivery.objects.filter(speaking, state=Telling.WAITING).order_by(
        "tries", "created_at", "id"
    )  # one nobody takes keeps no other
    done, silent, until = 0, set[UUID](), time.monotonic() + AT_MOST
    for key, hook in list(due.values_list("pk", "hook_id")[:BATCH]):
        if time.monotonic() > until:
            break
        if hook in silent:
            continue
        answered = send_one(key, clock.now())
        done += answered is not None
        if answered is False:
            silent.add(hook)
    return done


def send_one(key: UUID, now: datetime) -> bool | None:
    """Send one; whether it was taken, None where nothing was to be sent."""
    with transaction.atomic():
        waiting = Delivery.objects.select_for_update().filter(pk=key, state=Telling.WAITING)
        delivery = waiting.first()
        if delivery is None:
            return None
        hook = Hook.objects.select_related("platform").get(pk=delivery.hook_id)
        body = _body(delivery, hook, now)
        if body is None:
            waiting.update(state=Telling.STOPPED, settled_at=now)
            return None
        until = now + LEASE
        waiting.update(state=Telling.SENDING, leased_until=until, tries=F("tries") + 1)
    answer, taken = _asked(str(hook.address), body, signed(str(delivery.pk), body, str(hook.secret), now))
    _record(delivery, until, answer, clock.now(), taken=taken)
    return taken


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


def give_back(now: datetime) -> int:
    """What a worker that died was sending is sent again: twice is better than never; how many."""
    lost = Delivery.objects.filter(state=Telling.SENDING, leased_until__lt=now)
    again = {"state": Telling.WAITING, "leased_until": None}
    done = 0
    for delivery in list(lost[:BATCH]):
        with transaction.atomic():
            mine = Delivery.objects.filter(pk=delivery.pk, state=Telling.SENDING, leased_until=delivery.leased_until)
            waits = Delivery.objects.filter(hook=delivery.hook_id, posted=delivery.posted_id, state=Telling.WAITING)
            stopped = {"state": Telling.STOPPED, "leased_until": None, "settled_at": now}
            done += mine.update(**(stopped if waits.exists() else again))
    return done


def prune(now: datetime, batch: int = 1000) -> int:
    """Delete what was settled long ago; how many."""
    old = Delivery.objects.filter(settled_at__lt=now - KEPT).order_by("settled_at").values_list("pk", flat=True)
    return Delivery.objects.filter(pk__in=list(old[:batch])).delete()[0]


def _body(delivery: Delivery, hook: Hook, now: datetime) -> bytes | None:
    """What is said; None where nothing may be said any more."""
    platform = hook.platform
    today = clock.local(now).date()
    if not hook.active or not platform.active or not platform.reads or platform.until < today:
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


def _asked(address: str, body: bytes, headers: Mapping[str, str]) -> tuple[str, bool]:
    """What came of it in a word, and whether it was taken."""
    try:
        host = urlsplit(address).netloc
        reply = post(address, body, headers, hosts={host}, inside=settings.HOOK_HOSTS)
    except NotSent as problem:
        return problem.code, False
    except Broken:
        return "broken", False
    return str(reply.status), 200 <= reply.status < 300


def _record(delivery: Delivery, until: datetime, answer: str, now: datetime, *, taken: bool) -> None:
    """What came of it, unless it was given back meanwhile."""
    with transaction.atomic():
        mine = Delivery.objects.filter(pk=delivery.pk, state=Telling.SENDING, leased_until=until)
        if taken:
            Silence.objects.filter(hook=delivery.hook_id).delete()
            mine.update(state=Telling.TOLD, leased_until=None, answer=answer, settled_at=now)
            return
        _silent(delivery.hook_id, answer, now)
        waits = Delivery.objects.filter(hook=delivery.hook_id, posted=delivery.posted_id, state=Telling.WAITING)
        if waits.exists():  # it changed again meanwhile, and that one tells it all
            mine.update(state=Telling.STOPPED, leased_until=None, answer=answer, settled_at=now)
        else:
            mine.update(state=Telling.WAITING, leased_until=None, answer=answer)
        old = Delivery.objects.filter(hook=delivery.hook_id, state=Telling.WAITING, tries__gt=0)
        old.filter(created_at__lt=now - GIVEN_UP_AFTER).update(state=Telling.DEAD, settled_at=now)


def _silent(hook: UUID, answer: str, now: datetime) -> None:
    first = {"since": now, "again_at": now + FIRST_PAUSE, "answer": answer}
    row, fresh = Silence.objects.select_for_update().get_or_create(hook_id=hook, defaults=first)
    if not fresh:
        row.failures, row.answer = row.failures + 1, answer
        row.again_at = now + min(FIRST_PAUSE * 2 ** min(row.failures - 1, 8), LAST_PAUSE)
        row.save()
