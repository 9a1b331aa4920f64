"""Who was at a meeting, how they voted, and what was raised there."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from shuoshi.kernel.crypto import EncryptedText
from shuoshi.kernel.history import History
from shuoshi.kernel.ids import new_id
from shuoshi.meetings.models.called import AgendaItem, Meeting
from shuoshi.meetings.vocabulary import Part, Presence, Way

_LATER = timedelta(minutes=30)


class Attendance(models.Model):
    """That somebody was there, from when to when. It counts once it is PRESENT; struck, it stays with the reason.

    `late`: entered or struck after the meeting was closed, which is a correction.
    """

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="attendance")
    name = EncryptedText(owner="meeting")
    phone = EncryptedText(owner="meeting", blank=True)
    part = models.CharField(max_length=10, choices=Part, default=Part.MEMBER)
    way = models.CharField(max_length=10, choices=Way)
    came_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    leave_recorded_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=Presence, default=Presence.WAITING)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    because = EncryptedText(owner="meeting", blank=True)
    late = models.BooleanField(default=False)

    class Meta:
        constraints = [
            CheckConstraint(
                name="attendance_leaves_after", condition=Q(left_at__isnull=True) | Q(left_at__gte=F("came_at"))
            ),
            CheckConstraint(
                name="attendance_settled_by_somebody",
                condition=Q(state=Presence.WAITING, settled_at__isnull=True)
                | ~Q(state=Presence.WAITING) & Q(settled_at__isnull=False, settled_by__isnull=False),
            ),
            CheckConstraint(
                name="attendance_waits_by_code",
                condition=~Q(state=Presence.WAITING) | Q(way=Way.CODE, left_at__isnull=True),
            ),
        ]
        indexes = [Index(name="attendance_of_meeting", fields=["meeting", "came_at"])]

    @property
    def entered_later(self) -> bool:
        """Whether it was written down well after they are said to have come."""
        return (
            self.settled_at is not None and self.state == Presence.PRESENT and self.settled_at - self.came_at > _LATER
        )

    @property
    def left_later(self) -> bool:
        """Whether their leaving was written down well after it."""
        return (
            self.leave_recorded_at is not None
            and self.left_at is not None
            and self.leave_recorded_at - self.left_at > _LATER
        )

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.state}"


class Correction(models.Model):
    """That it was told wrongly how many ought to be there: what stood there, what stands now, and why."""

    history = History.RECORD

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="corrections")
    before = models.PositiveSmallIntegerField(null=True)
    after = models.PositiveSmallIntegerField()
    because = EncryptedText(owner="meeting")
    at = models.DateTimeField()
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        indexes = [Index(name="correction_of_meeting", fields=["meeting", "at"])]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.after}"


class Vote(models.Model):
    """What was asked and how many said what, with how many members were there then. Struck, it counts no more."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="votes")
    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="votes")
    question = EncryptedText(owner="meeting")
    in_favour = models.PositiveSmallIntegerField()
    against = models.PositiveSmallIntegerField()
    abstained = models.PositiveSmallIntegerField()
    due = models.PositiveSmallIntegerField(null=True)
    present = models.PositiveSmallIntegerField()
    by_code = models.PositiveSmallIntegerField()  # of those present
    quorate = models.BooleanField()
    passed = models.BooleanField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(null=True)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    struck_at = models.DateTimeField(null=True)
    struck_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    struck_because = EncryptedText(owner="meeting", blank=True)

    class Meta:
        constraints = [
            CheckConstraint(
                name="vote_of_those_present",
                condition=Q(present__gte=F("in_favour") + F("against") + F("abstained")) & Q(by_code__lte=F("present")),
            ),
            CheckConstraint(name="vote_passes_with_quorum", condition=Q(passed=False) | Q(quorate=True)),
        ]
        indexes = [Index(name="vote_of_meeting", fields=["meeting", "at"])]

    @property
    def entered_later(self) -> bool:
        """Whether it was written down well after it is said to have been taken."""
        return self.recorded_at is not None and self.recorded_at - self.at > _LATER

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.in_favour}"


class VotePresent(models.Model):
    """Who was there when a vote was taken, as it stood then."""

    history = History.RECORD

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    vote = models.ForeignKey(Vote, models.PROTECT, related_name="there")
    attendance = models.ForeignKey(Attendance, models.PROTECT, related_name="+")

    class Meta:
        constraints = [UniqueConstraint(name="vote_present_once", fields=["vote", "attendance"])]

    def __str__(self) -> str:
        return f"{self.vote_id} {self.attendance_id}"


class FromMeeting(models.Model):
    """That a matter was raised at a meeting: one of them may raise many."""

    history = History.RECORD

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="raised")
    item = models.ForeignKey(AgendaItem, models.PROTECT, null=True, related_name="raised")
    matter = models.OneToOneField("matters.Matter", models.PROTECT, related_name="meeting")

    def __str__(self) -> str:
        return f"{self.meeting_id} → {self.matter_id}"
