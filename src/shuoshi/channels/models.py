"""The rows of all ways in; each way has its own module."""

from __future__ import annotations

from shuoshi.channels.boxes.models import Box, FromLetter, Letter, LetterPhoto, Opening, ReadOff
from shuoshi.channels.hotline.models import Call, Exchange, FromCall, FromVoicemail, Voicemail
from shuoshi.channels.mail.models import FromMail, Inbox, Mail, MailPhoto, Progress
from shuoshi.channels.platforms.models import Delivery, Hook, Platform, Posted, Silence
from shuoshi.channels.points.models import (
    Attendance,
    DayRule,
    FromSheet,
    FromTicket,
    MatterDay,
    NotOfSheet,
    Queue,
    Sheet,
    SheetPhoto,
    Sitting,
    Ticket,
)
from shuoshi.channels.spreadsheets.models import FromSpreadsheet, Layout, RefusedRow, Run, Spreadsheet
from shuoshi.channels.visits.models import Device, Differing, FromVisit, Plan, Visit, VisitFile
from shuoshi.channels.wechat.models import Bound, Enclosure, Follower, Incoming, Late, Seen

__all__ = [
    "Attendance",
    "Bound",
    "Box",
    "Call",
    "DayRule",
    "Delivery",
    "Device",
    "Differing",
    "Enclosure",
    "Exchange",
    "Follower",
    "FromCall",
    "FromLetter",
    "FromMail",
    "FromSheet",
    "FromSpreadsheet",
    "FromTicket",
    "FromVisit",
    "FromVoicemail",
    "Hook",
    "Inbox",
    "Incoming",
    "Late",
    "Layout",
    "Letter",
    "LetterPhoto",
    "Mail",
    "MailPhoto",
    "MatterDay",
    "NotOfSheet",
    "Opening",
    "Plan",
    "Platform",
    "Posted",
    "Progress",
    "Queue",
    "ReadOff",
    "RefusedRow",
    "Run",
    "Seen",
    "Sheet",
    "SheetPhoto",
    "Silence",
    "Sitting",
    "Spreadsheet",
    "Ticket",
    "Visit",
    "VisitFile",
    "Voicemail",
]
