"""Whether the clock on the wall can be believed: it must not jump against the one nobody can set (security.md 2.11)."""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta

TOLERANCE = timedelta(minutes=2)  # more than any time service corrects in one step, less than any limit here
_log = logging.getLogger(__name__)


class Watch:
    """Compares how far both clocks went between two looks. After a jump it waits until the wall clock is back.

    A jump that was a correction is believed by a restart of the worker: nobody can tell the two apart from here.
    """

    def __init__(self) -> None:
        self._at: datetime | None = None
        self._ticks = 0.0
        self._steady = True

    def steady(self, at: datetime, ticks: float | None = None) -> bool:
        """Whether what is due by `at` may be looked at. `ticks`: seconds of the clock nobody can set, now by default."""
        ticks = _ticks() if ticks is None else ticks
        jump = timedelta() if self._at is None else (at - self._at) - timedelta(seconds=ticks - self._ticks)
        steady = abs(jump) <= TOLERANCE
        if self._steady and not steady:
            _log.error("the clock jumped by %s: no limit is looked at until it is back", jump)
        self._steady = steady
        if steady:
            self._at, self._ticks = at, ticks
        return steady


def _ticks() -> float:
    """Seconds since the machine started, sleep included where the system counts it."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot is None else time.clock_gettime(boot)
