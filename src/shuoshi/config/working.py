"""The worker process: the kernel's loop, copies of a real home by night, and an end when the server ends."""

from __future__ import annotations

import signal
import threading
from datetime import datetime, timedelta
from pathlib import Path
from types import FrameType

from shuoshi.config import guard, parent, tls_cli
from shuoshi.kernel import tasks


def work(home: Path, *, attached: bool) -> None:
    """Run until a signal, or until standard input ends when `attached` to a server."""

    def look_at_copies(now: datetime) -> None:
        """A demo has nothing to lose; a home becomes real while its worker runs, on the first page."""
        from shuoshi.kernel.copies import nightly

        if guard.kind_of(home) == "real":
            nightly.look(now)

    def look_at_certificate(now: datetime) -> None:
        tls_cli.renew()

    tasks.every(timedelta(minutes=1), look_at_copies)
    tasks.every(timedelta(hours=6), look_at_certificate)
    stop = threading.Event()

    def leave(signum: int, frame: FrameType | None) -> None:
        stop.set()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, leave)
    if attached:
        threading.Thread(target=_until_parent_ends, args=(stop,), daemon=True).start()
    tasks.run_worker(stop)


def _until_parent_ends(stop: threading.Event) -> None:
    parent.wait()
    stop.set()
