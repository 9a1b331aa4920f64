"""Why an action was not done, as exceptions that carry what a page has to say. Turning them into pages is web's."""

from __future__ import annotations

from datetime import datetime

from django.utils.functional import Promise


class NotDone(Exception):
    """An action that changed nothing. `code` is stable, for tests and programs; `text` is said to the person."""

    code: str
    text: str

    def __init__(self, code: str, text: str) -> None:
        super().__init__(code, text)
        self.code = code
        self.text = text

    def __str__(self) -> str:
        return f"{self.code}: {self.text}"


class Refused(NotDone):
    """The rules forbid it. `who_could` names the people or the post that may do it, when there are any."""

    def __init__(self, code: str, text: str, who_could: str | Promise = "") -> None:
        super().__init__(code, text)
        self.who_could = who_could


class Stale(NotDone):
    """Somebody else acted first: `what_happened` (签收了这件事), `by` whom, and when; all three empty where the person
    who asks may not know of it.

    `state` and `due_at` are how things stand now; `turn` is what a form must carry from here on; `refused` says why the
    step cannot be taken any more, "" while it can.
    """

    def __init__(
        self,
        what_happened: str,
        by: str,
        at: datetime | None,
        *,
        state: str = "",
        due_at: datetime | None = None,
        turn: int | None = None,
        refused: str = "",
    ) -> None:
        super().__init__("stale", what_happened)
        self.what_happened = what_happened
        self.by = by
        self.at = at
        self.state = state
        self.due_at = due_at
        self.turn = turn
        self.refused = refused


class KeyReused(NotDone):
    """The idempotency key was used before for other content; nothing was done this time."""

    def __init__(self, scope: str, key: str) -> None:
        super().__init__("key_reused", f"{scope} {key}")
        self.scope = scope
        self.key = key
