"""Text messages of the demo, as lines of a file: nobody is told anything, and no number stands there whole."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from django.conf import settings

from shuoshi.kernel import clock
from shuoshi.notices.ways.base import Answer, Came, Outgoing
from shuoshi.people.masks import masked_phone

NAME = "outgoing-sms.txt"


class ToFile:
    def send(self, to: str, out: Outgoing) -> Answer:
        line = f"{clock.local(clock.now()):%Y-%m-%d %H:%M} {masked_phone(to)} {out.text}\n"
        opened = os.open(Path(settings.HOME) / NAME, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(opened, "a", encoding="utf-8") as file:
            file.write(line)
        return Answer(Came.OUT, "file")

    def report(self, to: str, ticket: str, sent_at: datetime) -> bool | None:
        return None

    def close(self) -> None:
        """Nothing stays open."""
