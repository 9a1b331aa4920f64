"""Registrations: eight clients at once, product and yardstick in turn. What they cost the server, and the database."""

from __future__ import annotations

import secrets
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from bench import processes
from bench.client import Client
from bench.installation import Installation
from bench.measures import Measure

_CLIENTS = 8
_ROUNDS = 4
_EACH = 12  # registrations of a client in a round
_RATE, _TURNS = 0.33, 3.0
_SAID = (
    "村口到小学那段路的路灯坏了三盏，已经一个多星期了，孩子放晚学走路看不见。"
    "上次打过电话说要来修，到现在没有人来。麻烦你们催一催，最好这个礼拜修好。"
)


@dataclass
class Costs:
    """What one registration cost, a figure a round: milliseconds of the server, of the database, and how many a second."""

    server: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)
    rate: list[float] = field(default_factory=list)
    statements: int = 0


def measures(installation: Installation, database_pid: int) -> list[Measure]:
    sessions = installation.ask("sessions")["registrars"]
    ours, theirs = Costs(), Costs()
    with (
        installation.serving("bench.server", "product", "{port}") as product,
        installation.serving("bench.server", "bare", "{port}") as bare,
    ):
        at_ours = [Client(product.port, session) for session in sessions]
        at_theirs = [Client(bare.port, session) for session in sessions]
        for turn in range(_ROUNDS + 1):
            costs = (ours, theirs) if turn else (Costs(), Costs())  # the first round is not counted
            _round(at_ours, _register, (product.pid, database_pid), costs[0])
            _round(at_theirs, _register_barely, (bare.pid, database_pid), costs[1])
    server, base = statistics.median(ours.server), statistics.median(theirs.server)
    turns = statistics.median(a / b for a, b in zip(ours.server, theirs.server, strict=True))
    pace = statistics.median(a / b for a, b in zip(ours.rate, theirs.rate, strict=True))
    return [
        Measure("registration: CPU of the server", server, "ms"),
        Measure("registration: CPU of the database", statistics.median(ours.database), "ms"),
        Measure("registration: statements", ours.statements, ""),
        Measure(f"registration: rate with {_CLIENTS} clients", statistics.median(ours.rate), "/s"),
        Measure("bare registration: CPU of the server", base, "ms"),
        Measure("bare registration: CPU of the database", statistics.median(theirs.database), "ms"),
        Measure(f"bare registration: rate with {_CLIENTS} clients", statistics.median(theirs.rate), "/s"),
        Measure("registration: CPU beside bare", turns, "×", _TURNS),
        Measure("registration: rate beside bare", pace, "×", _RATE, at_least=True),
    ]


def _round(clients: list[Client], register: Callable[[Client], int], pids: tuple[int, int], costs: Costs) -> None:
    server, database = pids
    before, before_database = processes.seconds(server), processes.family_seconds(database)
    began = time.perf_counter()
    with ThreadPoolExecutor(len(clients)) as pool:
        counts = list(pool.map(lambda client: [register(client) for _each in range(_EACH)], clients))
    took = time.perf_counter() - began
    done = len(clients) * _EACH
    costs.rate.append(done / took)
    costs.server.append((processes.seconds(server) - before) * 1000 / done)
    costs.database.append((processes.family_seconds(database) - before_database) * 1000 / done)
    costs.statements = int(statistics.median(one for some in counts for one in some))


def _register(client: Client) -> int:
    answer = client.post("/desk/register/", {**_form(), "key": secrets.token_urlsafe(16)})
    assert answer.status == 302 and "/matters/" in answer.location, answer
    return answer.statements


def _register_barely(client: Client) -> int:
    answer = client.post("/cases/new/", _form())
    assert answer.status == 302 and "/cases/" in answer.location, answer
    return answer.statements


def _form() -> dict[str, str]:
    return {
        "phone": f"000{secrets.randbelow(10**8):08d}",
        "name": "陈大明",
        "naming": "named",
        "content": f"{_SAID}{secrets.randbelow(1000)}",
        "demands": "把三盏路灯修好",
        "place": "村口到小学",
        "channel": "hotline",
        "urgency": "U4",
        "tell_by": "call",
    }
