"""Strangers' recordings made fit to keep: known by content, walked through from end to end, without names and places.

Nothing is decoded: what a player would hear stays byte for byte, what a recorder wrote beside it is left out. Storing
them is files' work; which rows they belong to, their packages'.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from shuoshi.kernel.sounds import frames, mp4, ogg, riff, webm
from shuoshi.kernel.sounds.faults import Broken, NotHeard

LARGEST = 6 * 1024 * 1024  # bytes: three minutes as a telephone exchange writes them, and more than that from a phone
LONGEST = 180  # seconds
NOT_PLAYED = frozenset({"audio/amr", "audio/amr-wb", "audio/3gpp"})  # by no browser; a program of the machine does


class Reason(StrEnum):
    """Why a recording was not taken."""

    TOO_BIG = "too_big"
    TOO_LONG = "too_long"
    WRONG_TYPE = "wrong_type"
    BROKEN = "broken"
    SILENT = "silent"


class BadSound(Exception):
    """The recording was refused. `reason` is for programs; `str()` says it to people, as half a sentence without 。"""

    def __init__(self, reason: Reason, longest: int = LONGEST, largest: int = LARGEST) -> None:
        super().__init__(reason)
        self.reason, self.longest, self.largest = reason, longest, largest

    def __str__(self) -> str:
        return {
            Reason.TOO_BIG: _("录音超过 %(n)d MB，请录短一点，或者分几次说") % {"n": self.largest // 2**20},
            Reason.TOO_LONG: _("录音超过 %(n)d 分钟，请录短一点，或者分几次说") % {"n": self.longest // 60},
            Reason.WRONG_TYPE: _("这个文件不是能收的录音，请放 MP3、M4A、WAV、AMR、OGG 或 WebM 格式的录音"),
            Reason.BROKEN: _("录音打不开，可能没有传完整，请重新录一次"),
            Reason.SILENT: _("录音里没有声音，请重新录一次"),
        }[self.reason]


@dataclass(frozen=True, slots=True)
class Sound:
    """A recording as it is kept. `seconds` is rounded up and never 0."""

    data: bytes
    media_type: str
    seconds: int


def clean(data: bytes, *, longest: int = LONGEST, largest: int = LARGEST) -> Sound:
    """The recording without what was written beside it. Raises BadSound. Its name is not looked at."""
    if len(data) > largest:
        raise BadSound(Reason.TOO_BIG, longest, largest)
    read = _reader(data)
    if read is None:
        raise BadSound(Reason.WRONG_TYPE)
    try:
        kept, media_type, seconds = read(data)
    except NotHeard:
        raise BadSound(Reason.WRONG_TYPE) from None
    except (Broken, struct.error, ValueError, IndexError, ArithmeticError):
        raise BadSound(Reason.BROKEN) from None
    if seconds <= 0:
        raise BadSound(Reason.SILENT)
    if seconds > longest + 1:  # a recorder that stops by itself stops a moment late
        raise BadSound(Reason.TOO_LONG, longest)
    return Sound(kept, media_type, _whole(seconds))


def seconds_of(data: bytes) -> int:
    """How long a recording is that was taken once. Raises BadSound for what never was."""
    return clean(data, longest=len(data), largest=len(data)).seconds


def _whole(seconds: float) -> int:
    return max(1, math.ceil(round(seconds, 1)))


def _reader(data: bytes) -> Callable[[bytes], tuple[bytes, str, float]] | None:
    """By the first bytes."""
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return riff.read
    if data[:4] == b"OggS":
        return ogg.read
    if data[:4] == b"\x1a\x45\xdf\xa3":
        return webm.read
    if data[4:8] == b"ftyp":
        return mp4.read
    if data[:5] == b"#!AMR":
        return frames.read_amr
    if data[:3] == b"ID3" or (data[:1] == b"\xff" and len(data) > 1 and data[1] & 0xE0 == 0xE0):
        return frames.read_mp3
    return None
