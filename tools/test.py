"""Runs the tests in suites, and says at the end what each of them found. A suite that fails does not hide the next."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORKERS = ["-n", os.environ.get("TEST_WORKERS", "2"), "--dist", "worksteal"]  # some tests take minutes, most a blink

SUITES = {
    "SQLite": ["-m", "not browser and not slow", *WORKERS],
    "PostgreSQL": ["--database", "postgres", "-m", "not browser and not slow", *WORKERS],
    "browser": ["-m", "browser", *WORKERS],
    "drills": ["-m", "slow", *WORKERS],
    "drills on PostgreSQL": ["--database", "postgres", "-m", "slow", *WORKERS],
    "SQLite in 2027": ["--today", "2027-03-01", "-m", "not browser and not slow", *WORKERS],
    "SQLite in 2031": ["--today", "2031-03-01", "-m", "not browser and not slow", *WORKERS],
    "PostgreSQL in 2027": [
        "--database",
        "postgres",
        "--today",
        "2027-03-01",
        "-m",
        "not browser and not slow",
        *WORKERS,
    ],
    "PostgreSQL in 2031": [
        "--database",
        "postgres",
        "--today",
        "2031-03-01",
        "-m",
        "not browser and not slow",
        *WORKERS,
    ],
}
RUNS = {
    "all": ("SQLite", "PostgreSQL", "browser"),
    "quick": ("SQLite",),
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
        code, last = _pytest([*SUITES[name], *sys.argv[2:]])
        failed |= code != 0
        said.append(f"{name:<22} {last or 'no summary'}  (exit {code}, {time.monotonic() - began:.0f} s in all)")
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
