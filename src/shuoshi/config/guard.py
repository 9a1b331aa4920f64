"""Reasons not to start: a home others can read, a newer database, demo people in a real home. Each says its remedy."""

from __future__ import annotations

import os
import shlex
import stat
from pathlib import Path
from typing import Literal

Kind = Literal["demo", "real", "new"]  # new: nobody has decided yet, see first_run


class NotStarted(SystemExit):
    """The start stops here; the text says why and what to do."""


def check_owner(home: Path) -> None:
    """We are the user whom the home belongs to, root included: what another leaves in it the server could not read.

    Raises NotStarted otherwise.
    """
    if os.name != "posix" or not home.exists():
        return
    import pwd  # not on Windows

    owner = home.stat().st_uid
    if owner == os.geteuid():
        return
    try:
        name = pwd.getpwuid(owner).pw_name
    except KeyError:
        name = f"#{owner}"
    raise NotStarted(
        f"{home} belongs to {name}, and only {name} works in it. Where it is installed as a service: sudo shuoshi …; "
        f"otherwise begin with: sudo -u {name} SHUOSHI_HOME={shlex.quote(str(home))}"
    )


def check_there(home: Path) -> None:
    """An installation is in the home. Raises NotStarted otherwise: most commands have nothing to do in a new one."""
    if kind_of(home) is None:
        raise NotStarted(
            f"There is no installation in {home}; nothing was made. Set SHUOSHI_HOME to the folder of yours. "
            "To begin a new one there: shuoshi run"
        )


def check_home(home: Path) -> None:
    """The home belongs to us alone. Raises NotStarted when others could read it."""
    if os.name != "posix" or not home.exists():
        return
    mode = stat.S_IMODE(home.stat().st_mode)
    if mode & 0o077:
        raise NotStarted(f"{home} has mode {mode:04o}: others could read residents' data. Run: chmod 700 {home}")


def check_whole(home: Path) -> None:
    """No restore into this home was broken off. Raises NotStarted otherwise: half of an institution must not serve."""
    if (home / "restoring").exists():
        raise NotStarted(
            f"A restore into {home} did not come to its end. Take another empty home, and an empty database, "
            "and run `shuoshi restore` again."
        )


def check_schema() -> None:
    """The database is not newer than this program. Raises NotStarted, naming the migrations we do not know."""
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(connection)
    ours = {label for label, _ in loader.disk_migrations}
    unknown = sorted(
        f"{label}.{name}"
        for label, name in loader.applied_migrations
        if label in ours and (label, name) not in loader.disk_migrations
    )
    if unknown:
        raise NotStarted(
            f"The database was written by a newer version (unknown: {', '.join(unknown)}). "
            "Install that version again, or bring back the backup made before the upgrade."
        )


def kind_of(home: Path) -> Kind | None:
    """What the home was made for; None while it is empty. A home without the note counts as real."""
    note = home / "kind"
    if note.exists():
        said = note.read_text("ascii").strip()
        return "demo" if said == "demo" else "new" if said == "new" else "real"
    return "real" if (home / "shuoshi.sqlite3").exists() else None


def note_kind(home: Path, kind: Kind) -> None:
    (home / "kind").write_text(f"{kind}\n", "ascii")
