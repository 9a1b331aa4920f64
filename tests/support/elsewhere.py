"""An installation of its own: the product's own settings, server and worker as processes that a test may kill.

Run as a module it is what happens inside: `build` makes the town of the tests, `count` tells what the database holds,
`raise` registers so many matters, each with a file of so many bytes, `close` ends all there are, `destroy` destroys one as
after the years, and tells the place of the copies.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PATIENCE = 120  # seconds for a start on a busy machine


class Installation:
    """A home below `folder`, on SQLite or in a new database of the run's PostgreSQL (or at `database`), and its server.

    With built=False nothing is there yet: a copy may be brought back into it.
    """

    def __init__(self, folder: Path, *, database: str | None = None, built: bool = True) -> None:
        kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "PYTHONPATH"}}
        self.port = free_port()
        self.home = folder / "home"
        folder.mkdir(exist_ok=True)
        self._log = folder / "server.log"
        self.environ = {**kept, "SHUOSHI_HOME": str(self.home), "PORT": str(self.port)}
        self.environ["DATABASE_URL"] = _new_database() if database is None else database
        self._server: subprocess.Popen[bytes] | None = None
        if built:
            self.run("shuoshi", "init")
            self.run("tests.support.elsewhere", "build")

    def run(self, module: str, *words: str) -> str:
        """One command to its end; its output. Fails with what it said."""
        done = self.attempt(module, *words)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def take_back(self) -> None:
        """Make its tables those of an earlier release, with the matters in it. Step by step: the migration that replaces
        the first of them would be taken back as a whole, and all matters with it."""
        for app, migration in (("matters", "0014"), ("kernel", "0005")):
            self.run("django", "migrate", app, migration, "--settings=shuoshi.config.settings")

    def attempt(self, module: str, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        """One command to its end, whatever becomes of it; `typed` on its standard input."""
        return subprocess.run(
            [sys.executable, "-m", module, *words],
            cwd=ROOT, env=self.environ, input=typed, capture_output=True, text=True, check=False, timeout=PATIENCE,
        )  # fmt: skip

    def begin(self, module: str, *words: str) -> subprocess.Popen[bytes]:
        """One command, and do not wait."""
        command = [sys.executable, "-m", module, *words]
        return subprocess.Popen(
            command, cwd=ROOT, env=self.environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def start(self) -> None:
        """Serve, and come back when it answers."""
        with self._log.open("ab") as log:
            command = [sys.executable, "-m", "shuoshi", "run"]
            self._server = subprocess.Popen(command, cwd=ROOT, env=self.environ, stdout=log, stderr=log)
        until = time.monotonic() + PATIENCE
        while not self._answers():
            assert self._server.poll() is None and time.monotonic() < until, self.log()
            time.sleep(0.05)

    def kill(self) -> None:
        """As when the power goes: no signal that could be caught."""
        assert self._server is not None
        self._server.send_signal(signal.SIGKILL)
        self._server.wait(PATIENCE)

    def stop(self) -> None:
        if self._server is not None and self._server.poll() is None:
            self._server.terminate()
            self._server.wait(PATIENCE)

    @property
    def pid(self) -> int:
        """Of the server, while it runs."""
        assert self._server is not None
        return self._server.pid

    def log(self) -> str:
        return self._log.read_text("utf-8", errors="replace")

    def count(self) -> dict[str, Any]:
        """What is there: `matters` by number with how often each was registered and told, `people`, and `files` that
        open whole, of so many `attached`."""
        counted: dict[str, Any] = json.loads(self.run("tests.support.elsewhere", "count"))
        return counted

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _new_database() -> str:
    """The address of an empty database beside that of the tests; "" on SQLite."""
    address = os.environ["DATABASE_URL"]
    if not address:
        return ""
    from django.db import connection

    name = f"elsewhere_{secrets.token_hex(4)}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    return f"{address.rpartition('/')[0]}/{name}"


def _counted() -> dict[str, Any]:
    from shuoshi.kernel import files
    from shuoshi.kernel.events import Event
    from shuoshi.kernel.outbox import Notice
    from shuoshi.matters.models import Attachment, Matter
    from shuoshi.people.models import Person

    matters = {
        matter.number: {
            "registered": Event.objects.filter(stream_id=str(matter.pk), action="register").count(),
            "told": Notice.objects.filter(about_id=matter.pk, kind="registered").count(),
            "content": str(matter.content),
        }
        for matter in Matter.objects.all()
    }
    attached = list(Attachment.objects.filter(matter__wrapped_key__isnull=False).select_related("matter"))
    whole = [
        row
        for row in attached
        if hashlib.sha256(files.read(row.stored, row.matter.data_key())).hexdigest() == row.sha256
    ]
    return {"matters": matters, "people": Person.objects.count(), "attached": len(attached), "files": len(whole)}


def _raise(count: int, size: int = 5000) -> None:
    from shuoshi.kernel.actors import Actor, ActorKind
    from shuoshi.matters import actions, terms
    from shuoshi.matters.intake import Intake, PersonSaid
    from shuoshi.matters.vocabulary import Channel, Naming

    for n in range(count):
        intake = Intake(
            channel=Channel.ONLINE,
            key=secrets.token_hex(16),
            content=f"第{n}户门前的路灯坏了",
            naming=Naming.NAMED,
            speaker=PersonSaid(name="张三", phone=f"1390000{n:04d}"),
            files=(terms.FileGiven("路灯.jpg", secrets.token_bytes(size), "image/jpeg"),),
        )
        actions.register(intake, actor=Actor(ActorKind.SPEAKER))


def _close() -> None:
    from shuoshi.matters import actions, terms
    from shuoshi.matters.models import Matter
    from shuoshi.organization import actors
    from shuoshi.organization.profile import current
    from shuoshi.organization.roles import Role
    from shuoshi.people.models import Account

    posts = Account.objects.filter(person__posts__role=Role.REGISTRAR)
    registrar = actors.of(posts.get())
    reason = current().screening_reasons[0].code
    for matter in Matter.objects.filter(status="REGISTERED"):
        actions.run(
            terms.ScreenOut.action, matter.pk, terms.ScreenOut(reason=reason, text="请向法院反映。"), actor=registrar
        )


def _destroy(number: str, folder: str) -> None:
    from django.conf import settings

    from shuoshi.archive import carrying_out
    from shuoshi.kernel.actors import SYSTEM
    from shuoshi.matters import destroying
    from shuoshi.matters.models import Matter

    settings.COPIES = folder
    destroying.destroy(Matter.objects.get(number=number).pk, actor=SYSTEM)
    carrying_out.clean_up.call()


def _inside(what: str, *words: str) -> None:
    from shuoshi.config import prepare

    prepare.open_home()
    if what == "build":
        from tests.support.village import build_town

        build_town()
    elif what == "raise":
        _raise(*map(int, words))
    elif what == "close":
        _close()
    elif what == "destroy":
        _destroy(*words)
    else:
        sys.stdout.write(json.dumps(_counted(), ensure_ascii=False))


if __name__ == "__main__":
    _inside(*sys.argv[1:])
