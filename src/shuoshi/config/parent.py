"""How a child of ours notices that whoever started it has ended: the standard input that the parent holds is closed."""

from __future__ import annotations

import os
import sys


def wait() -> None:
    """Return when the parent closed our standard input, or ended.

    Unbuffered: a thread that waits here must hold no lock which the end of the interpreter wants.
    """
    while os.read(sys.stdin.fileno(), 4096):
        pass
