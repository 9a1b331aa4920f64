"""The rows of all ways in; each way has its own module."""

from __future__ import annotations

from shuoshi.channels.boxes.models import Box, FromLetter, Letter, LetterPhoto, Opening
from shuoshi.channels.hotline.models import Call, Exchange, FromCall
from shuoshi.channels.platforms.models import Platform, Posted
from shuoshi.channels.visits.models import Device, Differing, FromVisit, Plan, Visit, VisitFile

__all__ = [
    "Box",
    "Call",
    "Device",
    "Differing",
    "Exchange",
    "FromCall",
    "FromLetter",
    "FromVisit",
    "Letter",
    "LetterPhoto",
    "Opening",
    "Plan",
    "Platform",
    "Posted",
    "Visit",
    "VisitFile",
]
