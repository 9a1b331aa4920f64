"""Opus in WebM, as browsers record it. Tags and names of programs are blotted out; how long it is is written in.

A browser writes while it records and cannot know the length; without it no player can move to a place.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from shuoshi.kernel.sounds.faults import STEPS, Broken, NotHeard

_INSIDE = frozenset({0x18538067, 0x1549A966, 0x1654AE6B, 0xAE, 0x1F43B675, 0xA0})  # Segment, Info, Tracks, Cluster …
_BLOTTED = frozenset({0x1254C367, 0x1941A469, 0x1043A770, 0x7BA9, 0x536E, 0x4461, 0xEC})  # tags, files, titles, dates
_MUXER, _WRITER, _DURATION, _SCALE = 0x4D80, 0x5741, 0x4489, 0x2AD7B1
_HEAD, _DOC_TYPE = 0x1A45DFA3, 0x4282
_TRACK_TYPE, _CODEC, _CLUSTER_TIME, _SIMPLE, _BLOCK = 0x83, 0x86, 0xE7, 0xA3, 0xA1
_SOUND, _CODECS = 2, frozenset({b"A_OPUS", b"A_VORBIS"})
_LENGTH = 11  # bytes of the element that says how long it is


@dataclass
class _Heard:
    """What the walk has found so far; `free` are places that may be written over."""

    kept: bytearray
    doc_type: bytes = b""
    scale: int = 1_000_000  # nanoseconds of a tick
    codec: bytes = b""
    cluster: int = 0
    last: int = 0
    timed: bool = False
    free: list[tuple[int, int]] = field(default_factory=list)


def read(data: bytes) -> tuple[bytes, str, float]:
    """Raises Broken, NotHeard."""
    heard = _Heard(bytearray(data))
    at = _walk(data, heard)
    if heard.doc_type != b"webm" or heard.codec not in _CODECS:
        raise NotHeard
    seconds = heard.last * heard.scale / 1e9
    if not heard.timed:
        _write_length(heard)
    return bytes(heard.kept[:at]), "audio/webm", seconds


def _walk(data: bytes, heard: _Heard) -> int:
    """Element after element, into those that hold others; where the last whole one ended."""
    at, steps = 0, 0
    while at < len(data):
        steps += 1
        if steps > STEPS:
            raise Broken
        element = _element(data, at)
        if element is None:
            break
        kind, body, size = element
        if kind in _INSIDE:
            at = body
            continue
        end = body + size if size is not None else None
        if end is None or end > len(data):
            if kind in (_SIMPLE, _BLOCK):
                break  # cut off in the middle of a block
            raise Broken
        if kind == _HEAD:
            at = body
            continue
        _look(data, heard, kind, at, body, end)
        at = end
    return at


def _look(data: bytes, heard: _Heard, kind: int, at: int, body: int, end: int) -> None:
    if kind == _DOC_TYPE:
        heard.doc_type = data[body:end].rstrip(b"\0")
    elif kind == _SCALE:
        heard.scale = _number(data[body:end]) or 1_000_000
    elif kind == _DURATION:
        heard.timed = True
    elif kind == _TRACK_TYPE and _number(data[body:end]) != _SOUND:
        raise NotHeard  # a film
    elif kind == _CODEC:
        heard.codec = data[body:end]
    elif kind == _CLUSTER_TIME:
        heard.cluster = _number(data[body:end])
    elif kind in (_SIMPLE, _BLOCK) and end - body >= 4:
        track = 1 if data[body] & 0x80 else 2
        heard.last = max(heard.last, heard.cluster + struct.unpack_from(">h", data, body + track)[0])
    elif kind in _BLOTTED or kind in (_MUXER, _WRITER):
        heard.kept[at:end] = _void(end - at)
        if kind in (_MUXER, _WRITER):
            heard.free.append((at, end))


def _number(field: bytes) -> int:
    """Raises Broken for one wider than any program writes."""
    if len(field) > 8:
        raise Broken
    return int.from_bytes(field)


def _write_length(heard: _Heard) -> None:
    """Over the names of the programs that wrote it, where there is room for it."""
    if len(heard.free) == 2 and heard.free[0][1] == heard.free[1][0]:
        heard.free = [(heard.free[0][0], heard.free[1][1])]
    for begin, end in heard.free:
        rest = end - begin - _LENGTH
        if rest == 0 or rest >= 2:
            heard.kept[begin : begin + _LENGTH] = b"\x44\x89\x88" + struct.pack(">d", float(heard.last))
            heard.kept[begin + _LENGTH : end] = _void(rest) if rest else b""
            return


def _void(size: int) -> bytes:
    """An element of so many bytes that says nothing."""
    if size < 2:
        raise Broken
    if size < 9:
        return bytes([0xEC, 0x80 | size - 2]) + bytes(size - 2)
    return b"\xec\x01" + (size - 9).to_bytes(7) + bytes(size - 9)


def _element(data: bytes, at: int) -> tuple[int, int, int | None] | None:
    """Its kind, where its body begins, and how large that is, None where it was not known; None at the end."""
    kind_width = _width(data[at], 4)
    if at + kind_width >= len(data):
        return None
    size_at = at + kind_width
    width = _width(data[size_at], 8)
    if size_at + width > len(data):
        return None
    size = int.from_bytes(data[size_at : size_at + width]) & (1 << 7 * width) - 1
    unknown = size == (1 << 7 * width) - 1
    return int.from_bytes(data[at:size_at]), size_at + width, None if unknown else size


def _width(first: int, most: int) -> int:
    """How many bytes a number takes, by its first."""
    width = 9 - first.bit_length()
    if width > most:
        raise Broken
    return width
