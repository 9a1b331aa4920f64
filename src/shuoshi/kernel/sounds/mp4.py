"""AAC in MP4, as telephones record it. Boxes with names and places are blotted out where they stand."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from shuoshi.kernel.sounds.faults import STEPS, Broken, NotHeard

_INSIDE = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl", b"moof", b"traf", b"mvex"})
_BLOTTED = frozenset({b"udta", b"meta", b"uuid", b"free", b"skip"})
_PLAYED = frozenset({b"mp4a", b"Opus"})
_OF_TELEPHONES = frozenset({b"samr", b"sawb"})
_DEEPEST = 8


@dataclass
class _Heard:
    """What the walk has found so far. `ticks` of fragments, in the scale of the track."""

    kept: bytearray
    steps: int = 0
    codecs: set[bytes] = field(default_factory=set)
    whole: float = 0.0  # seconds, as the head says
    scale: int = 0
    ticks: int = 0
    each: int = 0  # ticks of a sample, where it does not say so itself


def read(data: bytes) -> tuple[bytes, str, float]:
    """Raises Broken, NotHeard."""
    heard = _Heard(bytearray(data))
    end = 0
    for kind, at, body, end in _boxes(data, 0, len(data), heard):
        _look(data, heard, kind, at, body, end, 0)
    if not heard.codecs:
        raise Broken
    if not heard.codecs <= _PLAYED | _OF_TELEPHONES:
        raise NotHeard
    in_parts = heard.ticks / heard.scale if heard.scale else 0.0
    media_type = "audio/mp4" if heard.codecs <= _PLAYED else "audio/3gpp"
    return bytes(heard.kept[:end]), media_type, max(heard.whole, in_parts)


def _boxes(data: bytes, begin: int, end: int, heard: _Heard) -> Iterator[tuple[bytes, int, int, int]]:
    """Kind, where it begins, where its body begins, where it ends. Raises Broken for one that does not fit."""
    at = begin
    while at + 8 <= end:
        heard.steps += 1
        size, body = struct.unpack_from(">I", data, at)[0], at + 8
        if size == 1 and at + 16 <= end:
            size, body = struct.unpack_from(">Q", data, at + 8)[0], at + 16
        elif size == 0:
            size = end - at
        if size < body - at or at + size > end or heard.steps > STEPS:
            raise Broken
        yield data[at + 4 : at + 8], at, body, at + size
        at += size


def _look(data: bytes, heard: _Heard, kind: bytes, at: int, body: int, end: int, depth: int) -> None:
    if kind in _INSIDE and depth < _DEEPEST:
        for inner in _boxes(data, body, end, heard):
            _look(data, heard, *inner, depth + 1)
    elif kind in _BLOTTED:
        heard.kept[at + 4 : at + 8] = b"free"
        heard.kept[body:end] = bytes(end - body)
    elif kind == b"hdlr" and data[body + 8 : body + 12] in (b"vide", b"pict"):
        raise NotHeard  # a film
    elif kind == b"stsd":
        heard.codecs |= {entry for entry, *_ in _boxes(data, body + 8, end, heard)}
    elif kind == b"mvhd":
        scale, ticks = _times(data, body)
        heard.whole = ticks / scale if scale else 0.0
    elif kind == b"mdhd":
        heard.scale = _times(data, body)[0]
    elif kind == b"trex":
        heard.each = struct.unpack_from(">I", data, body + 12)[0]
    elif kind == b"tfhd":
        heard.each = _each(data, body, heard.each)
    elif kind == b"trun":
        heard.ticks += _run(data, body, end, heard.each)


def _times(data: bytes, body: int) -> tuple[int, int]:
    """Ticks of a second, and how many there are; all ones where nobody knew."""
    if data[body] == 1:
        scale, ticks = struct.unpack_from(">IQ", data, body + 20)
        return scale, 0 if ticks == 2**64 - 1 else ticks
    scale, ticks = struct.unpack_from(">II", data, body + 12)
    return scale, 0 if ticks == 2**32 - 1 else ticks


def _each(data: bytes, body: int, before: int) -> int:
    flags, at = int.from_bytes(data[body + 1 : body + 4]), body + 8
    at += 8 * bool(flags & 0x1) + 4 * bool(flags & 0x2)
    return int(struct.unpack_from(">I", data, at)[0]) if flags & 0x8 else before


def _run(data: bytes, body: int, end: int, each: int) -> int:
    """Ticks of the samples of one run."""
    flags, count = int.from_bytes(data[body + 1 : body + 4]), struct.unpack_from(">I", data, body + 4)[0]
    at = body + 8 + 4 * bool(flags & 0x1) + 4 * bool(flags & 0x4)
    if not flags & 0x100:
        return int(count) * each
    width = 4 * sum(bool(flags & bit) for bit in (0x100, 0x200, 0x400, 0x800))
    if count > STEPS or at + count * width > end:
        raise Broken
    return sum(struct.unpack_from(">I", data, at + place * width)[0] for place in range(count))
