"""Small recordings as telephones, browsers and exchanges write them, made byte by byte."""

from __future__ import annotations

import io
import math
import struct
import wave

from django.core.files.uploadedfile import SimpleUploadedFile

from shuoshi.matters.terms import FileGiven

HIDDEN = b"Liuwan village 3"  # what a recorder writes beside the sound, and nobody is to find


def wav(seconds: float = 2, *, tone: int = 440, rate: int = 8000) -> bytes:
    """As an exchange writes it, with a list of names behind the sound."""
    data = io.BytesIO()
    with wave.open(data, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        wave_ = (round(8000 * math.sin(2 * math.pi * tone * n / rate)) for n in range(round(seconds * rate)))
        file.writeframes(b"".join(struct.pack("<h", value) for value in wave_))
    return data.getvalue() + b"LIST" + struct.pack("<I", len(HIDDEN)) + HIDDEN


def amr(seconds: float = 2) -> bytes:
    """As WeChat keeps voices: frames of 12.2 kbit/s."""
    return b"#!AMR\n" + (b"\x3c" + bytes(31)) * round(seconds * 50)


def mp3(seconds: float = 2) -> bytes:
    """MPEG 1, layer III, 32 kbit/s at 48 kHz; 24 ms and 96 bytes a frame, with names before and behind."""
    tag = b"ID3\x03\x00\x00" + bytes([0, 0, 0, len(HIDDEN)]) + HIDDEN
    return tag + (b"\xff\xfb\x14\xc4" + bytes(92)) * round(seconds / 0.024) + b"TAG" + HIDDEN.ljust(125, b"\0")


def ogg(
    seconds: float = 2,
    *,
    head: bytes = b"OpusHead\x01\x01\x38\x01\x80\xbb\x00\x00\x00\x00\x00",
    comments: int = 0,
) -> bytes:
    """Opus as Firefox records it; 312 samples are not heard. `comments`: full pages of them before the last."""
    tags = b"OpusTags" + struct.pack("<I", len(HIDDEN)) + HIDDEN + bytes(4)
    pages = [(head, 0), (tags, 0), (b"\xfc\xff\xfe" * 20, 312 + round(seconds * 48_000))]
    made = [_page(body, granule, place) for place, (body, granule) in enumerate(pages)]
    full = b"OggS" + struct.pack("<BBQIIIB", 0, 0, 0, 7, 1, 0, 255) + b"\xff" * 255 + b"OpusTags".ljust(65_025, b"\0")
    return b"".join((made[0], *([full] * comments), *made[1:]))


def _page(body: bytes, granule: int, place: int) -> bytes:
    lengths = bytes([255] * (len(body) // 255) + [len(body) % 255])
    return b"OggS" + struct.pack("<BBQIIIB", 0, 0, granule, 7, place, 0, len(lengths)) + lengths + body


def webm(seconds: float = 2, *, codec: bytes = b"A_OPUS", kind: int = 2) -> bytes:
    """As Chromium records it: sizes of the segment and its clusters are not known, how long it is neither."""
    head = _element(b"\x1a\x45\xdf\xa3", _element(b"\x42\x82", b"webm"))
    names = _element(b"\x4d\x80", b"Chrome") + _element(b"\x57\x41", b"Chrome")
    info = _element(b"\x15\x49\xa9\x66", _element(b"\x2a\xd7\xb1", b"\x0f\x42\x40") + names)
    track = _element(b"\x83", bytes([kind])) + _element(b"\x86", codec) + _element(b"\x53\x6e", HIDDEN)
    tracks = _element(b"\x16\x54\xae\x6b", _element(b"\xae", track))
    tags = _element(b"\x12\x54\xc3\x67", HIDDEN)
    ends = round(seconds * 1000)
    clusters = b"".join(_cluster(begin, min(begin + 29_940, ends)) for begin in range(0, ends + 1, 30_000))
    return head + b"\x18\x53\x80\x67" + _UNKNOWN + info + tracks + tags + clusters


def _cluster(begin: int, end: int) -> bytes:
    frame = b"\x80\xfc\xff\xfe"
    blocks = (_element(b"\xa3", b"\x81" + struct.pack(">h", at - begin) + frame) for at in range(begin, end + 1, 60))
    return b"\x1f\x43\xb6\x75" + _UNKNOWN + _element(b"\xe7", struct.pack(">I", begin)) + b"".join(blocks)


_UNKNOWN = b"\x01" + b"\xff" * 7


def _element(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack(">H", 0x4000 | len(body)) + body


def mp4(seconds: float = 2, *, handler: bytes = b"soun", codec: bytes = b"mp4a", parts: bool = False) -> bytes:
    """As telephones record it; with `parts` as Safari does, that knows how long it is only piece by piece."""
    whole = 0 if parts else round(seconds * 1000)
    mvhd = _box(b"mvhd", bytes(12) + struct.pack(">II", 1000, whole) + bytes(80))
    mdhd = _box(b"mdhd", bytes(12) + struct.pack(">II", 1000, whole) + bytes(4))
    hdlr = _box(b"hdlr", bytes(8) + handler + bytes(12))
    stsd = _box(b"stsd", struct.pack(">II", 0, 1) + _box(codec, bytes(28)))
    stbl = _box(b"minf", _box(b"stbl", stsd))
    trak = _box(b"trak", _box(b"mdia", mdhd + hdlr + stbl))
    moov = _box(b"moov", mvhd + trak + _box(b"udta", HIDDEN))
    run = struct.pack(">II", 0, round(seconds * 10))
    tfhd = _box(b"tfhd", struct.pack(">III", 8, 1, 100))
    moof = _box(b"moof", _box(b"traf", tfhd + _box(b"trun", run)))
    return _box(b"ftyp", b"M4A \0\0\0\0") + moov + (moof if parts else b"") + _box(b"mdat", bytes(200))


def _box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", 8 + len(body)) + kind + body


def sent(data: bytes = b"", name: str = "录音.wav", kind: str = "audio/wav") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data or wav(), kind)


def spoken(seconds: int = 2) -> FileGiven:
    """As an action takes it."""
    return FileGiven("录音", wav(seconds), "audio/wav", seconds=seconds)
