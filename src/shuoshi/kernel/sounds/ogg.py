"""Opus in Ogg, as browsers and messengers record it; its comments are emptied where they stand."""

from __future__ import annotations

import struct

from shuoshi.kernel.sounds.faults import STEPS, Broken, NotHeard

_RATE = 48_000  # of all Opus, whatever it was recorded at
_NO_COMMENTS = b"OpusTags" + bytes(8)  # no vendor, no comments; zeros behind it say nothing
_MOST_COMMENTS = 256 * 1024  # bytes: no recorder writes as many, and every one is summed up anew
_UNKNOWN = 0xFFFF_FFFF_FFFF_FFFF


def read(data: bytes) -> tuple[bytes, str, float]:
    """Raises Broken, NotHeard."""
    kept = bytearray(data)
    at, steps, last, serial = 0, 0, 0, b""
    before, comments_at = 0, 0
    while at < len(data):
        steps += 1
        if data[at : at + 4] != b"OggS" or at + 27 > len(data) or steps > STEPS:
            break  # cut off, or something that is no sound behind it
        lengths = data[at + 27 : at + 27 + data[at + 26]]
        body, end = at + 27 + len(lengths), at + 27 + len(lengths) + sum(lengths)
        if end > len(data):
            break
        if not serial:
            serial, before = data[at + 14 : at + 18], _head(data[body:end])
        elif data[at + 14 : at + 18] != serial:
            raise NotHeard  # something else runs beside it
        elif comments_at >= 0:
            comments_at = _emptied(kept, at, body, lengths, comments_at)
        granule = struct.unpack_from("<Q", data, at + 6)[0]
        last = granule if granule != _UNKNOWN else last
        at = end
    if not serial or comments_at >= 0:
        raise Broken
    return bytes(kept[:at]), "audio/ogg", (last - before) / _RATE


def _head(packet: bytes) -> int:
    """How many samples are not heard, at the beginning."""
    if packet[:8] != b"OpusHead" or len(packet) < 19:
        raise NotHeard
    return int(struct.unpack_from("<H", packet, 10)[0])


def _emptied(kept: bytearray, at: int, body: int, lengths: bytes, done: int) -> int:
    """Empty what of the comments stands on this page, `done` bytes into them; how far they go on, -1 at their end."""
    here, ended = 0, False
    for length in lengths:
        here += length
        if length < 255:
            ended = True
            break
    if done + here > _MOST_COMMENTS:
        raise Broken
    if done == 0 and bytes(kept[body : body + 8]) != b"OpusTags":
        raise Broken
    for place in range(here):
        kept[body + place] = _NO_COMMENTS[done + place] if done + place < len(_NO_COMMENTS) else 0
    kept[at + 22 : at + 26] = bytes(4)
    page = kept[at : body + sum(lengths)]
    kept[at + 22 : at + 26] = struct.pack("<I", _checksum(page))
    return -1 if ended else done + here


def _checksum(page: bytes | bytearray) -> int:
    value = 0
    for byte in page:
        value = (value << 8 & 0xFFFF_FFFF) ^ _TABLE[value >> 24 ^ byte]
    return value


def _row(byte: int) -> int:
    value = byte << 24
    for _bit in range(8):
        value = (value << 1 ^ 0x04C1_1DB7 if value & 0x8000_0000 else value << 1) & 0xFFFF_FFFF
    return value


_TABLE = tuple(_row(byte) for byte in range(256))
