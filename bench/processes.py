"""Processes as the kernel accounts for them: time they computed, memory that is theirs. Linux only."""

from __future__ import annotations

import os
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")


def seconds(pid: int) -> float:
    """CPU seconds a process has used, all its threads, in programs and in the kernel."""
    fields = _stat(pid)
    return (int(fields[11]) + int(fields[12])) / _TICK


def family_seconds(pid: int) -> float:
    """The same of a process and all it has or had as children: a database server with its backends."""
    fields = _stat(pid)
    ended = (int(fields[13]) + int(fields[14])) / _TICK
    return seconds(pid) + ended + sum(_if_alive(child) for child in children(pid))


def children(pid: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if int(_stat(int(entry.name))[1]) == pid:
                    found.append(int(entry.name))
            except (FileNotFoundError, ProcessLookupError):
                continue
    return found


def family(pid: int) -> list[int]:
    """A process and all beneath it."""
    return [pid, *(one for child in children(pid) for one in family(child))]


def memory(pid: int) -> int:
    """Resident memory in bytes, what is shared with others counted in proportion (PSS)."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    raise OSError(f"the kernel tells no PSS of {pid}")


def _if_alive(pid: int) -> float:
    try:
        return seconds(pid)
    except (FileNotFoundError, ProcessLookupError):
        return 0.0


def _stat(pid: int) -> list[str]:
    """Fields of /proc/PID/stat from the state on."""
    return Path(f"/proc/{pid}/stat").read_text("utf-8", errors="replace").rpartition(")")[2].split()
