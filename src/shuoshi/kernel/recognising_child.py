"""The child process in which words are read off a picture: bytes in on stdin, one line of JSON out on stdout.

Started as a file, so that nothing of ours is loaded. The models lie in the library's own wheel; nothing is fetched.
"""

from __future__ import annotations

import io
import json
import os
import sys
from typing import Any

from PIL import Image

_CPU_SECONDS = 35
_ONE_THREAD = {
    "Global.log_level": "critical",
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,  # the desk goes on beside it
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    "EngineConfig.onnxruntime.enable_cpu_mem_arena": False,
}
_SURE = 0.5  # what is read with less is a stain


def main() -> None:
    _limit_resources()
    picture = sys.stdin.buffer.read()
    out = os.dup(1)
    os.dup2(2, 1)  # whatever a library prints is no answer
    import numpy
    from rapidocr import RapidOCR

    found: Any = RapidOCR(params=_ONE_THREAD)(numpy.asarray(_on_white(picture)))
    read = zip(found.boxes if found.boxes is not None else (), found.txts or (), found.scores or (), strict=True)
    lines = [(box, text) for box, text, score in read if score >= _SURE]
    os.write(out, json.dumps({"lines": _in_order(lines)}).encode())


def _on_white(picture: bytes) -> Image.Image:
    """What can be seen through lies on a white sheet."""
    image = Image.open(io.BytesIO(picture)).convert("RGBA")
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, mask=image.getchannel("A"))
    return ground


def _in_order(lines: list[tuple[Any, str]]) -> list[str]:
    """As people read: from the top and each line from the left; columns from the right."""
    columns = sum(_height(box) > 2 * _width(box) for box, _text in lines)
    if columns * 2 > len(lines):
        lines = sorted(lines, key=lambda line: -float(line[0][:, 0].max()))
        return [text for _box, text in lines]
    rows: list[list[tuple[Any, str]]] = []
    for box, text in sorted(lines, key=lambda line: float(line[0][:, 1].mean())):
        last = rows[-1][-1][0] if rows else None
        if last is not None and abs(box[:, 1].mean() - last[:, 1].mean()) < _height(last) / 2:
            rows[-1].append((box, text))
        else:
            rows.append([(box, text)])
    return [" ".join(text for _box, text in sorted(row, key=lambda one: float(one[0][:, 0].min()))) for row in rows]


def _height(box: Any) -> float:
    return float(box[:, 1].max() - box[:, 1].min())


def _width(box: Any) -> float:
    return float(box[:, 0].max() - box[:, 0].min())


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
