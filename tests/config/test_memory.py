"""What threads and large things leave behind in the memory of a process."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.elsewhere import Installation

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


_HOLES = """
from pathlib import Path
from shuoshi.config import memory

{first}

def held():
    text = Path("/proc/self/smaps_rollup").read_text()
    return next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Private_Dirty:"))

first = bytearray(8 * 1024 * 1024)  # from now on glibc takes what is smaller from the heap
del first
before = held()
large, pins = [], []
for _ in range(64):
    large.append(bytearray(512 * 1024))
    pins.append(bytearray(2000))  # above each of them something stays
large.clear()
print((held() - before) // 1024)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc gives each thread a heap of its own")
def test_threads_share_one_heap() -> None:
    assert _heaps("") > 0
    assert _heaps("memory.spare()") == 0


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc takes large things from the heap")
def test_what_large_things_took_is_given_back() -> None:
    assert _printed(_HOLES, "") > 20
    assert _printed(_HOLES, "memory.spare()") < 5


def _heaps(first: str) -> int:
    """How many heaps beside the first one a process reserved for its threads."""
    return _printed(_HEAPS, first)


def _printed(program: str, first: str) -> int:
    words = [sys.executable, "-c", program.format(first=first)]
    return int(subprocess.run(words, capture_output=True, text=True, check=True).stdout)


_IMPORTED = """
import sys
from pathlib import Path
from shuoshi.config import prepare
prepare.open_home()
from shuoshi.config.wsgi import application
from django.urls import get_resolver
get_resolver().reverse_dict
rare = ("django.contrib.admin", "ninja", "wechatpy", "imap_tools", "nh3", "numpy", "docx", "typst")
print([name for name in rare if name in sys.modules])
"""


@pytest.mark.once
@pytest.mark.long
def test_a_process_that_serves_holds_nothing_of_what_few_institutions_use(tmp_path: Path) -> None:
    office = Installation(tmp_path / "office", database="")
    said = subprocess.run(
        [sys.executable, "-c", _IMPORTED], env=office.environ, capture_output=True, text=True, check=True
    )
    assert said.stdout.splitlines()[-1] == "[]"
