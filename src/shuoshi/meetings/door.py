"""The code on the wall of a meeting: valid while it is open, another one every few minutes, kept nowhere."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime

from shuoshi.meetings.models import Meeting
from shuoshi.meetings.vocabulary import State

EVERY = 600  # seconds in which one code stands; the one before is good for as long again
_SIGNS = 10


def code(meeting: Meeting, now: datetime) -> str:
    """What stands on the wall now."""
    return _of(meeting, int(now.timestamp()) // EVERY)


def opens(meeting: Meeting, given: str, now: datetime) -> bool:
    """Whether the code was read a short while ago in the hall."""
    if meeting.state != State.OPEN:
        return False
    slot = int(now.timestamp()) // EVERY
    return any(hmac.compare_digest(_of(meeting, one).encode(), given.encode()) for one in (slot, slot - 1))


def _of(meeting: Meeting, slot: int) -> str:
    digest = hmac.new(meeting.data_key(), f"meeting door {meeting.pk} {slot}".encode(), hashlib.sha256).digest()
    return base64.b32encode(digest).decode().lower()[:_SIGNS]
