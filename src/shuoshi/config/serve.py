"""The server and, beside it, the worker and further web processes; all stop together.

The others are started as programs, never forked: they inherit the listening socket and nothing else.
"""

from __future__ import annotations

import _thread
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication
    from waitress.server import BaseWSGIServer

THREADS = 8
_IDLE = 30  # seconds a connection may stay silent
_PATIENCE = 10  # seconds a child has to finish what it is doing


def serve(
    host: str, port: int, *, proxy: str, body_limit: int, certificate: Path | None,
    ready: Callable[[], None], processes: int = 1,
) -> None:  # fmt: skip
    """Serve until Ctrl-C or SIGTERM, in so many processes of which this is one. Raises OSError when the port is taken.

    With a certificate of our own https and plain http come by the same port.
    """
    door = socket.create_server((host, port))
    server = _server(door, proxy, body_limit, certificate)
    children = [Child(["worker", "--attached"])]
    children += [Child(["web", "--socket", str(door.fileno())], door) for _each in range(processes - 1)]
    signal.signal(signal.SIGTERM, _leave)
    for child in children:
        child.start()
    try:
        ready()
        server.run()
    finally:
        server.close()
        for child in children:
            child.stop()


def serve_beside(handle: int, *, proxy: str, body_limit: int, certificate: Path | None) -> None:
    """Serve at the socket of the process that started this one, until standard input ends."""
    server = _server(socket.socket(fileno=handle), proxy, body_limit, certificate)
    signal.signal(signal.SIGTERM, _leave)
    threading.Thread(target=_until_parent_ends, daemon=True).start()
    server.run()


class Child:
    """One of our own commands as a process. It is started again when it dies, and ends by itself when we do."""

    def __init__(self, words: Sequence[str], door: socket.socket | None = None) -> None:
        self._command = [sys.executable, "-m", "shuoshi", *words]
        self._handles = [door.fileno()] if door else []
        self._stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._watch = threading.Thread(target=self._keep_alive, name=words[0], daemon=True)

    def start(self) -> None:
        self._watch.start()

    def stop(self) -> None:
        self._stopping.set()
        process = self._process
        if process is not None and process.poll() is None:
            if process.stdin:
                process.stdin.close()  # it reads from us: the end of the line tells it to finish
            try:
                process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
        self._watch.join(timeout=2)

    def _keep_alive(self) -> None:
        while not self._stopping.is_set():
            # A session of its own: Ctrl-C is for us to pass on.
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.PIPE, start_new_session=True, pass_fds=self._handles
            )
            self._process.wait()
            self._stopping.wait(2)


def _server(door: socket.socket, proxy: str, body_limit: int, certificate: Path | None) -> BaseWSGIServer:
    from waitress.server import create_server

    from shuoshi.config import wsgi

    application: WSGIApplication = wsgi.application
    if certificate is not None:
        from shuoshi.config.front import Front

        behind = socket.create_server(("127.0.0.1", 0))
        front = Front(door, behind.getsockname()[:2], certificate)
        application, door = front.told(application), behind
        front.start()
    trust = {"trusted_proxy": proxy, "trusted_proxy_headers": "x-forwarded-for x-forwarded-proto"} if proxy else {}
    return create_server(
        application,
        sockets=[door],
        threads=THREADS,
        channel_timeout=_IDLE,
        max_request_body_size=3 * body_limit,  # up to here Django refuses with a page, beyond it the connection ends
        clear_untrusted_proxy_headers=True,
        ident="",
        **trust,
    )


def _until_parent_ends() -> None:
    sys.stdin.buffer.read()
    _thread.interrupt_main(signal.SIGTERM)


def _leave(signum: int, frame: FrameType | None) -> None:
    raise SystemExit(0)
