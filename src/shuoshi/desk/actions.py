"""What the desk itself writes down: that a notice was read. Every other change is a verb of a lower floor."""

from __future__ import annotations

from uuid import UUID

from shuoshi.kernel import clock, outbox
from shuoshi.kernel.actors import Actor


def tick_off(notice_id: UUID, *, actor: Actor) -> bool:
    """Tick a notice of the desk off as read; False when somebody did before."""
    if not outbox.waiting_for(actor).filter(pk=notice_id).exists():
        return False
    return outbox.settle(notice_id, by=actor.person_id, at=clock.now())
