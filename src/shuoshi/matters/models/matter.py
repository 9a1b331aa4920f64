"""A matter, who is party to it, and what is asked for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.db.models.functions import Right
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from shuoshi.kernel.crypto import EncryptedText, KeyHolder
from shuoshi.kernel.history import History
from shuoshi.kernel.ids import new_id
from shuoshi.kernel.labels import Labelled
from shuoshi.matters.vocabulary import (
    ANSWERED_IN_PARTS,
    GIVEN,
    HELD,
    OF_A_PART,
    ORDER_OWED,
    Adopted,
    Channel,
    Complexity,
    Exit,
    FollowUpBy,
    Kind,
    Mediated,
    Naming,
    OrderState,
    PartyRole,
    Spoken,
    Status,
    TellBy,
    Urgency,
)

NEVER = datetime(9999, 1, 1, tzinfo=UTC)  # null never sorts: a matter without an open clock waits here


LAST_DIGITS = Right("tail", 4)


class _Found(models.Manager["Matter"]):
    """Everything but what an undone import left behind. `_base_manager` finds that too, for whoever compares or copies rows."""

    def get_queryset(self) -> models.QuerySet[Matter]:
        return super().get_queryset().filter(undone=False)


class Matter(Labelled, KeyHolder):
    """One issue raised under the institution, from registration to its end (4.1–4.4).

    `status`, `turn`, `round`, `assignment` and `next_due_at` say where it stands now; everything they came from is in
    its events. Texts are the resident's own and encrypted under the key this row holds.
    """

    history = History.PROJECTION
    unverified = frozenset({"wrapped_key"})
    gone = _("已销毁")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=40, unique=True)
    tail = models.CharField(max_length=12)  # the digits people read out: date's last four and sequence
    query_generation = models.PositiveSmallIntegerField(default=1)
    status = models.CharField(max_length=20, choices=Status)
    turn = models.PositiveIntegerField(default=1)
    exit = models.CharField(max_length=20, choices=Exit, blank=True)
    closed_at = models.DateTimeField(null=True)
    reopened_at = models.DateTimeField(null=True)  # the last time; its dates count from there
    reopen_until = models.DateTimeField(null=True)  # how long after the end it may be raised again
    review_until = models.DateTimeField(null=True)  # how long after the answer the tier above may be asked to review it
    reviews_asked = models.PositiveSmallIntegerField(default=0)  # bodies that upheld the last answer, or are asked to
    review_path = models.CharField(max_length=120, blank=True)  # the tier that reviews it now
    review_here = models.BooleanField(default=False)  # none stands above: a leader of its own tier reviews it
    review_written_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    finally_reviewed_at = models.DateTimeField(null=True)
    petition = models.BooleanField(default=False)  # handled as a petition: reviewed twice, by two bodies
    reconsidered_until = models.DateTimeField(null=True)  # how long after the end the speaker may still speak or rate

    channel = models.CharField(max_length=20, choices=Channel)
    outside_number = models.CharField(max_length=60, blank=True)
    registered_at = models.DateTimeField()
    happened_at = models.DateTimeField()
    registered_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    staff_entered = models.BooleanField(default=False)
    registry = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+")
    home_path = models.CharField(max_length=120)  # the tier the registry serves, which answers to the resident
    tier_path = models.CharField(max_length=120)  # the tier that dispatches it now
    said_point = models.ForeignKey("organization.Point", models.PROTECT, null=True, related_name="+")
    said_place = EncryptedText(owner="self", blank=True)
    area = models.ForeignKey("organization.Area", models.PROTECT, null=True, related_name="+")
    place = EncryptedText(owner="self", blank=True)
    coordinates = EncryptedText(owner="self", blank=True)
    content = EncryptedText(owner="self")
    answers = EncryptedText(owner="self", blank=True)  # to the category's questions, as JSON
    concerns_words = EncryptedText(owner="self", blank=True)
    concerns_to_check = models.BooleanField(default=False)  # a resident's words that nobody has looked up yet
    spoken = models.CharField(max_length=8, choices=Spoken, blank=True)  # `content` stands for a recording
    untyped = models.BooleanField(default=False)  # a recording of the speaker that nobody has typed yet
    read_back = models.CharField(max_length=60, blank=True)

    title = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=20, choices=Kind, blank=True)
    category = models.CharField(max_length=8, blank=True)
    sensitive = models.BooleanField(default=False)
    complexity = models.CharField(max_length=10, choices=Complexity, blank=True)
    urgency = models.CharField(max_length=2, choices=Urgency, default=Urgency.U4)
    urgency_suspected = models.BooleanField(default=False)
    undone = models.BooleanField(default=False)  # imported by mistake: found nowhere, only its number and events stay
    drill = models.BooleanField(default=False)  # an exercise from its registration on: never told, never counted
    emergencies = models.PositiveSmallIntegerField(default=0)  # files opened so far
    duty_since = models.DateTimeField(null=True)  # from when on the tree of the duty is climbed; null: nobody is called
    papers_owed = models.BooleanField(default=False)  # dispatched first, not written up yet
    naming = models.CharField(max_length=12, choices=Naming)
    headcount = models.PositiveIntegerField(null=True)  # how many ask for it together; null: no group
    answers_owed = models.PositiveSmallIntegerField(
        default=0
    )  # spokespersons who have not said that the reply satisfies them
    consent_to_publication = models.BooleanField(default=False)
    tell_by = models.CharField(max_length=16, choices=TellBy)
    no_messages = models.BooleanField(default=False)
    receipt_handed_over_at = models.DateTimeField(null=True)
    profile = models.ForeignKey("organization.ProfileVersion", models.PROTECT, related_name="+")

    screened_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    objected_at = models.DateTimeField(null=True)  # to not being accepted, which is looked at again once

    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")  # the main matter
    merged_here = models.PositiveSmallIntegerField(default=0)  # how many are merged into it now

    demand_count = models.PositiveSmallIntegerField(default=1)  # points that are asked for, those dropped left out
    part_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="parts")  # the whole, of a part (分项)
    part = models.PositiveSmallIntegerField(default=0)  # which of its parts, from 1; stands behind the number
    parts_open = models.PositiveSmallIntegerField(default=0)  # of the whole: how many are worked on still

    round = models.ForeignKey("Round", models.PROTECT, null=True, related_name="+")
    assignment = models.ForeignKey("Assignment", models.PROTECT, null=True, related_name="+")
    lead_unit = models.ForeignKey("organization.Unit", models.PROTECT, null=True, related_name="+")
    handler = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    returns = models.PositiveSmallIntegerField(default=0)  # granted; two ask for a conference that designates
    extensions = models.PositiveSmallIntegerField(default=0)  # granted
    paused_for = models.CharField(max_length=40, blank=True)  # the profile's cause, while the time is paused
    waits_for_speaker = models.BooleanField(default=False)  # whose word ends the pause
    dispatcher_designates = models.BooleanField(default=False)  # no leader is free for it, here or above
    rework_at_tier = models.PositiveSmallIntegerField(default=0)  # dissatisfactions at this tier, one after another
    tier_above_path = models.CharField(max_length=120, blank=True)  # empty at the top
    result_in_hand = models.BooleanField(default=False)  # prepared and waiting for its signature
    result_short = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)  # to reach the speaker in this follow-up
    attempts_used_up = models.BooleanField(default=False)
    nudged_at = models.DateTimeField(null=True)
    follow_up_by = models.CharField(max_length=10, choices=FollowUpBy, blank=True)
    follow_up_path = models.CharField(max_length=120, blank=True)
    sample_by = models.CharField(
        max_length=10, choices=FollowUpBy, blank=True
    )  # who looks at its end; "" when none does
    sample_path = models.CharField(max_length=120, blank=True)
    unread_words = models.PositiveSmallIntegerField(default=0)  # what the speaker said and nobody has answered
    withdrawal_asked_at = models.DateTimeField(null=True)
    withdrawal_entered = models.BooleanField(default=False)  # written down by staff, not made with the code
    reminded_at = models.DateTimeField(null=True)
    supervised = models.BooleanField(default=False)  # an order waits for the answer of whoever heads the lead unit
    sponsor = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, related_name="+"
    )  # the leader who sees it through
    duties_answered_at = models.DateTimeField(null=True)  # of a dispute: whether the law obliges to report something
    other_side = models.BooleanField(default=False)  # of a dispute: the opposing party is on record
    mediation = models.CharField(max_length=8, choices=Mediated, blank=True)  # since it was raised, or raised again
    mediator = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    adoption = models.CharField(max_length=6, choices=Adopted, blank=True)  # of a suggestion, as it stands now
    conferred_at = models.DateTimeField(null=True)  # a conference settled who does it: no return since
    order_state = models.CharField(max_length=10, choices=OrderState, blank=True)  # of a superior body; "" for none
    order_due_at = models.DateTimeField(null=True)  # its own limit, as long as the report is owed
    order_objector = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    agencies = models.PositiveSmallIntegerField(default=0)  # authorisations to act for the speaker so far
    agent = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")  # of the last of them
    papers_out = models.PositiveSmallIntegerField(default=0)  # taken from the speaker and not accounted for
    hand_overs = models.PositiveSmallIntegerField(default=0)  # letters to outside bodies so far
    promised_by = models.DateTimeField(null=True)
    next_due_at = models.DateTimeField(default=NEVER)
    next_due_kind = models.CharField(max_length=16, blank=True)

    objects = _Found()

    class Meta:
        constraints = [
            CheckConstraint(name="matter_undone_is_void", condition=Q(undone=False) | Q(exit=Exit.VOID)),
            CheckConstraint(name="matter_closed_has_exit", condition=Q(status=Status.CLOSED) ^ Q(exit="")),
            CheckConstraint(
                name="matter_closed_has_time",
                condition=Q(status=Status.CLOSED, closed_at__isnull=False)
                | (~Q(status=Status.CLOSED) & Q(closed_at__isnull=True)),
            ),
            CheckConstraint(
                name="matter_under_review_has_body",
                condition=Q(status=Status.UNDER_REVIEW) ^ Q(review_path=""),
            ),
            CheckConstraint(
                name="matter_merged_has_main", condition=Q(status=Status.MERGED) ^ Q(merged_into__isnull=True)
            ),
            CheckConstraint(name="matter_divided_has_open_parts", condition=Q(status=Status.DIVIDED) ^ Q(parts_open=0)),
            CheckConstraint(name="matter_part_has_whole", condition=Q(part_of__isnull=True) ^ Q(part__gte=1)),
            CheckConstraint(
                name="matter_part_is_only_worked_on",
                condition=Q(part_of__isnull=True) & ~Q(status=Status.PART_OVER)
                | Q(part_of__isnull=False, status__in=sorted(OF_A_PART)),
            ),
            CheckConstraint(name="matter_not_its_own_whole", condition=~Q(part_of=F("id"))),
            UniqueConstraint(name="matter_part_once", fields=["part_of", "part"], condition=Q(part__gte=1)),
            CheckConstraint(name="matter_not_its_own_main", condition=~Q(merged_into=F("id"))),
            CheckConstraint(
                name="matter_worked_on_has_lead",
                condition=~Q(status__in=sorted(GIVEN)) | Q(assignment__isnull=False, lead_unit__isnull=False),
            ),
            CheckConstraint(
                name="matter_in_handling_has_handler",
                condition=~Q(status__in=sorted(HELD)) | Q(handler__isnull=False),
            ),
            CheckConstraint(name="matter_mediated_has_mediator", condition=Q(mediation="") | Q(mediator__isnull=False)),
            CheckConstraint(name="matter_sampled_somewhere", condition=~(Q(sample_by="") ^ Q(sample_path=""))),
            CheckConstraint(name="matter_spoken_known", condition=Q(spoken__in=["", *(one.value for one in Spoken)])),
            CheckConstraint(name="matter_drill_of_nobody", condition=Q(drill=False) | Q(naming=Naming.ANONYMOUS)),
            CheckConstraint(name="matter_drill_has_exit_of_its_own", condition=~Q(exit=Exit.DRILL) | Q(drill=True)),
            CheckConstraint(name="matter_group_of_several", condition=Q(headcount__isnull=True) | Q(headcount__gte=2)),
            CheckConstraint(
                name="matter_group_is_known_and_pressing",
                condition=Q(headcount__isnull=True) | ~Q(naming=Naming.ANONYMOUS) & ~Q(urgency=Urgency.U4),
            ),
            CheckConstraint(
                name="matter_closed_owes_nothing",
                condition=~Q(status=Status.CLOSED) | Q(papers_out=0) & ~Q(order_state__in=sorted(ORDER_OWED)),
            ),
            CheckConstraint(
                name="matter_accepted_has_title_and_kind",
                condition=Q(status__in=[Status.REGISTERED, Status.SCREENED_OUT, Status.CLOSED])
                | (~Q(title="") & ~Q(kind="")),
            ),
        ]
        indexes = [
            # queries.queues: what waits in a status, nearest date first
            Index(name="matter_queue", fields=["status", "next_due_at", "id"]),
            # queries.queues: 我在办, 待签收 of a unit
            Index(name="matter_of_unit", fields=["lead_unit", "status", "next_due_at", "id"]),
            Index(name="matter_of_handler", fields=["handler", "status", "next_due_at", "id"]),
            # queries.find: the last digits of a number
            Index(LAST_DIGITS, name="matter_last_digits"),
            # queries.overview and filters by time
            Index(name="matter_registered", fields=["registered_at", "id"]),
            # queries.queues: 群众来话
            Index(name="matter_unread", fields=["next_due_at"], condition=Q(unread_words__gt=0)),
            # queries.queues: 应急, 待补单
            Index(name="matter_called", fields=["next_due_at"], condition=Q(duty_since__isnull=False)),
            Index(name="matter_papers", fields=["next_due_at"], condition=Q(papers_owed=True)),
            # queries.queues: 抽查待回访
            Index(name="matter_sampled", fields=["sample_path"], condition=~Q(sample_path="")),
            # queries.overview: 怎样办结的
            Index(name="matter_closed", fields=["closed_at"], condition=Q(closed_at__isnull=False)),
            # queries.queues: 上级件待报结, 材料在手
            Index(name="matter_ordered", fields=["next_due_at"], condition=Q(order_state__in=sorted(ORDER_OWED))),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_group(self) -> bool:
        return self.headcount is not None

    @property
    def sent_by_platform(self) -> bool:
        """Whether a program of others passed it on, which shows its speaker neither code nor reply."""
        return self.channel == Channel.PLATFORM

    @property
    def receipt_on_paper(self) -> bool:
        """Whether its speaker gets number and code from staff: nobody showed it to them when it was registered."""
        unseen = self.sent_by_platform or self.channel == Channel.MAIL  # no code goes out by mail
        handed = self.staff_entered and self.channel != Channel.IMPORT  # nobody stood before whoever brought the file
        return handed or (unseen and self.naming != Naming.ANONYMOUS)

    @property
    def receipt_awaited(self) -> bool:
        """Whether somebody can be found to hand it to: who put a letter into a box and left no name cannot."""
        return self.receipt_on_paper and not (self.channel == Channel.BOX and self.naming == Naming.ANONYMOUS)

    @property
    def is_part(self) -> bool:
        return self.part_of_id is not None

    @cached_property
    def leads_of_parts(self) -> frozenset[UUID]:
        """Which units have its parts, or had them; one statement, none for what an assignment of its own answers."""
        if self.assignment_id is not None or self.is_part or self.status not in ANSWERED_IN_PARTS:
            return frozenset()
        return frozenset(self.parts.exclude(lead_unit=None).values_list("lead_unit", flat=True))

    @property
    def number_of_whole(self) -> str:
        """Of a part the number that its speaker knows; the own one of any other matter."""
        return self.number.rpartition("-")[0] if self.is_part else self.number

    @property
    def may_be_reviewed_until(self) -> datetime | None:
        """The last moment to ask for a review; what was answered under an earlier release has thirty days from its end."""
        return self.review_until or (self.closed_at + timedelta(days=30) if self.closed_at else None)

    @property
    def may_come_again_until(self) -> datetime | None:
        """Of what is closed, the last moment to raise it again; what ended under an earlier release has ninety days."""
        return self.reopen_until or (self.closed_at + timedelta(days=90) if self.closed_at else None)


class Party(Labelled):
    """A person in a matter and how much of them the handling unit may know: theirs to say, also afterwards."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="parties")
    role = models.CharField(max_length=16, choices=PartyRole)
    naming = models.CharField(max_length=12, choices=Naming)
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    contact = models.ForeignKey("people.ContactPoint", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            UniqueConstraint(
                name="party_one_of_each_role",
                fields=["matter", "role"],
                condition=~Q(role__in=[PartyRole.OPPONENT, PartyRole.SPOKESPERSON]),
            ),
            UniqueConstraint(
                name="party_speaks_once", fields=["matter", "person"], condition=Q(role=PartyRole.SPOKESPERSON)
            ),
            CheckConstraint(name="party_anonymous_is_no_row", condition=~Q(naming=Naming.ANONYMOUS)),
        ]
        indexes = [Index(name="party_of_contact", fields=["contact"])]  # queries.callers: earlier matters of a number

    def __str__(self) -> str:
        return f"{self.role} {self.matter_id}"


WORDY = 100  # characters; what is longer was written to be read, not to head an answer


class Demand(models.Model):
    """One point of request, summarised by the registrar beneath the resident's words and answered one by one."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="demands")
    ordinal = models.PositiveSmallIntegerField()
    text = EncryptedText(owner="matter")
    dropped = models.BooleanField(default=False)  # by a correction; its text stays
    settled = models.BooleanField(default=False)  # solved by the person's own word

    class Meta:
        constraints = [UniqueConstraint(name="demand_ordinal_once", fields=["matter", "ordinal"])]

    def __str__(self) -> str:
        return f"{self.ordinal}. {self.matter_id}"

    @property
    def in_full(self) -> bool:
        """Whether it is a whole letter, word for word, because nobody has said yet in short what is asked for."""
        text = str(self.text)
        return (len(text) > WORDY or "\n" in text) and text == str(self.matter.content).strip()

    @property
    def heading(self) -> str:
        """What an answer stands under: the demand, or the title where nobody summarised a letter."""
        return self.matter.title if self.in_full and self.matter.title else str(self.text)
