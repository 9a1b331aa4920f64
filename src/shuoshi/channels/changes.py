"""How the settings of a way in are changed: only what differs is written, with its event."""

from __future__ import annotations

from django.db import models

from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.events import Story, Stream
from shuoshi.organization.actions.changes import write_changed


def change(kind: str, row: models.Model, deed: str, actor: Actor, **columns: object) -> None:
    """Set these columns inside the caller's transaction; nothing is told where nothing differs."""
    story = Story(Stream.of(kind, row), deed, by=actor, at=clock.now())
    if write_changed(story, row, columns):
        story.tell()
