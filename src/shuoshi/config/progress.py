"""How a long command says how far it is: one line that is redrawn on a terminal, a line every few seconds elsewhere."""

from __future__ import annotations

import sys
import time

_EVERY = 5.0  # seconds between lines where nothing can be redrawn


class Progress:
    """Call it as often as you like: `progress("events", 1200)` or `progress("matters", 30, 300)`."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._said_at = 0.0
        self._width = 0

    def __call__(self, what: str, done: int, total: int | None = None) -> None:
        now = time.monotonic()
        last = total is not None and done >= total
        if not last and now - self._said_at < (0.1 if self._terminal else _EVERY):
            return
        self._said_at = now
        share = f" {done * 100 // total:3d} %  {done}/{total}" if total else f" {done}"
        line = f"  {what}{share}"
        if self._terminal:
            sys.stderr.write("\r" + line.ljust(self._width))
            self._width = len(line)
        else:
            sys.stderr.write(line + "\n")
        sys.stderr.flush()

    def end(self) -> None:
        """Leave the line, so that what follows starts on its own."""
        if self._terminal and self._width:
            sys.stderr.write("\n")
        self._width = 0
