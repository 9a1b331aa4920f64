"""Reminders: a day and words for oneself beside a matter. They wait from that morning until they are ticked off."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from shuoshi.kernel import clock, idempotency
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.refusal import Refused
from shuoshi.matters.models import Matter
from shuoshi.matters.scope import visible_to
from shuoshi.workbench.models import Reminder

MOST = 200  # that wait at once
LONGEST = 500  # characters
_FARTHEST = timedelta(days=731)


def check_day(on: date) -> date:
    """Today, or a day within two years. Raises Refused."""
    today = clock.local(clock.now()).date()
    if not today <= on <= today + _FARTHEST:
        raise Refused("reminder_day", _("请选今天到两年以内的一天。"))
    return on


def remind(matter_id: UUID, on: date, words: str, *, actor: Actor, key: str) -> Reminder:
    """Think of it on a day. The same key again gets the first. Raises Refused, KeyReused, Matter.DoesNotExist."""
    now = clock.now()
    check_day(on)
    words = words.strip()
    if len(words) > LONGEST:
        raise Refused("reminder_length", _("最多 %(n)d 个字。") % {"n": LONGEST})
    told = hashlib.sha256(f"{actor.person_id} {matter_id} {on} {words}".encode()).hexdigest()
    with transaction.atomic():
        if not visible_to(actor).filter(pk=matter_id).exists():
            raise Matter.DoesNotExist
        with idempotency.once("reminder", key, told) as once:
            if not once.first:
                return Reminder.objects.get(pk=once.answer["reminder"])
            if Reminder.objects.filter(person=actor.person_id, done_at__isnull=True).count() >= MOST:
                raise Refused("too_many_reminders", _("最多留 %(n)d 条提醒，先勾掉几条。") % {"n": MOST})
            row = Reminder(person_id=actor.person_id, matter_id=matter_id, on=on, words=words, made_at=now)  # type: ignore[misc]  # staff are persons
            story = Story(Stream.of("reminder", row), "remind", by=actor, at=now, first=True)
            story.add(row)
            story.tell()
            once.keep({"reminder": str(row.pk)})
    return row


def tick_off(reminder_id: UUID, *, actor: Actor) -> Reminder:
    """It is done with; a second time does nothing. Raises Reminder.DoesNotExist for what is another's."""
    now = clock.now()
    with transaction.atomic():
        row = Reminder.objects.select_for_update().get(pk=reminder_id, person=actor.person_id)
        if row.done_at is None:
            story = Story(Stream.of("reminder", row), "tick_off_reminder", by=actor, at=now)
            story.change(row, done_at=now)
            story.tell()
    return row
