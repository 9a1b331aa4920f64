"""WAV: the form of the sound and the sound; lists of names, places and programs are left out."""

from __future__ import annotations

import struct

from shuoshi.kernel.sounds.faults import STEPS, Broken, NotHeard

_CODES = frozenset({1, 3, 6, 7})  # PCM, float, A-law, µ-law
_EXTENSIBLE = 0xFFFE


def read(data: bytes) -> tuple[bytes, str, float]:
    """Raises Broken, NotHeard."""
    form, sound = b"", b""
    at, steps = 12, 0
    while at + 8 <= len(data) and not sound:
        steps += 1
        if steps > STEPS:
            raise Broken
        kind, size = data[at : at + 4], struct.unpack_from("<I", data, at + 4)[0]
        body = data[at + 8 : at + 8 + size]  # a recorder that was cut off wrote a size it never reached
        if kind == b"fmt ":
            form = body
        elif kind == b"data":
            sound = body
        at += 8 + size + size % 2
    if len(form) < 16 or not sound:
        raise Broken
    code, channels, rate, _bytes_a_second, block, bits = struct.unpack_from("<HHIIHH", form)
    if code == _EXTENSIBLE and len(form) >= 26:
        code = struct.unpack_from("<H", form, 24)[0]
    if code not in _CODES:
        raise NotHeard
    if not (1 <= channels <= 8 and 4000 <= rate <= 192_000 and block and bits):
        raise Broken
    sound = sound[: len(sound) // block * block]
    chunks = _chunk(b"fmt ", form) + _chunk(b"data", sound)
    whole = b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WAVE" + chunks
    return whole, "audio/wav", len(sound) / (rate * block)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
