"""The child process in which QR codes are read off pictures: bytes in on stdin, one line of JSON out on stdout.

Each picture comes after its length in four bytes. Started as a file, so that nothing of ours is loaded.
"""

from __future__ import annotations

import io
import json
import os
import sys
from typing import Any

from PIL import Image

_CPU_SECONDS = 15
_LARGEST = 2000  # pixels of the longer side: a code on A4 is read at this, and a larger picture only takes longer


def main() -> None:
    _limit_resources()
    given = io.BytesIO(sys.stdin.buffer.read())
    out = os.dup(1)
    os.dup2(2, 1)  # whatever a library prints is no answer
    import cv2

    cv2.setNumThreads(1)  # the desk goes on beside it
    found = []
    while length := int.from_bytes(given.read(4), "big"):
        found.append(_codes(given.read(length)))
    os.write(out, json.dumps({"lines": found}).encode())


def _codes(picture: bytes) -> list[str]:
    import cv2
    import numpy

    grey = Image.open(io.BytesIO(picture)).convert("L")
    for side in (_LARGEST, _LARGEST // 2):
        small = grey.copy()
        small.thumbnail((side, side))
        read: Any = cv2.QRCodeDetector().detectAndDecodeMulti(numpy.asarray(small))
        found = [str(text) for text in read[1] if text] if read[0] else []
        if found:
            return found
    return []


def _limit_resources() -> None:
    """Where the platform can: processor time, no files to write, no core."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
