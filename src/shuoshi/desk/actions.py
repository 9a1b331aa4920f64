"""What the desk itself writes down: that a notice was read. Every other change is a verb of a lower floor."""

from __future__ import annotations

from uuid import UUID

from shuoshi.kernel import clock, outbox
from shuoshi.kernel.actors import Actor


def tick_off(notice_id: UUID, *, actor: Actor) -> bool:
    """Tick a notice of the desk off as read, by whatever name or post it came; False when somebody did before."""
    now = clock.now()
    done = [outbox.settle(pk, by=actor.person_id, at=now) for pk in outbox.same_for(actor, notice_id)]
    return any(done)
