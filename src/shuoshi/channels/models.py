"""The rows of all ways in; each way has its own module."""

from __future__ import annotations

from shuoshi.channels.boxes.models import Box, FromLetter, Letter, LetterPhoto, Opening, ReadOff
from shuoshi.channels.hotline.models import Call, Exchange, FromCall
from shuoshi.channels.platforms.models import Delivery, Hook, Platform, Posted, Silence

__all__ = [
    "Box",
    "Call",
    "Delivery",
    "Exchange",
    "FromCall",
    "FromLetter",
    "Hook",
    "Letter",
    "LetterPhoto",
    "Opening",
    "Platform",
    "Posted",
    "ReadOff",
    "Silence",
]
