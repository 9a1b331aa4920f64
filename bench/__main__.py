"""`make bench`: builds, fills, measures, prints one table and keeps it in bench/results/latest.json.

BENCH_SIZES (1000,100000) are how many matters are generated before the pages are opened. It needs PostgreSQL's
programs, and about 90 KiB of disk for a matter; everything lies in one folder that is removed at the end.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from bench import pages, registering, standing, sweeping
from bench.installation import ROOT, Installation
from bench.measures import Measure, keep, table
from tests.support import postgres

FULL = 100_000  # the size at which the goals hold
_RESULTS = Path(__file__).parent / "results" / "latest.json"


def main() -> None:
    sizes = sorted({int(size) for size in os.environ.get("BENCH_SIZES", "1000,100000").split(",")})
    if postgres.programs() is None:
        sys.exit(postgres.REMEDY)
    sys.path.insert(0, str(ROOT / "src"))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="shuoshi-bench-")))
        address, pid = stack.enter_context(postgres.durable_cluster())
        found = _measured(folder, address, pid, sizes)
    if sizes[-1] < FULL:
        _say(f"the goals hold at {FULL} matters; what is measured at fewer meets or misses none")
        found = [replace(one, goal=None) for one in found]
    print(table(found))
    keep(found, _RESULTS)


def _measured(folder: Path, address: str, database_pid: int, sizes: list[int]) -> list[Measure]:
    town = Installation(folder / "town", address)
    sights: list[pages.Sight] = []
    rates: list[float] = []
    done, queue = 0, ""
    for size in sizes:
        _say(f"filling up to {size} matters")
        began = time.perf_counter()
        town.run("shuoshi", "generate", "--matters", str(size - done), "--seed", str(size))
        rates.append((size - done) / (time.perf_counter() - began))
        done = size
        queue = queue or pages.longest(town.ask("matters"))
        _say(f"pages at {size}")
        sights.append(pages.seen(town, size, queue))
    found = pages.measures(sights)
    _say("registrations")
    found += registering.measures(town, database_pid)
    if sizes[-1] >= FULL:
        _say("the sweep")
        found += sweeping.measures(town)
    _say("start and memory")
    found += standing.starts(town)
    found += standing.memory(town, "two web processes and a worker on PostgreSQL", 250, SHUOSHI_PROCESSES="2")
    alone = Installation(folder / "alone", "")
    alone.run("shuoshi", "generate", "--matters", "1000")
    found += standing.memory(alone, "one PC: web and worker on SQLite", 180)
    found.append(Measure("generating, in all", rates[-1], "matters/s", 500, at_least=True))
    return found


def _say(what: str) -> None:
    print(f"── {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
