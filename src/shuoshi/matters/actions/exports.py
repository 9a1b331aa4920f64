"""That a list left the house: who took it, for what, which and how long. What is on it, papers.ledger says."""

from __future__ import annotations

from django.db import transaction
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.events import Event, Story, Stream
from shuoshi.kernel.ids import new_id


class Purpose(TextChoices):
    REPORT = "report", _("向上级报送")
    MEETING = "meeting", _("开会研究")
    ARCHIVE = "archive", _("归档")
    CHECK = "check", _("核对工作")


def note_export(
    listed: str, filters: dict[str, str], count: int, kind: str, purpose: Purpose, *, actor: Actor
) -> Event:
    """Each export is a stream of its own: nobody waits for another's."""
    with transaction.atomic():
        story = Story(Stream("export", str(new_id())), "export_ledger", by=actor, at=clock.now())
        story.fact(list=listed, filters=filters, rows=count, kind=kind, purpose=str(purpose))
        return story.tell()
