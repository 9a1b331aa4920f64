"""How a child of ours notices that whoever started it has ended."""

from __future__ import annotations

import multiprocessing
import os
import sys


def wait() -> None:
    """Return when the parent ended, or closed the standard input of a program it started.

    Unbuffered: a thread that waits here must hold no lock which the end of the interpreter wants.
    """
    forked_by = multiprocessing.parent_process()
    if forked_by is not None:
        forked_by.join()
        return
    while os.read(sys.stdin.fileno(), 4096):
        pass
