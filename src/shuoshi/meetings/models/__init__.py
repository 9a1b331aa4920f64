"""The rows of meetings."""

from __future__ import annotations

from shuoshi.meetings.models.called import MOST_DUE, AgendaItem, Decision, Feed, Meeting, Topic
from shuoshi.meetings.models.held import Attendance, Correction, FromMeeting, Vote, VotePresent
from shuoshi.meetings.models.words import FollowUpTold, Minutes, Published, Resolution

__all__ = [
    "MOST_DUE",
    "AgendaItem",
    "Attendance",
    "Correction",
    "Decision",
    "Feed",
    "FollowUpTold",
    "FromMeeting",
    "Meeting",
    "Minutes",
    "Published",
    "Resolution",
    "Topic",
    "Vote",
    "VotePresent",
]
