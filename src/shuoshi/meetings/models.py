"""Meetings with their agenda, who was there, votes, minutes and resolutions; topics of residents, and calendar addresses."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from shuoshi.kernel.crypto import EncryptedText, KeyHolder
from shuoshi.kernel.history import History
from shuoshi.kernel.ids import new_id
from shuoshi.meetings.vocabulary import Kind, Outcome, Part, Presence, State, Step, TopicState, Way

MOST_DUE = 20_000
_ENDED = (State.CLOSED, State.APPROVED)


class Decision(models.Model):
    """A village decision (四议两公开): four meetings in their order, then two publications."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+")
    title = models.CharField(max_length=80)
    origin = models.CharField(max_length=200)  # who asked for it, in words that may be read by everybody
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    decided_text = models.TextField(blank=True)  # the first publication
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    outcome_text = models.TextField(blank=True)  # the second
    outcome_at = models.DateTimeField(null=True)
    outcome_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            CheckConstraint(
                name="decision_outcome_after_decision",
                condition=Q(outcome_at__isnull=True) | Q(decided_at__isnull=False),
            )
        ]
        indexes = [Index(name="decision_by_time", fields=["-begun_at"])]

    def __str__(self) -> str:
        return self.title


class Meeting(KeyHolder):
    """One meeting. `due`: how many ought to be there, None where nobody is counted.

    `told_at`: when its time and place were last told; the notice counts from there. `hurry`: why it is shorter than
    `notice_days`. `opened_at` is when it began, `recorded_at` when somebody wrote so down.
    """

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind)
    title = models.CharField(max_length=80)
    place = models.CharField(max_length=120)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    due = models.PositiveSmallIntegerField(null=True)
    notice_days = models.PositiveSmallIntegerField()
    hurry = models.CharField(max_length=200, blank=True)
    called_at = models.DateTimeField()
    called_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    told_at = models.DateTimeField()
    revision = models.PositiveSmallIntegerField(default=0)  # of what calendars know of it
    state = models.CharField(max_length=10, choices=State, default=State.CALLED)
    opened_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(null=True)
    opened_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    cancelled_because = models.CharField(max_length=200, blank=True)
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    approved_in = models.ForeignKey("self", models.PROTECT, null=True, related_name="approving")
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="meetings")
    step = models.CharField(max_length=10, choices=Step, blank=True)

    class Meta:
        constraints = [
            CheckConstraint(name="meeting_ends_after_start", condition=Q(ends_at__gt=F("begins_at"))),
            CheckConstraint(
                name="meeting_due_is_some", condition=Q(due__isnull=True) | Q(due__gte=1, due__lte=MOST_DUE)
            ),
            CheckConstraint(
                name="meeting_cancelled_says_why", condition=Q(state=State.CANCELLED) ^ Q(cancelled_because="")
            ),
            CheckConstraint(
                name="meeting_opened_or_not",
                condition=Q(state__in=(State.CALLED, State.CANCELLED), opened_at__isnull=True)
                | Q(state__in=(State.OPEN, *_ENDED), opened_at__isnull=False, recorded_at__isnull=False),
            ),
            CheckConstraint(name="meeting_closed_or_not", condition=Q(state__in=_ENDED) ^ Q(closed_at__isnull=True)),
            CheckConstraint(
                name="meeting_approved_elsewhere",
                condition=~Q(state=State.APPROVED, approved_at__isnull=True) & ~Q(approved_in=F("id")),
            ),
            CheckConstraint(name="meeting_step_of_decision", condition=Q(decision__isnull=True) ^ ~Q(step="")),
            UniqueConstraint(
                name="meeting_step_once", fields=["decision", "step"], condition=Q(state__in=(State.CALLED, State.OPEN))
            ),
        ]
        indexes = [
            Index(name="meeting_by_time", fields=["-begins_at", "-id"]),
            Index(name="meeting_of_unit", fields=["unit", "-begins_at"]),
        ]

    def __str__(self) -> str:
        return self.title


class Topic(KeyHolder):
    """What a resident asks a meeting to speak about; a person admits it or says why not."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+")
    words = EncryptedText(owner="self")
    name = EncryptedText(owner="self", blank=True)
    phone = EncryptedText(owner="self", blank=True)
    received_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=TopicState, default=TopicState.WAITING)
    answer = EncryptedText(owner="self", blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            CheckConstraint(
                name="topic_settled_by_somebody",
                condition=Q(state=TopicState.WAITING, settled_at__isnull=True)
                | ~Q(state=TopicState.WAITING) & Q(settled_at__isnull=False, settled_by__isnull=False),
            )
        ]
        indexes = [Index(name="topic_waiting", fields=["received_at"], condition=Q(state=TopicState.WAITING))]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.received_at:%Y-%m-%d}"


class AgendaItem(models.Model):
    """One thing to speak about: a matter, a topic of a resident, a resolution to look at again, or words.

    `title` is sealed because a matter's may lead to somebody; `public` says that a person found it fit for everybody.
    """

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="items")
    ordinal = models.PositiveSmallIntegerField()
    title = EncryptedText(owner="meeting")
    proposed_by = EncryptedText(owner="meeting", blank=True)
    public = models.BooleanField(default=False)
    matter = models.ForeignKey("matters.Matter", models.PROTECT, null=True, related_name="+")
    topic = models.OneToOneField(Topic, models.PROTECT, null=True, related_name="item")
    resolution = models.ForeignKey("Resolution", models.PROTECT, null=True, related_name="looked_at")
    added_at = models.DateTimeField()
    dropped_because = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [UniqueConstraint(name="agenda_item_once", fields=["meeting", "ordinal"])]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.ordinal}"


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

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.state}"


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
    """What was decided, who answers for it until when, and what became of it."""

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


class FromMeeting(models.Model):
    """That a matter was raised at a meeting: one of them may raise many."""

    history = History.RECORD

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="raised")
    item = models.ForeignKey(AgendaItem, models.PROTECT, null=True, related_name="raised")
    matter = models.OneToOneField("matters.Matter", models.PROTECT, related_name="meeting")

    def __str__(self) -> str:
        return f"{self.meeting_id} → {self.matter_id}"


class Feed(models.Model):
    """The secret address of somebody's calendar; a new generation makes the old address worthless."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.OneToOneField("people.Person", models.PROTECT, related_name="+")
    generation = models.PositiveIntegerField(default=1)
    active = models.BooleanField(default=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.person_id}"
