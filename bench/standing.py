"""What an installation costs while nothing happens: how long it takes to start, and how much memory it holds."""

from __future__ import annotations

import statistics
import time

from bench import processes
from bench.client import Client
from bench.installation import Installation, Server
from bench.measures import Measure

_STARTS = 3
_MIB = 1024 * 1024
_PAGES = ("/desk/queues/over/", "/desk/overview/", "/desk/register/", "/desk/search/?q=%E8%B7%AF%E7%81%AF", "/desk/")


def starts(installation: Installation) -> list[Measure]:
    """From the command to the first answer, of a home that was prepared before."""
    took = []
    for _each in range(_STARTS):
        with installation.serving("shuoshi", "run") as server:
            took.append(server.ready)
    return [Measure("second start", statistics.median(took), "s", 3.0)]


def memory(installation: Installation, what: str, goal: float, **more: str) -> list[Measure]:
    """All processes of `shuoshi run`, after people have opened its pages."""
    session = installation.ask("sessions")["leader"]
    with installation.serving("shuoshi", "run", **more) as server:
        time.sleep(6)  # until the worker has looked at its first tasks
        _open(server, session)
        sizes = [processes.memory(pid) / _MIB for pid in processes.family(server.pid)]
    shares = " + ".join(f"{size:.0f}" for size in sizes)
    return [Measure(f"memory, {what} ({shares})", sum(sizes), "MiB", goal)]


def _open(server: Server, session: str) -> None:
    for _each in range(4):  # each on a connection of its own: with two web processes both get their part
        for path in _PAGES:
            client = Client(server.port, session)
            assert client.get(path).status == 200, path
            client.close()
