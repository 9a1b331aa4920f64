"""Reading words, or codes, off a picture, on this machine alone: an extra that an institution installs, or types instead.

The library and its models take hundreds of megabytes while they read: it works in a child process that ends with it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from shuoshi.kernel.pictures import ENVIRONMENT

WALL_SECONDS = 40  # shorter than a minute: who reads looks at deadlines, too
CODE_SECONDS = 15  # somebody waits for the page
_CHILD = Path(__file__).with_name("recognising_child.py")
_CODES_CHILD = Path(__file__).with_name("recognising_codes_child.py")
_NEEDED = ("rapidocr", "onnxruntime")


class NotRead(Exception):
    """Nothing could be read off the picture, or it took too long."""


@cache
def available() -> bool:
    """Whether the extra is installed."""
    return all(find_spec(name) is not None for name in _NEEDED)


@cache
def reads_codes() -> bool:
    """Whether QR codes can be read off pictures: the library comes with the extra."""
    return all(find_spec(name) is not None for name in ("cv2", "numpy"))


def words_on(picture: bytes) -> str:
    """What is written on a cleaned picture, a line for each line; "" for an empty sheet. Raises NotRead.

    Takes seconds and a child process: call it outside of any transaction.
    """
    return "\n".join(str(line) for line in _read_by(_CHILD, picture, WALL_SECONDS))


def codes_on(pictures: Sequence[bytes]) -> list[list[str]]:
    """What the QR codes on each of these cleaned pictures say. Raises NotRead.

    One child process for all, so that however many come somebody waits for CODE_SECONDS at most.
    """
    if not pictures:
        return []
    whole = b"".join(len(one).to_bytes(4, "big") + one for one in pictures)
    return [[str(text) for text in one] for one in _read_by(_CODES_CHILD, whole, CODE_SECONDS)]


def _read_by(child: Path, picture: bytes, seconds: int) -> list[Any]:
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(child)],
            input=picture,
            capture_output=True,
            timeout=seconds,
            env=ENVIRONMENT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NotRead("too slow") from None
    try:
        lines: list[Any] = json.loads(done.stdout)["lines"]
    except (ValueError, KeyError):  # killed by its limits, or by a fault of the library
        raise NotRead("broken") from None
    return lines
