"""The server and, beside it, the worker and further web processes; all stop together."""

from __future__ import annotations

import _thread
import signal
import socket
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from shuoshi.config import parent
from shuoshi.config.children import Child, fork

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication
    from waitress.server import BaseWSGIServer

THREADS = 8
_IDLE = 30  # seconds a connection may stay silent


def serve(
    host: str, port: int, *, proxy: str, body_limit: int, certificate: Path | None,
    ready: Callable[[], None], worker: Callable[[], None], processes: int = 1,
) -> None:  # fmt: skip
    """Serve until Ctrl-C or SIGTERM, in so many processes of which this is one. Raises OSError when the port is taken.

    `worker` does what the worker does, for when it is forked. With a certificate of our own https and plain http come by
    the same port.
    """
    door = socket.create_server((host, port))
    web = partial(serve_beside, door.fileno(), proxy=proxy, body_limit=body_limit, certificate=certificate)
    children = [Child(["worker", "--attached"], partial(_without, door, worker))]
    children += [Child(["web", "--socket", str(door.fileno())], web, door) for _each in range(processes - 1)]
    signal.signal(signal.SIGTERM, _leave)
    fork(children)
    server = None
    try:
        server = _server(door, proxy, body_limit, certificate)
        for child in children:
            child.watch()
        ready()
        server.run()
    finally:
        if server is not None:
            server.close()
        for child in children:
            child.stop()


def serve_beside(handle: int, *, proxy: str, body_limit: int, certificate: Path | None) -> None:
    """Serve at the socket of the process that started this one, until that one ends."""
    server = _server(socket.socket(fileno=handle), proxy, body_limit, certificate)
    signal.signal(signal.SIGTERM, _leave)
    threading.Thread(target=_until_parent_ends, daemon=True).start()
    server.run()


def _without(door: socket.socket, work: Callable[[], None]) -> None:
    door.close()  # only a web process keeps the port
    work()


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
    parent.wait()
    _thread.interrupt_main(signal.SIGTERM)


def _leave(signum: int, frame: FrameType | None) -> None:
    raise SystemExit(0)
