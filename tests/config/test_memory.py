"""What eight threads leave behind in the memory of a process."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

_HEAPS = """
import threading
from pathlib import Path
from shuoshi.config import memory

{first}
barrier = threading.Barrier(8)

def work():
    kept = [bytes(2000) for _ in range(2000)]
    barrier.wait()
    return kept

threads = [threading.Thread(target=work) for _ in range(8)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
reserved = 0
for line in Path("/proc/self/maps").read_text().splitlines():
    where, rights, _offset, _device, _inode, *file = line.split()
    begins, ends = (int(edge, 16) for edge in where.split("-"))
    reserved += rights == "---p" and not file and ends - begins > 32 * 1024 * 1024
print(reserved)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc gives each thread a heap of its own")
def test_threads_share_one_heap() -> None:
    assert _heaps("") > 0
    assert _heaps("memory.one_heap()") == 0


def _heaps(first: str) -> int:
    """How many heaps beside the first one a process reserved for its threads."""
    done = subprocess.run(
        [sys.executable, "-c", _HEAPS.format(first=first)], capture_output=True, text=True, check=True
    )
    return int(done.stdout)
