"""The child process in which papers are made: a request on stdin, documents on stdout. Parents ask through press.

Started as a module of its own, so that Django is not loaded; and what typesetting takes in memory goes with it. The
request is a line of JSON and a template; the answer a line of JSON and the documents one after the other.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from itertools import accumulate
from typing import Any

from shuoshi.kernel.papers.gate import Refused

_CPU_SECONDS = 25
_MEMORY = 1 << 30  # bytes of address space, of which libraries and threads take more than papers do
_DOTS_PER_INCH = 110

_NOTHING: dict[str, Any] = {"pages": 0, "replaced": [], "unknown": [], "used": []}

Answer = tuple[dict[str, Any], list[bytes]]


def main() -> None:
    _limit_resources()
    sys.stdout.buffer.write(answer_to(sys.stdin.buffer.read()))


def answer_to(asked: bytes) -> bytes:
    """What a request is answered with; a refusal is an answer."""
    head, _newline, template = asked.partition(b"\n")
    try:
        request = json.loads(head)
        answer, documents = _TASKS[request["task"]](request, template)
    except Refused as refused:
        answer, documents = {"refused": refused.code, "detail": refused.detail}, []
    except (MemoryError, RecursionError):
        answer, documents = {"refused": "bomb", "detail": ""}, []
    except Exception as problem:  # whatever a library throws at a broken document
        answer, documents = {"refused": "broken", "detail": f"{type(problem).__name__}: {problem}"[:300]}, []
    answer = answer | {"parts": [len(document) for document in documents]}
    return json.dumps(answer).encode() + b"\n" + b"".join(documents)


def _limit_resources() -> None:
    """Where the platform can: processor time, memory, no files to write, no core."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _fill(request: dict[str, Any], template: bytes) -> Answer:
    """A template filled: as Word document, PDF, or pictures of its first pages."""
    from shuoshi.kernel.papers import filling, gate

    gate.inspect(template)
    document, used = filling.filled(template, request["values"], request["known"])
    if request["as"] == "docx":
        return _NOTHING | {"used": used}, [document]
    from shuoshi.kernel.papers import walker

    whole, unknown = walker.walked(document)
    answer, documents = _set(request | {"whole": whole}, b"")
    return answer | {"unknown": unknown, "used": used}, documents


def _fill_several(request: dict[str, Any], templates: bytes) -> Answer:
    """Several papers in one PDF, each with its own pages. The templates stand one after the other, each once."""
    from shuoshi.kernel.papers import filling, gate, walker

    ends = list(accumulate(request["templates"]))
    known = [templates[end - size : end] for end, size in zip(ends, request["templates"], strict=True)]
    for template in known:
        gate.inspect(template)
    papers = []
    for paper in request["papers"]:
        document, _used = filling.filled(known[paper["template"]], paper["values"], paper["known"])
        papers.append(walker.walked(document)[0])
    return _set(request | {"whole": {"papers": papers}}, b"")


def _set(request: dict[str, Any], _template: bytes) -> Answer:
    """Blocks set as PDF, or as pictures of the first pages."""
    from shuoshi.kernel.papers.typesetting import Set

    ready = Set(request["whole"], request["title"], request["author"], request["look_elsewhere"], request["stamp"])
    answer = _NOTHING | {"replaced": ready.replaced}
    if request["as"] == "pdf":
        return answer, [ready.pdf()]
    pictures = ready.pictures(_DOTS_PER_INCH)
    return answer | {"pages": len(pictures)}, pictures[: request["most"]]


def _sheet(request: dict[str, Any], _template: bytes) -> Answer:
    from shuoshi.kernel.papers import sheets

    return _NOTHING, [sheets.workbook(**request["sheet"])]


_TASKS: dict[str, Callable[[dict[str, Any], bytes], Answer]] = {
    "fill": _fill,
    "fill_several": _fill_several,
    "set": _set,
    "sheet": _sheet,
}

if __name__ == "__main__":
    main()
