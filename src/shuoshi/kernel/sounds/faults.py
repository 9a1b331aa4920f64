"""What a reader of recordings says of a file it cannot read."""

from __future__ import annotations

STEPS = 60_000  # parts that a file of the largest size may have: what is cut smaller was made to waste time


class Broken(Exception):
    """It begins like a recording and is none."""


class NotHeard(Exception):
    """A file of this kind, with something else than sound in it, or in a code that is not taken."""
