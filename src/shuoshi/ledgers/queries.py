"""Questions about exports: one's own, of the last month."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db.models import QuerySet

from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor
from shuoshi.ledgers.models import Export, ExportState

ORDER = ("-asked_at", "-id")
SHOWN = timedelta(days=30)


def mine(actor: Actor) -> QuerySet[Export]:
    """Nobody sees another's, administrators neither: what left the house stands in the history of events."""
    return Export.objects.filter(by_id=actor.person_id, asked_at__gt=clock.now() - SHOWN).order_by(*ORDER)


def one(key: UUID, actor: Actor) -> Export | None:
    return Export.objects.filter(pk=key, by_id=actor.person_id).first()


def before(export: Export) -> int:
    """How many are made before this one."""
    return Export.objects.filter(state=ExportState.ASKED, asked_at__lt=export.asked_at).count()
