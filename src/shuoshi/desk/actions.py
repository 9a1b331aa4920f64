"""What the desk itself writes down: that a receipt was printed. Every other change is a verb of a lower floor."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from shuoshi.kernel import clock, outbox
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.events import Story, Stream
from shuoshi.matters.models import Matter


def note_slip_printed(matter: Matter, reason: str, *, actor: Actor) -> None:
    """Leave an event before the query code is rendered for paper: who printed it and why (first print, spoilt sheet)."""
    now = clock.now()
    with transaction.atomic():
        story = Story(Stream("matter", str(matter.pk)), "print_receipt", by=actor, at=now, clause="4.1.1")
        story.fact(reason=reason)
        story.tell()


def tick_off(notice_id: UUID, *, actor: Actor) -> bool:
    """Tick a notice of the desk off as read; False when somebody did before."""
    if not outbox.waiting_for(actor).filter(pk=notice_id).exists():
        return False
    return outbox.settle(notice_id, by=actor.person_id, at=clock.now())
