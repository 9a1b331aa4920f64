"""The demo in its own home: built once, thrown away on request, and never mixed with a real institution."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from shuoshi.config import guard

Tell = Callable[..., None]  # what, done, total

_WRITERS = 4  # processes that fill a database side by side
_WORTH_IT = 2000  # matters from which on several processes are faster than one


def complete(home: Path) -> bool:
    """Whether the demo was built to its end; a start that was interrupted begins again."""
    return (home / "demo-complete").exists()


def build(home: Path, progress: Tell) -> None:
    """Fill the home with the demo institution, from an empty database."""
    from shuoshi.demo.build import build as build_demo
    from shuoshi.organization.models import Institution

    if Institution.objects.exists():
        wipe(home)
        from shuoshi.config import prepare

        prepare.migrate()
        prepare.collect_static()
    build_demo(progress)
    (home / "demo-complete").touch()


def fill(home: Path, matters: int, days: int | None, seed: int, progress: Tell) -> int:
    """Add so many invented matters; how many were written. Broken off half-way, the demo is built anew at its next start.

    Raises NotStarted in a real home.
    """
    from shuoshi.demo.generating.filling import generate

    if guard.kind_of(home) != "demo":
        raise guard.NotStarted(f"{home} holds a real institution; it is not filled with invented matters.")
    (home / "demo-complete").unlink(missing_ok=True)
    processes = min(os.cpu_count() or 1, _WRITERS) if matters >= _WORTH_IT else 1
    done = generate(matters, days=days, seed=seed, processes=processes, progress=progress)
    (home / "demo-complete").touch()
    return done


def wipe(home: Path) -> None:
    """Empty a demo's database and files; its keys stay. Raises NotStarted in a real home."""
    from django.db import connection

    if guard.kind_of(home) == "real":
        raise guard.NotStarted(f"{home} holds a real institution; it is not emptied.")
    (home / "demo-complete").unlink(missing_ok=True)
    (home / "prepared").unlink(missing_ok=True)
    (home / "generated-from.json").unlink(missing_ok=True)
    if connection.vendor == "sqlite":
        connection.close()
        for file in home.glob("shuoshi.sqlite3*"):
            file.unlink()
    else:
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    for folder in ("files", "tmp", "static"):
        shutil.rmtree(home / folder, ignore_errors=True)
    for folder in ("files", "tmp"):
        (home / folder).mkdir(mode=0o700)


def check(home: Path) -> None:
    """A demo's people in a real home, or a real institution in a demo's home, stop the start."""
    from shuoshi.demo import accounts
    from shuoshi.organization.models import Institution

    kind = guard.kind_of(home)
    institution = Institution.objects.first()
    if kind == "demo" and institution is not None and not institution.demo:
        raise guard.NotStarted(
            f"{home} was made for a demo, but its institution is real. A demo never turns real: "
            "move the real database and its keys to a home made by `shuoshi init`."
        )
    if kind == "real" and ((institution is not None and institution.demo) or accounts.present()):
        raise guard.NotStarted(
            f"{home} is a real home, but demo accounts are in its database: anybody could know their passwords. "
            "Disable and remove them, or set SHUOSHI_HOME to the demo's own home."
        )
