"""Orders of superior bodies, acting for the speaker elsewhere with their papers, and letters to outside bodies (3.1.3)."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from shuoshi.kernel.crypto import EncryptedText
from shuoshi.kernel.history import History
from shuoshi.kernel.ids import new_id
from shuoshi.matters.models.matter import Matter
from shuoshi.matters.models.rounds import Round
from shuoshi.matters.vocabulary import (
    AgencyEnded,
    AgencyKind,
    Ground,
    OrderState,
    OutsideBody,
    PaperBecame,
)


class OutsideOrder(models.Model):
    """What a superior body sent down with a number and a limit of its own (上级件). A matter has one at most."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.OneToOneField(Matter, models.PROTECT, related_name="outside_order")
    number = models.CharField(max_length=60)
    sender = models.CharField(max_length=80)
    received_at = models.DateTimeField()
    limit = models.CharField(max_length=8)  # as the order says: "5wd", "15cd"
    due_at = models.DateTimeField()
    content = EncryptedText(owner="matter", blank=True)  # what the superior body wants, in its words
    state = models.CharField(max_length=10, choices=OrderState, default=OrderState.OWED)
    objected_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    objected_at = models.DateTimeField(null=True)
    objection = EncryptedText(owner="matter", blank=True)
    answered_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")  # who wrote it down
    answered_at = models.DateTimeField(null=True)
    answer_number = models.CharField(max_length=60, blank=True)
    answer = EncryptedText(owner="matter", blank=True)
    reported_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    reported_at = models.DateTimeField(null=True)
    report_number = models.CharField(max_length=60, blank=True)
    report = EncryptedText(owner="matter", blank=True)
    rated = models.CharField(max_length=1, blank=True)  # the speaker's level as it stood then; "" for no answer yet

    class Meta:
        constraints = [
            CheckConstraint(
                name="order_reported_whole",
                condition=Q(state=OrderState.REPORTED, reported_at__isnull=False, reported_by__isnull=False)
                | (~Q(state=OrderState.REPORTED) & Q(reported_at__isnull=True, reported_by__isnull=True)),
            ),
            CheckConstraint(
                name="order_answered_by_another",
                condition=Q(answered_at__isnull=True, answered_by__isnull=True)
                | Q(answered_at__isnull=False, objected_at__isnull=False) & ~Q(answered_by=models.F("objected_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} ← {self.number}"


class AnswerText(models.Model):
    """In which words one superior body wants its answer (3.1.3); `sender` "" is for all that have none of their own."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sender = models.CharField(max_length=80, blank=True)  # as it stands in the orders
    text = models.TextField()
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [UniqueConstraint(name="answer_text_once", fields=["sender"], condition=Q(active=True))]

    def __str__(self) -> str:
        return self.sender


class Agency(models.Model):
    """Staff act for the speaker at another office, or go along: what for, until when, and what shows the consent."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="authorisations")
    ordinal = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=AgencyKind)
    office = models.CharField(max_length=80)  # where it is done
    scope = EncryptedText(owner="matter")  # what may be done in the speaker's name, and nothing else
    agent = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    authorised_at = models.DateTimeField()
    until = models.DateField()
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=10, choices=AgencyEnded, blank=True)

    class Meta:
        constraints = [
            UniqueConstraint(name="agency_ordinal_once", fields=["matter", "ordinal"]),
            UniqueConstraint(name="agency_one_open", fields=["matter"], condition=Q(ended_at__isnull=True)),
            CheckConstraint(
                name="agency_end_has_reason",
                condition=Q(ended_at__isnull=True, ended_because="")
                | (Q(ended_at__isnull=False) & ~Q(ended_because="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} @ {self.office}"


class PaperTaken(models.Model):
    """One paper of the speaker that was taken along, and where it came to be."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="papers_taken")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="papers")
    ordinal = models.PositiveSmallIntegerField()
    what = EncryptedText(owner="matter")
    original = models.BooleanField()
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    became = models.CharField(max_length=10, choices=PaperBecame, default=PaperBecame.OUT)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    receipt = EncryptedText(owner="matter", blank=True)  # who signed for it, or the number of the office's receipt

    class Meta:
        constraints = [
            UniqueConstraint(name="paper_taken_ordinal_once", fields=["matter", "ordinal"]),
            CheckConstraint(
                name="paper_taken_accounted_by_somebody",
                condition=Q(became=PaperBecame.OUT, settled_at__isnull=True, settled_by__isnull=True)
                | (~Q(became=PaperBecame.OUT) & Q(settled_at__isnull=False, settled_by__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} · {self.ordinal}"


class HandOver(models.Model):
    """A letter that puts the matter, or a part of it, to an outside body; asked back until it answers."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="outside_letters")
    round = models.ForeignKey(Round, models.PROTECT, related_name="+")
    ordinal = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=OutsideBody)
    body = models.CharField(max_length=80)
    ask_where = models.CharField(max_length=120)  # where the speaker may ask: telephone, window
    number = models.CharField(max_length=60)  # of the letter
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+")  # in whose name
    text = EncryptedText(owner="matter")
    given = models.CharField(max_length=60, blank=True)  # codes of what was given of the speaker's data
    ground = models.CharField(max_length=8, choices=Ground, blank=True)
    basis = EncryptedText(owner="matter", blank=True)  # which law, or where the consent is kept
    sent_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    answer_by = models.DateField()  # until when the letter asks for an answer
    ask_at = models.DateTimeField()  # when to ask back, as it stands now
    asked = models.PositiveSmallIntegerField(default=0)
    answered_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")  # who wrote it down
    answered_at = models.DateTimeField(null=True)
    answer_number = models.CharField(max_length=60, blank=True)
    answer = EncryptedText(owner="matter", blank=True)

    class Meta:
        constraints = [
            UniqueConstraint(name="hand_over_ordinal_once", fields=["matter", "ordinal"]),
            CheckConstraint(
                name="hand_over_gives_data_on_a_ground",
                condition=Q(given="", ground="") | (~Q(given="") & ~Q(ground="")),
            ),
            CheckConstraint(
                name="hand_over_answered_by_somebody",
                condition=Q(answered_at__isnull=True, answered_by__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} → {self.body}"
