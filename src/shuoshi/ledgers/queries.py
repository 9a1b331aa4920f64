"""Questions about exports, one's own of the last month, and about forms of those above."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor
from shuoshi.ledgers.models import Export, ExportState, ReportForm, ReportFormVersion

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


def forms() -> list[ReportForm]:
    """Those in use, by name."""
    return list(ReportForm.objects.filter(active=True).order_by("name", "pk"))


def newest() -> list[ReportFormVersion]:
    """The newest version of each in use, by name; one statement."""
    numbers = ReportFormVersion.objects.filter(form=OuterRef("form")).order_by("-number").values("number")
    rows = ReportFormVersion.objects.filter(form__active=True, number=Subquery(numbers[:1]))
    return list(rows.select_related("form").order_by("form__name", "pk"))


def versions(form: ReportForm) -> list[ReportFormVersion]:
    """The newest first."""
    return list(form.versions.select_related("by").order_by("-number")[:20])
