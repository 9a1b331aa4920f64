"""Disputes: what had to be reported, the mediation, its agreement and what it binds to, the other side's word (2.2.4)."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from shuoshi.kernel.crypto import EncryptedText
from shuoshi.kernel.history import History
from shuoshi.kernel.ids import new_id
from shuoshi.kernel.labels import Labelled
from shuoshi.matters.models.matter import Matter
from shuoshi.matters.models.rounds import Round
from shuoshi.matters.vocabulary import (
    AGREED,
    AgreementForm,
    Duty,
    EndsBecause,
    Mediated,
    Performed,
    Proof,
    Satisfaction,
    Side,
    Way,
)


class DutyAnswer(models.Model):
    """Whether one duty to report was found in a dispute; of a yes to whom it was reported, and when."""

    history = History.RECORD

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="duty_answers")
    duty = models.CharField(max_length=10, choices=Duty)
    found = models.BooleanField()
    reported_to = models.CharField(max_length=100, blank=True)
    reported_at = models.DateTimeField(null=True)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            CheckConstraint(
                name="duty_found_is_reported",
                condition=Q(found=False) | (~Q(reported_to="") & Q(reported_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.duty} {self.matter_id}"


class Mediation(Labelled):
    """One mediation: who mediates, how both sides agreed to it, until when, and how it ended."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="mediations")
    round = models.ForeignKey(Round, models.PROTECT, related_name="mediations")
    mediator = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    opened_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    speaker_agreed_by = models.CharField(max_length=8, choices=Way)
    speaker_agreed_on = models.DateField()
    other_agreed_by = models.CharField(max_length=8, choices=Way)
    other_agreed_on = models.DateField()
    until = models.DateField()
    extended_at = models.DateTimeField(null=True)  # by both sides, once
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=8, choices=Mediated, default=Mediated.OPEN)
    because = models.CharField(max_length=12, choices=EndsBecause, blank=True)  # where it failed
    words = EncryptedText(owner="matter", blank=True)
    remedies = EncryptedText(owner="matter", blank=True)  # the ways that were named where it failed

    class Meta:
        constraints = [
            UniqueConstraint(name="mediation_one_open", fields=["matter"], condition=Q(outcome=Mediated.OPEN)),
            CheckConstraint(
                name="mediation_open_or_ended",
                condition=Q(outcome=Mediated.OPEN, ended_at__isnull=True)
                | (~Q(outcome=Mediated.OPEN) & Q(ended_at__isnull=False)),
            ),
            CheckConstraint(name="mediation_failed_has_reason", condition=Q(outcome=Mediated.FAILED) ^ Q(because="")),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} = {self.outcome}"


class Agreement(Labelled):
    """What both sides agreed (人民调解法 29–31). Never edited: another agreement is another row."""

    history = History.RECORD

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="agreements")
    mediation = models.OneToOneField(Mediation, models.PROTECT, related_name="agreement")
    ordinal = models.PositiveSmallIntegerField()  # within the matter; stands in the paper's number
    form = models.CharField(max_length=8, choices=AgreementForm)
    facts = EncryptedText(owner="matter")
    issue = EncryptedText(owner="matter")
    way = EncryptedText(owner="matter")  # how, where and to whom it is performed
    concluded_on = models.DateField()
    confirm_until = models.DateField()  # jointly, by a court
    proof = models.CharField(max_length=12, choices=Proof)
    proof_ref = EncryptedText(owner="matter")
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            UniqueConstraint(name="agreement_ordinal_once", fields=["matter", "ordinal"]),
            CheckConstraint(name="agreement_of_a_form", condition=Q(form__in=sorted(AGREED))),
            CheckConstraint(
                name="agreement_written_is_signed",
                condition=~Q(form=Mediated.SIGNED) | Q(proof=Proof.SIGNED_SLIP),
            ),
            CheckConstraint(name="agreement_confirmed_after", condition=Q(confirm_until__gt=F("concluded_on"))),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} agreement {self.ordinal}"


class Obligation(Labelled):
    """One thing somebody has to do by the agreement, until a day; whether it was done is looked at afterwards."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="obligations")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="obligations")
    ordinal = models.PositiveSmallIntegerField()  # counts all of a matter
    owed_by = models.CharField(max_length=8, choices=Side)
    text = EncryptedText(owner="matter")
    due_on = models.DateField()
    performed = models.CharField(max_length=8, choices=Performed, blank=True)  # as the last look found it
    looked_at = models.DateTimeField(null=True)
    looked_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            UniqueConstraint(name="obligation_ordinal_once", fields=["matter", "ordinal"]),
            CheckConstraint(
                name="obligation_looked_at_by_somebody",
                condition=Q(performed="", looked_at__isnull=True, looked_by__isnull=True)
                | (~Q(performed="") & Q(looked_at__isnull=False, looked_by__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ordinal}. {self.matter_id}"


class OtherRating(models.Model):
    """What the other side of a dispute answered; kept beside the speaker's rating and never instead of it (4.4.1)."""

    history = History.RECORD

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="other_ratings")
    round = models.ForeignKey(Round, models.PROTECT, related_name="other_ratings")
    asked_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    way = models.CharField(max_length=8, choices=Way)
    result = models.CharField(max_length=1, choices=Satisfaction)
    attitude = models.CharField(max_length=1, choices=Satisfaction)
    words = EncryptedText(owner="matter", blank=True)
    proof = models.CharField(max_length=12, choices=Proof)
    proof_ref = EncryptedText(owner="matter")

    class Meta:
        constraints = [UniqueConstraint(name="other_rating_once", fields=["round"])]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.result}"
