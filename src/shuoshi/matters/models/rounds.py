"""Rounds, who handles in them, what is asked for on the way, and the clocks of all that."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint

from shuoshi.kernel.clocks import Clock
from shuoshi.kernel.crypto import EncryptedText
from shuoshi.kernel.history import History
from shuoshi.kernel.ids import new_id
from shuoshi.matters.models.matter import Matter
from shuoshi.matters.vocabulary import (
    DeadlineKind,
    EndedBecause,
    Lateness,
    RequestKind,
    RequestState,
    RoundBecause,
)


class Round(models.Model):
    """One pass to a follow-up (办理轮次). Rework is a new round, never an edit (4.4.2)."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="rounds")
    ordinal = models.PositiveSmallIntegerField()
    because = models.CharField(max_length=12, choices=RoundBecause)
    tier_path = models.CharField(max_length=120)
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    replied_at = models.DateTimeField(null=True)
    words = EncryptedText(owner="matter", blank=True)  # why the last round did not satisfy, in the person's words

    class Meta:
        constraints = [
            UniqueConstraint(name="round_ordinal_once", fields=["matter", "ordinal"]),
            UniqueConstraint(name="round_one_open", fields=["matter"], condition=Q(ended_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} #{self.ordinal}"


class Assignment(models.Model):
    """Given to one lead unit with a limit and its basis (4.2.2). A round has one that is current."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="assignments")
    round = models.ForeignKey(Round, models.PROTECT, related_name="assignments")
    ordinal = models.PositiveSmallIntegerField()  # counts all of a matter; stands in the paper's number
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+")
    handler = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, related_name="+"
    )  # until it is signed for only proposed
    assigned_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    assigned_at = models.DateTimeField()
    basis = models.CharField(max_length=80)
    duty_line = models.ForeignKey("organization.DutyLine", models.PROTECT, null=True, related_name="+")
    reason = EncryptedText(owner="matter", blank=True)
    binding = models.BooleanField(default=False)  # designated, or a rework: no return
    returnable_until = models.DateTimeField()  # the return window, counted once in the unit's working time
    reds = models.PositiveSmallIntegerField(default=0)  # red cards of the lead in this assignment
    signed_for_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=12, choices=EndedBecause, blank=True)

    class Meta:
        constraints = [
            UniqueConstraint(name="assignment_one_current", fields=["round"], condition=Q(ended_at__isnull=True)),
            UniqueConstraint(name="assignment_ordinal_once", fields=["matter", "ordinal"]),
            CheckConstraint(
                name="assignment_end_has_reason",
                condition=Q(ended_at__isnull=True, ended_because="")
                | (Q(ended_at__isnull=False) & ~Q(ended_because="")),
            ),
        ]
        indexes = [
            Index(name="assignment_of_unit", fields=["unit", "matter"]),  # queries.visible_to: what we once had
            Index(name="assignment_by_time", fields=["unit", "assigned_at"]),  # cards: what it was given in a quarter
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} → {self.unit_id}"


class CoUnit(models.Model):
    """A unit that helps the lead (协办): with a task, a date and an opinion of its own where it was asked for one."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="co_units")
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="co_units")
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+")
    task = EncryptedText(owner="matter", blank=True)
    asked_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    opinion = EncryptedText(owner="matter", blank=True)

    class Meta:
        constraints = [
            UniqueConstraint(name="co_unit_once", fields=["assignment", "unit"]),
            CheckConstraint(
                name="co_unit_answers_what_it_was_asked",
                condition=Q(answered_at__isnull=True) | Q(asked_at__isnull=False, due_at__isnull=False),
            ),
        ]
        indexes = [Index(name="co_unit_of_unit", fields=["unit", "matter"])]  # queries.visible_to, queues

    def __str__(self) -> str:
        return f"{self.matter_id} + {self.unit_id}"


class Request(models.Model):
    """Something asked for that somebody else rules on (申请). Silence is refusal: the clock runs on."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="requests")
    round = models.ForeignKey(Round, models.PROTECT, related_name="requests")
    assignment = models.ForeignKey(Assignment, models.PROTECT, null=True, related_name="requests")
    kind = models.CharField(max_length=10, choices=RequestKind)
    state = models.CharField(max_length=10, choices=RequestState, default=RequestState.PENDING)
    requester = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")  # null: the speaker
    in_place_of = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, related_name="+"
    )  # who was away when the requester asked
    requested_at = models.DateTimeField()
    reason_code = models.CharField(max_length=40, blank=True)
    text = EncryptedText(owner="matter")
    basis = EncryptedText(owner="matter", blank=True)
    rights_notice = EncryptedText(owner="matter", blank=True)
    exit = models.CharField(max_length=20, blank=True)
    plan = EncryptedText(
        owner="matter", blank=True
    )  # of an extension what is done until then; of a parking the measures
    days = models.PositiveSmallIntegerField(null=True)  # of an extension
    until = models.DateField(null=True)  # the last day of a pause, the target of a parking
    unit = models.ForeignKey(
        "organization.Unit", models.PROTECT, null=True, related_name="+"
    )  # the proper unit of a return, the one a recusal is about
    about_person = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")  # of a recusal
    decider_path = models.CharField(
        max_length=120
    )  # whose dispatcher or leader rules; the tier above when none is free
    lead_may_rule = models.BooleanField(default=False)  # of an exit: nobody outside the lead unit is free
    leaders_only = models.BooleanField(default=False)  # no dispatcher rules on it
    apart = models.TextField(blank=True)  # paths, apart by spaces: whose people do not rule, for it is about them
    but_heads_only = models.BooleanField(default=False)  # nobody outside is free: of those only who heads one does not
    decided_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision = EncryptedText(owner="matter", blank=True)

    class Meta:
        constraints = [
            UniqueConstraint(
                name="request_one_pending_of_a_kind", fields=["matter", "kind"], condition=Q(state=RequestState.PENDING)
            ),
            CheckConstraint(
                name="request_decided_by_another",
                condition=Q(decided_by__isnull=True) | Q(requester__isnull=True) | ~Q(decided_by=models.F("requester")),
            ),
            CheckConstraint(
                name="request_not_decided_by_whose_place",
                condition=Q(decided_by__isnull=True)
                | Q(in_place_of__isnull=True)
                | ~Q(decided_by=models.F("in_place_of")),
            ),
        ]
        indexes = [
            Index(name="request_pending", fields=["decider_path", "kind"], condition=Q(state=RequestState.PENDING)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.matter_id}"


class Deadline(Clock):
    """One promise with a clock (1.3.4). Settled once, as met, missed or void; a change opens a successor."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="deadlines")
    round = models.ForeignKey(Round, models.PROTECT, related_name="deadlines")
    assignment = models.ForeignKey(Assignment, models.PROTECT, null=True, related_name="deadlines")
    late = models.PositiveSmallIntegerField(choices=Lateness, default=Lateness.IN_TIME)

    class Meta(Clock.Meta):
        constraints = [
            *Clock.Meta.constraints,
            UniqueConstraint(
                name="deadline_one_open_per_kind", fields=["round", "kind", "about"], condition=Q(outcome="OPEN")
            ),
        ]
        indexes = [
            *Clock.Meta.indexes,
            Index(name="deadline_of_matter", fields=["matter", "started_at"]),  # queries.matter: the promise list
            Index(  # actions.recount
                name="deadline_guessed", fields=["due_at"], condition=Q(provisional=True, outcome="OPEN")
            ),
            # queries.overview: what fell due lately
            Index(name="deadline_completion", fields=["due_at"], condition=Q(kind=DeadlineKind.COMPLETION)),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display_text()} {self.matter_id}"

    def get_kind_display_text(self) -> str:
        return str(DeadlineKind(self.kind).label)
