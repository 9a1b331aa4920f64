"""Makes a home ready to serve: directory, keys, catalogues, database, static files. A second start finds it done."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

import click

from shuoshi.config import catalogues, environment, guard, lean, memory
from shuoshi.kernel import keys

_PACKAGE = Path(__file__).resolve().parent.parent
_WATCHED = ("*/migrations/*.py", "*/static/**/*", "locale/*/LC_MESSAGES/*.po")

Say = Callable[[str], None]


def open_home(*, make: bool = False) -> Path:
    """Find the home and its keys, or `make` them, then set Django up. Raises guard.NotStarted or KeyProblem with a remedy."""
    memory.spare()
    lean.without_admin()
    os.umask(0o077)
    home = environment.read().home
    guard.check_owner(home)
    guard.check_home(home)
    guard.check_whole(home)
    if not make:
        guard.check_there(home)
    fresh = guard.kind_of(home) is None
    _make_folders(home)
    made = keys.create_missing(home / "keys") if fresh and not (home / "keys").exists() else []
    if (home / "keys").is_dir():
        keys.add_later(home / "keys", home / "keys-made")
    for name in keys.NAMES:
        keys.read(home / "keys", name)  # fails closed: a key missed later would be missed by a resident
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shuoshi.config.settings")

    import django

    django.setup()
    if made and database_is_used():
        shutil.rmtree(home / "keys")
        raise guard.NotStarted(
            f"The database already holds an installation, but {home} has no keys: nothing in it could be read. "
            "Bring the keys and the file `kind` back from the backup of the home."
        )
    return home


def _make_folders(home: Path) -> None:
    """Raises guard.NotStarted where the place is not ours to write to, as in /srv without sudo."""
    for folder in (home, home / "files", home / "tmp"):
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as problem:
            raise guard.NotStarted(
                f"{folder} cannot be made: {problem.strerror}. Choose a folder of your own, for example "
                f"SHUOSHI_HOME=~/shuoshi, or have this one made for you: sudo install -d -m 700 -o $USER {home}"
            ) from problem


def bring_up_to_date(home: Path, say: Say, *, copy_first: bool = True) -> None:
    """Catalogues, database and static files, unless the stamp says that nothing changed since the last start.

    A real home is copied before its database changes; raises guard.NotStarted, and changes nothing, where that fails.
    """
    stamp, now = home / "prepared", _fingerprint()
    if stamp.exists() and stamp.read_text("ascii") == now and not catalogues.stale():
        return
    if catalogues.compile_stale():
        say("Message catalogues built.")
    _upgrade(home, copy_first=copy_first)
    say("Database up to date.")
    collect_static()
    say("Static files collected.")
    stamp.write_text(now, "ascii")


def migrate() -> None:
    """Bring the database up to this version. Statements may take as long as they need; a newer database is refused."""
    from django.core.management import call_command

    with _unhurried():
        guard.check_schema()
        call_command("migrate", verbosity=0, interactive=False)


def _upgrade(home: Path, *, copy_first: bool) -> None:
    """Migrate; a real home that an earlier version wrote is copied before."""
    from shuoshi.config import copying  # which prepares a home itself, by us
    from shuoshi.kernel.copies import schema

    with _unhurried():
        guard.check_schema()
        copied = None
        if copy_first and guard.kind_of(home) == "real" and database_is_used() and not schema.is_current():
            try:
                copied = copying.before_upgrade(home)
            except Exception as problem:
                why = problem.message if isinstance(problem, click.ClickException) else repr(problem)
                raise guard.NotStarted(
                    f"{why}\nWithout a copy the database is not brought up to this version; it is as it was. "
                    "Mend that and start again. To go on without a copy: shuoshi migrate --without-copy"
                ) from problem
        migrate()
        if copied is not None:
            copied.save(force_insert=True)


@contextmanager
def _unhurried() -> Iterator[None]:
    """Let statements take as long as they need; afterwards, when a server goes on in this process, the limits hold."""
    from django.db import connection

    options = connection.settings_dict["OPTIONS"]
    kept = options.get("options")
    lift_limits()
    if kept is None:
        yield
        return
    disconnect()
    try:
        yield
    finally:
        options["options"] = kept
        disconnect()


def disconnect() -> None:
    """Close the connection and, on PostgreSQL, the pool with its threads; whoever asks next opens another."""
    from django.db import connection

    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()  # type: ignore[attr-defined]  # of this backend


def lift_limits() -> None:
    """Let statements of this process take as long as they need. Before its first connection."""
    from django.db import connection

    if connection.vendor == "postgresql":
        connection.settings_dict["OPTIONS"].pop("options", None)


def collect_static() -> None:
    from django.core.management import call_command

    call_command("collectstatic", verbosity=0, interactive=False, clear=True)


def database_is_used() -> bool:
    from django.db import connection

    return "django_migrations" in connection.introspection.table_names()


def _fingerprint() -> str:
    """Version, database and the state of every file the preparation reads; some hundred stat calls."""
    digest = hashlib.sha256()
    digest.update(version("shuoshi").encode())
    digest.update(environment.read()["DATABASE_URL"].encode())
    for pattern in _WATCHED:
        for path in sorted(_PACKAGE.glob(pattern)):
            state = path.stat()
            digest.update(f"{path.relative_to(_PACKAGE)} {state.st_size} {state.st_mtime_ns}\n".encode())
    return digest.hexdigest()
