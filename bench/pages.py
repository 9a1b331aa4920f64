"""Pages of the desk beside the yardstick's: CPU of the server, the median time to the answer, statements of SQL."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any
from urllib.parse import quote

from bench import processes
from bench.client import Answer, Client
from bench.installation import Installation
from bench.measures import Measure

_ROUNDS = 5
_ASKED = 60  # times in a round: the kernel counts in hundredths of a second, and a bare page takes less than one
_WORDS = ("路灯", "漏水", "工钱", "没有人修", "医保", "柳湾村", "停车")
_TURNS = {"queue": 3.0, "matter": 4.0}  # times the CPU of the yardstick's page, at most
_MEDIAN = {"search": 60.0, "overview": 150.0}  # milliseconds
_GROWN = 1.3  # times the CPU at the smallest size

Ask = Callable[[], Answer]


@dataclass
class Seen:
    """What one page cost, round by round."""

    cpu: list[float] = field(default_factory=list)  # milliseconds a page, a figure a round
    took: list[float] = field(default_factory=list)  # milliseconds, a figure an answer
    statements: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Sight:
    """All pages at one size: the product's by name, the yardstick's `list` and `case` among them."""

    size: int
    pages: Mapping[str, Seen]

    def cpu(self, name: str) -> float:
        return statistics.median(self.pages[name].cpu)

    def ratio(self, name: str, beside: str) -> float:
        """The median of what each round says, so that a machine that slows down does so for both."""
        pairs = zip(self.pages[name].cpu, self.pages[beside].cpu, strict=True)
        return statistics.median(ours / theirs for ours, theirs in pairs)


def seen(installation: Installation, size: int, queue: str) -> Sight:
    """Open every page some dozen times, ours and theirs in turn."""
    sessions, inside = installation.ask("sessions"), installation.ask("matters")
    theirs = installation.ask("bare", str(size))
    with (
        installation.serving("bench.server", "product", "{port}") as product,
        installation.serving("bench.server", "bare", "{port}") as bare,
    ):
        leader = Client(product.port, sessions["leader"])
        other = Client(bare.port, sessions["leader"])
        asks: dict[str, tuple[int, Ask]] = {
            "queue": (product.pid, _get(leader, [f"/desk/queues/{queue}/"])),
            "list": (bare.pid, _get(other, ["/cases/"])),
            "matter": (product.pid, _get(leader, [f"/desk/matters/{number}/" for number in inside["numbers"]])),
            "case": (bare.pid, _get(other, [f"/cases/{number}/" for number in theirs["numbers"]])),
            "search": (product.pid, _get(leader, [f"/desk/search/?q={quote(word)}" for word in _WORDS])),
            "overview": (product.pid, _get(leader, ["/desk/overview/"])),
        }
        pages = {name: Seen() for name in asks}
        for pid, ask in asks.values():
            _round(pid, ask, Seen())  # not counted: what is read and compiled once
        for _each in range(_ROUNDS):
            for name, (pid, ask) in asks.items():
                _round(pid, ask, pages[name])
    return Sight(size, pages)


def _get(client: Client, paths: Sequence[str]) -> Ask:
    following: Iterator[str] = cycle(paths)
    return lambda: client.get(next(following))


def _round(pid: int, ask: Ask, page: Seen) -> None:
    before = processes.seconds(pid)
    for _each in range(_ASKED):
        answer = ask()
        assert answer.status == 200, answer
        page.took.append(answer.seconds * 1000)
        page.statements.append(answer.statements)
    page.cpu.append((processes.seconds(pid) - before) * 1000 / _ASKED)


def measures(sights: Sequence[Sight]) -> list[Measure]:
    """Figures of every size; the goals hold at the largest."""
    found: list[Measure] = []
    for sight in sights:
        last = sight is sights[-1]
        for name in ("queue", "matter", "search", "overview"):
            page, at = sight.pages[name], f"{name} at {sight.size}"
            found.append(Measure(f"{at}: CPU", sight.cpu(name), "ms"))
            found.append(Measure(f"{at}: p50", statistics.median(page.took), "ms", _MEDIAN.get(name) if last else None))
            found.append(Measure(f"{at}: statements", statistics.median(page.statements), ""))
        for name, beside in (("queue", "list"), ("matter", "case")):
            found.append(Measure(f"bare {beside} at {sight.size}: CPU", sight.cpu(beside), "ms"))
            goal = _TURNS[name] if last else None
            found.append(Measure(f"{name} at {sight.size}: CPU beside bare", sight.ratio(name, beside), "×", goal))
    if len(sights) > 1:
        for name in ("queue", "matter"):
            grown = sights[-1].cpu(name) / sights[0].cpu(name)
            found.append(Measure(f"{name}: CPU at {sights[-1].size} beside {sights[0].size}", grown, "×", _GROWN))
    return found


def longest(inside: dict[str, Any]) -> str:
    """The queue of the leader with the most rows."""
    counts: dict[str, int] = inside["queues"]
    return max(counts, key=lambda name: counts[name])
