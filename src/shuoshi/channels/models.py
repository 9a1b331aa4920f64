"""The rows of all ways in; each way has its own module."""

from __future__ import annotations

from shuoshi.channels.boxes.models import Box, FromLetter, Letter, LetterPhoto, Opening
from shuoshi.channels.hotline.models import Call, Exchange, FromCall
from shuoshi.channels.mail.models import FromMail, Inbox, Mail, MailPhoto, Progress
from shuoshi.channels.platforms.models import Platform, Posted

__all__ = [
    "Box",
    "Call",
    "Exchange",
    "FromCall",
    "FromLetter",
    "FromMail",
    "Inbox",
    "Letter",
    "LetterPhoto",
    "Mail",
    "MailPhoto",
    "Opening",
    "Platform",
    "Posted",
    "Progress",
]
