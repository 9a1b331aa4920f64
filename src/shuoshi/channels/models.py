"""The rows of all ways in; each way has its own module."""

from __future__ import annotations

from shuoshi.channels.boxes.models import Box, FromLetter, Letter, LetterPhoto, Opening, ReadOff
from shuoshi.channels.hotline.models import Call, Exchange, FromCall
from shuoshi.channels.mail.models import FromMail, Inbox, Mail, MailPhoto, Progress
from shuoshi.channels.platforms.models import Delivery, Hook, Platform, Posted, Silence
from shuoshi.channels.spreadsheets.models import FromSpreadsheet, Layout, RefusedRow, Run, Spreadsheet
from shuoshi.channels.visits.models import Device, Differing, FromVisit, Plan, Visit, VisitFile
from shuoshi.channels.wechat.models import Bound, Enclosure, Follower, Incoming, Late, Seen

__all__ = [
    "Bound",
    "Box",
    "Call",
    "Delivery",
    "Device",
    "Differing",
    "Enclosure",
    "Exchange",
    "Follower",
    "FromCall",
    "FromLetter",
    "FromMail",
    "FromSpreadsheet",
    "FromVisit",
    "Hook",
    "Inbox",
    "Incoming",
    "Late",
    "Layout",
    "Letter",
    "LetterPhoto",
    "Mail",
    "MailPhoto",
    "Opening",
    "Plan",
    "Platform",
    "Posted",
    "Progress",
    "ReadOff",
    "RefusedRow",
    "Run",
    "Seen",
    "Spreadsheet",
    "Silence",
    "Visit",
    "VisitFile",
]
