"""Reading the words off a picture, on this machine alone: an extra that an institution installs, or types instead.

The library and its models take hundreds of megabytes while they read: it works in a child process that ends with it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from shuoshi.kernel.pictures import ENVIRONMENT

WALL_SECONDS = 40  # shorter than a minute: who reads looks at deadlines, too
_CHILD = Path(__file__).with_name("recognising_child.py")
_NEEDED = ("rapidocr", "onnxruntime")


class NotRead(Exception):
    """Nothing could be read off the picture, or it took too long."""


@cache
def available() -> bool:
    """Whether the extra is installed."""
    return all(find_spec(name) is not None for name in _NEEDED)


def words_on(picture: bytes) -> str:
    """What is written on a cleaned picture, a line for each line; "" for an empty sheet. Raises NotRead.

    Takes seconds and a child process: call it outside of any transaction.
    """
    try:
        child = subprocess.run(
            [sys.executable, "-I", str(_CHILD)],
            input=picture,
            capture_output=True,
            timeout=WALL_SECONDS,
            env=ENVIRONMENT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NotRead("too slow") from None
    try:
        lines = json.loads(child.stdout)["lines"]
    except (ValueError, KeyError):  # killed by its limits, or by a fault of the library
        raise NotRead("broken") from None
    return "\n".join(lines)
