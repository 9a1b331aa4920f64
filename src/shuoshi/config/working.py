"""The worker process: the kernel's loop, copies of a real home by night, and an end when the server ends."""

from __future__ import annotations

import signal
import threading
from datetime import timedelta
from types import FrameType

from shuoshi.config import parent
from shuoshi.kernel import tasks


def work(kind: str | None, *, attached: bool) -> None:
    """Run until a signal, or until standard input ends when `attached` to a server. A demo has nothing to lose."""
    from shuoshi.kernel.copies import nightly

    if kind == "real":
        tasks.every(timedelta(minutes=1), nightly.look)
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
