"""Making strangers' pictures safe: known by content, decoded and written anew in a child process, without metadata.

Storing them is files' work; which rows they belong to, their packages'.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from django.utils.translation import gettext as _

LARGEST = 10 * 1024 * 1024  # bytes
WALL_SECONDS = 10
_CHILD = Path(__file__).with_name("picture_child.py")
_AT_ONCE = threading.BoundedSemaphore(2)  # children of this process; each may take hundreds of megabytes
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})


class Reason(StrEnum):
    """Why a picture was not taken."""

    TOO_BIG = "too_big"
    WRONG_TYPE = "wrong_type"
    BROKEN = "broken"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_SLOW = "too_slow"


class BadPicture(Exception):
    """The picture was refused. `reason` is for programs; `str()` says it to people, as half a sentence without 。"""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return {
            Reason.TOO_BIG: _("照片超过 10 MB，请选小一点的，或者重新拍一张"),
            Reason.WRONG_TYPE: _("只能放 JPG、PNG、WebP 或 HEIC 格式的照片"),
            Reason.BROKEN: _("照片打不开，可能没有传完整，请重新选一次"),
            Reason.TOO_MANY_PIXELS: _("照片尺寸太大，请用手机普通模式重新拍一张"),
            Reason.TOO_SLOW: _("照片处理时间太长，请换一张"),
        }[self.reason]


@dataclass(frozen=True, slots=True)
class Picture:
    """A clean picture: JPEG, or PNG where it has transparency; at most 2560 pixels a side, upright.

    `thumbnail` is a JPEG of at most 320 pixels a side.
    """

    data: bytes
    media_type: str
    width: int
    height: int
    thumbnail: bytes


def clean(data: bytes, filename: str = "") -> Picture:
    """The picture written anew. Raises BadPicture. The file's name is not looked at: its content says what it is.

    Takes up to ten seconds and a child process: call it before the transaction, not inside.
    """
    if len(data) > LARGEST:
        raise BadPicture(Reason.TOO_BIG)
    kind = _kind(data)
    if kind is None:
        raise BadPicture(Reason.WRONG_TYPE)
    with _AT_ONCE:
        made = _in_child(data, kind)
    head, _newline, rest = made.partition(b"\n")
    try:
        answer = json.loads(head)
    except ValueError:  # killed by its limits, or by a decoder's crash
        raise BadPicture(Reason.BROKEN) from None
    if "refused" in answer:
        raise BadPicture(Reason(answer["refused"]))
    return Picture(
        data=rest[: answer["picture"]],
        media_type=answer["media_type"],
        width=answer["width"],
        height=answer["height"],
        thumbnail=rest[answer["picture"] :],
    )


def _kind(data: bytes) -> str | None:
    """Pillow's name of the format, by the first bytes."""
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        return "HEIF"
    return None


def _in_child(data: bytes, kind: str) -> bytes:
    """What the child wrote. Raises BadPicture when it took too long, or ran into the limit of processor time."""
    try:
        child = subprocess.run(
            [sys.executable, "-I", str(_CHILD), kind],
            input=data,
            capture_output=True,
            timeout=WALL_SECONDS,
            env=ENVIRONMENT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise BadPicture(Reason.TOO_SLOW) from None
    if child.returncode in _OUT_OF_TIME:
        raise BadPicture(Reason.TOO_SLOW)
    return child.stdout


_OUT_OF_TIME = frozenset({-9, -24})  # SIGKILL, SIGXCPU
ENVIRONMENT = {
    name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ
}  # Windows starts nothing without


def shape(data: bytes) -> tuple[str, int, int] | None:
    """ "jpg" or "png" of a picture that was cleaned, with its width and height; None where it is neither. Decodes nothing."""
    import io

    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as opened:
            width, height = opened.size
            return ("png" if opened.format == "PNG" else "jpg"), width, height
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        return None
