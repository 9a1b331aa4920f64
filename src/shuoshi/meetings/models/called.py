"""Meetings as they are called, their agenda, topics of residents, village decisions, and calendar addresses."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from shuoshi.kernel.crypto import EncryptedText, KeyHolder
from shuoshi.kernel.history import History
from shuoshi.kernel.ids import new_id
from shuoshi.meetings import rules
from shuoshi.meetings.vocabulary import Kind, State, Step, TopicState

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
    withdrawn_because = models.CharField(max_length=200, blank=True)  # nobody reads it any longer
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
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
    `notice_days`. `opened_at` is when it began, `recorded_at` when somebody wrote so down; `closed_at` and
    `close_recorded_at` say the same of its end.
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
    close_recorded_at = models.DateTimeField(null=True)
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

    @property
    def is_short(self) -> bool:
        """Whether it was told of later than its kind demands."""
        return rules.days_of_notice(self.told_at, self.begins_at) < self.notice_days

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
    `decides`: the step of the village decision for which the meeting was called is voted on here.
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
    decides = models.BooleanField(default=False)
    dropped_at = models.DateTimeField(null=True)
    dropped_because = EncryptedText(owner="meeting", blank=True)

    class Meta:
        constraints = [UniqueConstraint(name="agenda_item_once", fields=["meeting", "ordinal"])]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.ordinal}"


class Feed(models.Model):
    """The secret address of somebody's calendar; a new mark makes the old address worthless, after a restore as well."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.OneToOneField("people.Person", models.PROTECT, related_name="+")
    mark = models.CharField(max_length=32)  # drawn anew each time, so that none ever comes back
    active = models.BooleanField(default=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.person_id}"
