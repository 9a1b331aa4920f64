"""An installation of the bench: a home, a database, servers as processes of their own. Thrown away afterwards."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 600  # seconds for a server to answer
_KEPT = frozenset({"PATH", "HOME", "LANG", "PYTHONPATH", "PG_BIN"})


@dataclass(frozen=True)
class Server:
    """A process that answers at a port; `ready` is how long it took to, in seconds."""

    pid: int
    port: int
    ready: float


@dataclass(frozen=True)
class Installation:
    """Where it lies. `database` is "" for SQLite."""

    home: Path
    database: str

    def run(self, module: str, *words: str) -> str:
        """One command to its end; what it printed. Raises RuntimeError with what it said when it fails."""
        command = [sys.executable, "-m", module, *words]
        done = subprocess.run(command, cwd=ROOT, env=self.environ(0), text=True, capture_output=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{' '.join(words)}: {done.stdout}{done.stderr}")
        return done.stdout

    def ask(self, *words: str) -> dict[str, Any]:
        """What bench.inside answers."""
        answer: dict[str, Any] = json.loads(self.run("bench.inside", *words))
        return answer

    def environ(self, port: int, **more: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name in _KEPT}
        return {**kept, "SHUOSHI_HOME": str(self.home), "DATABASE_URL": self.database, "PORT": str(port), **more}

    @contextmanager
    def serving(self, module: str, *words: str, **more: str) -> Iterator[Server]:
        """A server from its start until the block ends; `words` may name the port as {port}."""
        port = _free_port()
        command = [sys.executable, "-m", module, *(word.format(port=port) for word in words)]
        log = (self.home.parent / f"{self.home.name}.log").open("ab")
        began = time.perf_counter()
        process = subprocess.Popen(command, cwd=ROOT, env=self.environ(port, **more), stdout=log, stderr=log)
        try:
            while not _answers(port):
                if process.poll() is not None or time.perf_counter() - began > PATIENCE:
                    raise RuntimeError(f"{' '.join(command)} does not answer; see {log.name}")
                time.sleep(0.01)
            yield Server(process.pid, port, time.perf_counter() - began)
        finally:
            process.terminate()
            process.wait(PATIENCE)
            log.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
