"""One web server of the bench, product or yardstick, as a process whose time can be read: python -m bench.server NAME PORT.

The same server and as many threads as `shuoshi run` uses. Each answer says how many statements of SQL it took.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable
from types import FrameType
from typing import Any

SETTINGS = {"product": "shuoshi.config.settings", "bare": "bench.bare.settings"}

_counted = threading.local()


def main(name: str, port: int) -> None:
    """Serve on loopback until SIGTERM."""
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS[name]
    from shuoshi.config import prepare

    prepare.open_home()
    from django.core.wsgi import get_wsgi_application
    from django.db.backends.signals import connection_created
    from waitress.server import create_server

    from shuoshi.config.serve import THREADS

    connection_created.connect(_watch)
    server = create_server(Counting(get_wsgi_application()), host="127.0.0.1", port=port, threads=THREADS)

    def leave(signum: int, frame: FrameType | None) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, leave)
    server.run()


class Counting:
    """A WSGI application that adds the number of statements as a header."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self._application = application

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        _counted.statements = 0

        def started(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            return start_response(status, [*headers, ("X-Statements", str(_counted.statements))], *rest)

        return self._application(environ, started)


def _watch(sender: object, connection: Any, **_kwargs: object) -> None:
    if _count not in connection.execute_wrappers:
        connection.execute_wrappers.append(_count)


def _count(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    if not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
        _counted.statements = getattr(_counted, "statements", 0) + 1
    return execute(sql, params, many, context)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
