"""Answers for a watchdog: /healthz says that the process lives, /readyz that it can do its work."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

from shuoshi.kernel import clock, keys, steady
from shuoshi.kernel.web import page, public


@page(access=public)
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@page(access=public)
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when everything is well, 503 otherwise; the answer names what is not, and nothing more."""
    found = {name: check() for name, check in CHECKS.items()}
    return JsonResponse(
        {name: "ok" if well else "failing" for name, well in found.items()}, status=200 if all(found.values()) else 503
    )


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _migrations() -> bool:
    """Walks the migration files once per process; after that the answer is a matter of one statement."""
    try:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return False


def _keys() -> bool:
    try:
        return all(keys.read(settings.KEYS, name) for name in keys.NAMES)
    except SystemExit:
        return False


def _worker() -> bool:
    try:
        beat = steady.last_beat()
    except DatabaseError:
        return False
    return beat is not None and clock.now() - beat < steady.BEAT_LATE


CHECKS: dict[str, Callable[[], bool]] = {
    "database": _database,
    "migrations": _migrations,
    "keys": _keys,
    "worker": _worker,
}
