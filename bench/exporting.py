"""A list with all its rows leaves the house: python -m bench.exporting [MATTERS], on PostgreSQL.

The export is made in a process of its own, as the worker makes it: what the file holds against what the page counts,
seconds, how often progress was seen, and the most memory, which must stay below GOAL MiB however long the list is.
"""

from __future__ import annotations

import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from bench.installation import ROOT, Installation
from tests.support import postgres

MATTERS, GOAL = 100_000, 300
_MIB = 1024 * 1024


def main() -> None:
    size = int(sys.argv[1]) if len(sys.argv) > 1 else MATTERS
    if postgres.programs() is None:
        sys.exit(postgres.REMEDY)
    sys.path.insert(0, str(ROOT / "src"))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="shuoshi-export-")))
        address, _pid = stack.enter_context(postgres.durable_cluster())
        town = Installation(folder / "town", address)
        town.run("shuoshi", "generate", "--matters", str(size), "--seed", "7")
        well = [_one(town, name, csv) for name, csv in (("xlsx", "0"), ("csv", "1"))]
    sys.exit(0 if all(well) else 1)


def _one(town: Installation, name: str, csv: str) -> bool:
    found = town.ask("export", csv)
    print(
        f"{name}: {found['rows']} rows of {found['promised']} counted, {found['bytes'] / _MIB:.1f} MiB,"
        f" in {found['seconds']:.1f} s; asking {found['asking']:.2f} s, longest round {found['longest']:.1f} s,"
        f" progress seen {found['progress']} times;"
        f" memory {found['rss'] / _MIB:.0f} MiB resident, {found['pss'] / _MIB:.0f} MiB in proportion"
        f" ({found['before'] / _MIB:.0f} before)",
        flush=True,
    )
    return bool(found["state"] == "made" and found["rows"] == found["promised"] and found["rss"] < GOAL * _MIB)


if __name__ == "__main__":
    main()
