"""Several web processes at one door: each answers, by https as well, one that dies comes back, and all end together."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.config.test_start import shuoshi
from tests.support.tls import trusting

PATIENCE = 120

pytestmark = [
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="asks /proc who is whose child"),
    pytest.mark.once,
]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A real home on SQLite, its own certificate, two web processes: the first of them, and the port."""
    home = tmp_path / "home"
    assert shuoshi(home, "init").returncode == 0
    nameless = shuoshi(home, "tls")
    assert nameless.returncode == 1 and "SHUOSHI_HOSTS" in nameless.stderr and not (home / "tls").exists()
    told = shuoshi(home, "tls", SHUOSHI_HOSTS="127.0.0.1")
    assert told.returncode == 0 and "/certificate/" in told.stdout, told.stderr
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "PYTHONPATH"}}
    environ = {**kept, "SHUOSHI_HOME": str(home), "PORT": str(port), "SHUOSHI_PROCESSES": "2", "SHUOSHI_HTTPS": "1"}
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen([sys.executable, "-m", "shuoshi", "run"], env=environ, stdout=log, stderr=log)
    try:
        until(lambda: answers(port) and len(webs(server.pid)) == 1)
        yield server, port
    finally:
        server.send_signal(signal.SIGCONT)
        server.terminate()
        server.wait(PATIENCE)


def test_each_answers_one_that_dies_comes_back_and_all_end_together(
    served: tuple[subprocess.Popen[bytes], int],
    tmp_path: Path,
) -> None:
    server, port = served
    (other,) = webs(server.pid)
    assert answers(port, trusting(tmp_path / "home" / "tls" / "authority.crt"))
    assert sent_on(port) == f"https://127.0.0.1:{port}/desk/", "by plain http nobody signs in"

    server.send_signal(signal.SIGSTOP)
    until(lambda: answers(port))  # the other one is at the door
    until(lambda: answers(port, trusting(tmp_path / "home" / "tls" / "authority.crt")))
    server.send_signal(signal.SIGCONT)

    os.kill(other, signal.SIGKILL)
    until(lambda: webs(server.pid) not in ([], [other]))
    assert answers(port)

    children = children_of(server.pid)
    assert len(children) == 2, "a worker and a web process"
    assert any("worker" in _words(child) for child in children)
    server.terminate()
    assert server.wait(PATIENCE) == 0
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in children))
    assert not answers(port)


def until(well: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not well():
        assert time.monotonic() < end
        time.sleep(0.1)


def sent_on(port: int) -> str:
    """Where somebody who comes by plain http is sent."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.request("GET", "/desk/")
        return connection.getresponse().headers["Location"]


def answers(port: int, phone: ssl.SSLContext | None = None) -> bool:
    """By https where `phone` is one that trusts us."""
    scheme = "https" if phone else "http"
    try:
        with urllib.request.urlopen(f"{scheme}://127.0.0.1:{port}/healthz", timeout=5, context=phone) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def webs(pid: int) -> list[int]:
    return [child for child in children_of(pid) if "web" in _words(child)]


def _words(pid: int) -> list[str]:
    """What a process is called, a copy of the server, or was called with; nothing where it has ended meanwhile."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().split() + Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    except OSError:
        return []


def children_of(pid: int) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(entry.read_text("utf-8", errors="replace").rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
        if parent == pid:
            found.append(int(entry.parent.name))
    return found
