"""Minutes, what was published of them, and resolutions with what became of them."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint

from shuoshi.kernel.crypto import EncryptedText
from shuoshi.kernel.history import History
from shuoshi.kernel.ids import new_id
from shuoshi.meetings.models.called import AgendaItem, Meeting
from shuoshi.meetings.models.held import Vote
from shuoshi.meetings.vocabulary import Outcome


class Minutes(models.Model):
    """One version of the minutes: the highest stands. `because`: why it differs from the one before."""

    history = History.RECORD

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="minutes")
    version = models.PositiveSmallIntegerField()
    text = EncryptedText(owner="meeting")
    because = EncryptedText(owner="meeting", blank=True)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints = [UniqueConstraint(name="minutes_version_once", fields=["meeting", "version"])]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.version}"


class Published(models.Model):
    """What everybody may read of approved minutes: made by a person, kept apart, and who released it."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="published")
    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="+")
    text = models.TextField()
    released_at = models.DateTimeField()
    released_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    withdrawn_because = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            UniqueConstraint(name="published_once", fields=["meeting"], condition=Q(withdrawn_at__isnull=True)),
            CheckConstraint(
                name="published_withdrawn_why", condition=Q(withdrawn_at__isnull=True) ^ ~Q(withdrawn_because="")
            ),
        ]
        indexes = [Index(name="published_by_time", fields=["-released_at"])]

    def __str__(self) -> str:
        return f"{self.meeting_id}"


class Resolution(models.Model):
    """What was decided, who answers for it until when, and what became of it.

    `because`: why it was written down only after the meeting was closed; "" where it was written down there.
    """

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="resolutions")
    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="resolutions")
    vote = models.ForeignKey(Vote, models.PROTECT, null=True, related_name="+")
    ordinal = models.PositiveSmallIntegerField()
    text = EncryptedText(owner="meeting")
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+")
    deadline = models.DateField(null=True)
    matter = models.ForeignKey(
        "matters.Matter", models.PROTECT, null=True, related_name="+"
    )  # that it became, or is about
    became = models.BooleanField(default=False)  # a matter of its own
    made_at = models.DateTimeField(null=True)  # written down
    made_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    because = EncryptedText(owner="meeting", blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.OPEN)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            UniqueConstraint(name="resolution_once", fields=["meeting", "ordinal"]),
            CheckConstraint(
                name="resolution_settled_by_somebody", condition=Q(outcome=Outcome.OPEN) ^ Q(settled_at__isnull=False)
            ),
        ]
        indexes = [Index(name="resolution_open", fields=["deadline"], condition=Q(outcome=Outcome.OPEN))]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.ordinal}"


class FollowUpTold(models.Model):
    """What was said of a resolution later, at a meeting or beside one."""

    history = History.RECORD

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    resolution = models.ForeignKey(Resolution, models.PROTECT, related_name="told")
    at_meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, related_name="+")
    words = EncryptedText(owner="resolution.meeting")
    outcome = models.CharField(max_length=10, choices=Outcome)
    at = models.DateTimeField()
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")

    class Meta:
        indexes = [Index(name="told_of_resolution", fields=["resolution", "at"])]

    def __str__(self) -> str:
        return f"{self.resolution_id} {self.outcome}"
