"""One-time codes for whoever lost a receipt: to a number that is typed, of which nobody learns whether we know it.

Asking writes one row, whatever number it is: the answer is alike in words and time. The worker looks whether the number
opens anything and sends, at most once. Six digits are few: five tries a code, ten minutes, few codes a day (throttle).
"""

from __future__ import annotations

import hashlib
import hmac
import time
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import F

from shuoshi.kernel import keys
from shuoshi.matters.queries.lost import opened_by_number
from shuoshi.notices import limits, wording
from shuoshi.notices.leaving import institution, opened
from shuoshi.notices.models import Gateway, LostCode, Provider, Way
from shuoshi.notices.ways import Came, Outgoing
from shuoshi.people import phones
from shuoshi.people.models import ContactKind, ContactPoint

LASTS = timedelta(minutes=10)
TRIES = 5
AT_MOST = 10.0  # seconds of one round
BATCH = 20
KEPT = timedelta(days=1)
KIND = "lost_code"


def possible() -> bool:
    """Whether codes can be sent at all: a gateway for text messages, with a text of its own for them."""
    row = Gateway.objects.filter(way=Way.SMS, active=True).first()
    return row is not None and (row.provider == Provider.FILE or bool(row.given.get("template_code")))


def ask(number_index: str, now: datetime) -> LostCode:
    """Have a code sent to this number, if it opens anything; the same row for any number."""
    return LostCode.objects.create(number_index=number_index, expires_at=now + LASTS)


def proves(key: UUID, typed: str, now: datetime) -> str:
    """The blind index of the number whose code was typed; "" for a wrong, old or used one. Each call is a try."""
    open_ = LostCode.objects.filter(pk=key, used_at__isnull=True, expires_at__gt=now, tries__lt=TRIES)
    counted = open_.update(tries=F("tries") + 1)  # before it is looked at: a hundred at once are five
    right = hmac.compare_digest(code_of(key).encode(), typed.encode())
    if not counted or not right:
        return ""
    used = LostCode.objects.filter(pk=key, used_at__isnull=True).update(used_at=now)
    return LostCode.objects.values_list("number_index", flat=True).get(pk=key) if used else ""


def code_of(key: UUID) -> str:
    """Six digits of HMAC over the row's key; nothing is stored."""
    digest = hmac.new(keys.read(settings.KEYS, "query_code"), b"lost code\0" + key.bytes, hashlib.sha256).digest()
    return f"{int.from_bytes(digest[:8], 'big') % 1_000_000:06d}"


def send_due(now: datetime, batch: int = BATCH) -> int:
    """Send the codes that were asked for to numbers that open something; how many left."""
    waiting = LostCode.objects.filter(looked_at__isnull=True)
    if not waiting.exists():  # an idle worker reads one row
        return 0
    rows = list(waiting.order_by("pk")[:batch])
    gateway = Gateway.objects.filter(way=Way.SMS, active=True).first()
    sender = opened(gateway) if gateway is not None and possible() else None
    sent, until = 0, time.monotonic() + AT_MOST
    for row in rows:
        if time.monotonic() > until:
            break
        mine = LostCode.objects.filter(pk=row.pk, looked_at__isnull=True).update(looked_at=now)
        to = _number(row, now) if mine and sender is not None and row.expires_at > now else ""
        if not to or limits.reached(now) or sender is None:
            continue
        if sender.send(to, _written(row)).came is Came.OUT:
            LostCode.objects.filter(pk=row.pk).update(sent_at=now)
            sent += 1
    if sender is not None:
        sender.close()
    return sent


def forget(now: datetime) -> int:
    """Delete what expired a day ago; how many."""
    return LostCode.objects.filter(expires_at__lt=now - KEPT).delete()[0]


def _number(row: LostCode, now: datetime) -> str:
    """The number itself, from whoever gave it; "" where it opens nothing or takes no message."""
    if not opened_by_number(row.number_index, now):
        return ""
    found = ContactPoint.objects.filter(index=row.number_index, kind=ContactKind.PHONE, valid=True)
    contact = found.select_related("person").first()
    number = str(contact.value) if contact is not None else ""
    return number if phones.takes_messages(number) else ""


def _written(row: LostCode) -> Outgoing:
    language, code = settings.LANGUAGE_CODE, code_of(row.pk)
    text = wording.signed(language, institution(), wording.of_lost_code(language, code))
    return Outgoing(key=str(row.pk), kind=KIND, number="", link="", text=text, code=code)
