"""One throw-away PostgreSQL cluster for a run of the tests: no network, no fsync, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

REMEDY = "PostgreSQL: its programs were not found. Remedy: apt-get install postgresql, or set PG_BIN to the folder of initdb."
_DURABLE = "-c max_connections=200 -c shared_buffers=256MB -c max_wal_size=2GB"
_SPEED = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"


def programs() -> Path | None:
    """The folder that holds initdb and pg_ctl, or None when this machine has none."""
    named = os.environ.get("PG_BIN")
    found = shutil.which("initdb")
    candidates = [
        *([Path(named)] if named else []),
        *sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True),
        *([Path(found).resolve().parent] if found else []),
    ]
    return next(
        (folder for folder in candidates if (folder / "initdb").exists() and (folder / "pg_ctl").exists()), None
    )


@contextmanager
def cluster(*, durable: bool = False) -> Iterator[str]:
    """Start a cluster on a socket of its own and yield its DATABASE_URL. Raises RuntimeError without programs.

    A durable one waits for the disk like any server that is not for tests.
    """
    with _cluster(_DURABLE if durable else _SPEED) as (address, _pid):
        yield address


@contextmanager
def durable_cluster() -> Iterator[tuple[str, int]]:
    """A durable one: DATABASE_URL, and the process of the server."""
    with _cluster(_DURABLE) as found:
        yield found


@contextmanager
def _cluster(settings: str) -> Iterator[tuple[str, int]]:
    folder = programs()
    if folder is None:
        raise RuntimeError(REMEDY)
    place = Path(tempfile.mkdtemp(prefix="shuoshi-pg-"))
    identity: dict[str, Any] = _someone_else(place) if os.geteuid() == 0 else {}
    data, log = place / "data", place / "log"

    def run(*command: str) -> None:
        done = subprocess.run(
            command, cwd=place, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **identity
        )
        if done.returncode:
            written = log.read_text(errors="replace") if log.exists() else ""
            raise RuntimeError(f"{' '.join(command)}\n{done.stdout}\n{written}")

    try:
        run(
            f"{folder}/initdb",
            "-D",
            str(data),
            "-A",
            "trust",
            "-U",
            "shuoshi",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        )
        options = f"-c listen_addresses='' -k {place} {settings}"
        run(f"{folder}/pg_ctl", "-D", str(data), "-l", str(log), "-w", "-o", options, "start")
        try:
            pid = int((data / "postmaster.pid").read_text("ascii").splitlines()[0])
            yield f"postgres://shuoshi@/{place}/postgres", pid
        finally:
            run(f"{folder}/pg_ctl", "-D", str(data), "-m", "immediate", "stop")
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _someone_else(place: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root: give the folder to postgres, or nobody, and run as that user."""
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    user = names.get("postgres") or names["nobody"]
    os.chown(place, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
