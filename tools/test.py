"""Runs the tests in suites, and says at the end what each of them found. A suite that fails does not hide the next.

One suite of `all` stands on a day of a coming year, so that it is met without a run of its own; `dates` runs everything
ordinary on days of two years, on both databases, and `drills` what takes its full length.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORKERS = ("-n", os.environ.get("TEST_WORKERS", "2"), "--dist", "worksteal")  # some tests take minutes, most a blink
QUICK_SECONDS = 60  # what `make quick` promises on two cores

ORDINARY, POSTGRES = ("-m", "not browser and not slow"), ("--database", "postgres")
IN_2027, IN_2031 = ("--today", "2027-03-01"), ("--today", "2031-03-01")

SUITES: dict[str, tuple[str, ...]] = {
    "SQLite": ORDINARY,
    "PostgreSQL": (*POSTGRES, *ORDINARY),
    "browser": ("-m", "browser"),
    "drills on PostgreSQL": (*POSTGRES, "-m", "slow and not browser"),
    "drills": ("-m", "slow and not browser"),
    "SQLite in 2027": (*IN_2027, *ORDINARY),
    "SQLite in 2031": (*IN_2031, *ORDINARY),
    "PostgreSQL in 2027": (*POSTGRES, *IN_2027, *ORDINARY),
    "PostgreSQL in 2031": (*POSTGRES, *IN_2031, *ORDINARY),
    "quick": ("-m", "not browser and not slow and not long", "--ignore", "tests/drills"),
}
RUNS = {
    "all": ("SQLite", "PostgreSQL in 2027", "browser"),
    "quick": ("quick",),
    "drills": ("drills", "drills on PostgreSQL"),
    "dates": ("SQLite in 2027", "SQLite in 2031", "PostgreSQL in 2027", "PostgreSQL in 2031"),
}


def main() -> None:
    if len(sys.argv) < 2 or sys.argv[1] not in RUNS:
        sys.exit(f"usage: tools/test.py {{{','.join(RUNS)}}} [options of pytest]")
    said, failed = [], False
    for name in RUNS[sys.argv[1]]:
        began = time.monotonic()
        print(f"── {name} ".ljust(100, "─"), flush=True)
        code, last = _pytest([*SUITES[name], *WORKERS, *sys.argv[2:]])
        failed |= code != 0
        taken = time.monotonic() - began
        said.append(f"{name:<22} {last or 'no summary'}  (exit {code}, {taken:.0f} s in all)")
        if name == "quick" and taken > QUICK_SECONDS:
            said.append(
                f"Over {QUICK_SECONDS} s. On a quiet machine: --durations=20, and mark the first of them `long`."
            )
    print("─" * 100)
    print("\n".join(said))
    sys.exit(1 if failed else 0)


def _pytest(options: list[str]) -> tuple[int, str]:
    """Run, pass the output on, and keep pytest's own last line."""
    command = [sys.executable, "-m", "pytest", "-q", "-rs", *options]
    last = ""
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            if " in " in line and any(word in line for word in ("passed", "failed", "error", "no tests ran")):
                last = line.strip().strip("=").strip()
    return process.returncode, last


if __name__ == "__main__":
    main()
