"""The server and, beside it, the worker as a child process; both stop together."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from types import FrameType

_THREADS = 8
_IDLE = 30  # seconds a connection may stay silent
_PATIENCE = 10  # seconds the worker has to finish what it is doing


def serve(host: str, port: int, *, proxy: str, body_limit: int, ready: Callable[[], None]) -> None:
    """Serve until Ctrl-C or SIGTERM. Raises OSError when the port is taken."""
    from waitress.server import create_server

    from shuoshi.config.wsgi import application

    trust = {"trusted_proxy": proxy, "trusted_proxy_headers": "x-forwarded-for x-forwarded-proto"} if proxy else {}
    server = create_server(
        application,
        host=host,
        port=port,
        threads=_THREADS,
        channel_timeout=_IDLE,
        max_request_body_size=3 * body_limit,  # up to here Django refuses with a page, beyond it the connection ends
        clear_untrusted_proxy_headers=True,
        ident="",
        **trust,
    )
    worker = WorkerProcess()
    signal.signal(signal.SIGTERM, _leave)
    worker.start()
    try:
        ready()
        server.run()
    finally:
        server.close()
        worker.stop()


class WorkerProcess:
    """The worker of this home. It is started again when it dies, and ends by itself when we do."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._child: subprocess.Popen[bytes] | None = None
        self._watch = threading.Thread(target=self._keep_alive, name="worker", daemon=True)

    def start(self) -> None:
        self._watch.start()

    def stop(self) -> None:
        self._stopping.set()
        child = self._child
        if child is not None and child.poll() is None:
            if child.stdin:
                child.stdin.close()  # the worker reads from us: the end of the line tells it to finish
            try:
                child.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                child.kill()
        self._watch.join(timeout=2)

    def _keep_alive(self) -> None:
        while not self._stopping.is_set():
            command = [sys.executable, "-m", "shuoshi", "worker", "--attached"]
            # A session of its own: Ctrl-C is for us to pass on.
            self._child = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)
            self._child.wait()
            self._stopping.wait(2)


def _leave(signum: int, frame: FrameType | None) -> None:
    raise SystemExit(0)
