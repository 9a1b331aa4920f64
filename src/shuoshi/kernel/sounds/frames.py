"""MP3 and AMR: frame after frame. What stands before, behind or between them is left out."""

from __future__ import annotations

from shuoshi.kernel.sounds.faults import STEPS, Broken

_FRAME = 0.02  # seconds, of AMR
_NARROW = (12, 13, 15, 17, 19, 20, 26, 31, 5, None, None, None, None, None, None, 0)  # bytes of a frame by its type
_WIDE = (17, 23, 32, 36, 40, 46, 50, 58, 60, 5, None, None, None, None, 0, 0)
_HEADS = {b"#!AMR\n": (_NARROW, "audio/amr"), b"#!AMR-WB\n": (_WIDE, "audio/amr-wb")}

_KBITS = {  # a second, of layer III, by the four bits of the head
    True: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0),
    False: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0),
}
_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}  # by the version


def read_amr(data: bytes) -> tuple[bytes, str, float]:
    """Raises Broken."""
    head = next((start for start in _HEADS if data.startswith(start)), None)
    if head is None:
        raise Broken
    sizes, media_type = _HEADS[head]
    at, count = len(head), 0
    while at < len(data):
        size = sizes[data[at] >> 3 & 15]
        if size is None or at + 1 + size > len(data):
            break
        at, count = at + 1 + size, count + 1
        if count > STEPS:
            raise Broken
    if not count:
        raise Broken
    return data[:at], media_type, count * _FRAME


def read_mp3(data: bytes) -> tuple[bytes, str, float]:
    """Raises Broken. Two frames in a row show that it is one."""
    begin = at = _behind_tags(data)
    count, seconds = 0, 0.0
    while (frame := _frame(data, at)) is not None and at + frame[0] <= len(data):
        at, seconds, count = at + frame[0], seconds + frame[1], count + 1
        if count > STEPS:
            raise Broken
    if count < 2:
        raise Broken
    return data[begin:at], "audio/mpeg", seconds


def _behind_tags(data: bytes) -> int:
    """Where the sound begins: names, pictures and places stand before it."""
    at = 0
    while data[at : at + 3] == b"ID3" and at + 10 <= len(data):
        size = 0
        for byte in data[at + 6 : at + 10]:
            size = size << 7 | byte & 0x7F
        at += 10 + size
    return at


def _frame(data: bytes, at: int) -> tuple[int, float] | None:
    """Bytes and seconds of the frame that begins here; None for none."""
    if at + 4 > len(data) or data[at] != 0xFF or data[at + 1] & 0xE0 != 0xE0:
        return None
    version, layer = data[at + 1] >> 3 & 3, data[at + 1] >> 1 & 3
    if version == 1 or layer != 1:
        return None
    kbits, rate_code = _KBITS[version == 3][data[at + 2] >> 4], data[at + 2] >> 2 & 3
    if not kbits or rate_code == 3:
        return None
    rate, samples = _RATES[version][rate_code], 1152 if version == 3 else 576
    return samples // 8 * kbits * 1000 // rate + (data[at + 2] >> 1 & 1), samples / rate
