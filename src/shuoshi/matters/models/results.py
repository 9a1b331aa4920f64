"""The result of a round: reply and report, how it was followed up, how it was rated."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from shuoshi.kernel.crypto import EncryptedText
from shuoshi.kernel.history import History
from shuoshi.kernel.ids import new_id
from shuoshi.kernel.labels import Labelled
from shuoshi.matters.models.group import Spokesperson
from shuoshi.matters.models.matter import Demand, Matter
from shuoshi.matters.models.rounds import Assignment, Round
from shuoshi.matters.vocabulary import (
    Outcome,
    Proof,
    RatingSource,
    ReportForm,
    ResultState,
    Satisfaction,
    Solved,
    Way,
)


class Result(Labelled):
    """Reply to the resident and written report to the registry, prepared by the handler, signed by the head (4.3.3)."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="results")
    round = models.ForeignKey(Round, models.PROTECT, related_name="results")
    assignment = models.ForeignKey(
        Assignment, models.PROTECT, null=True, related_name="results"
    )  # null: put together from the parts of a divided matter
    ordinal = models.PositiveSmallIntegerField()  # version within the matter; stands in the paper's number
    state = models.CharField(max_length=10, choices=ResultState)
    form = models.CharField(max_length=8, choices=ReportForm)
    reply = EncryptedText(owner="matter")
    report = EncryptedText(owner="matter")
    basis = EncryptedText(owner="matter", blank=True)
    remedies = EncryptedText(owner="matter", blank=True)
    prepared_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    issuer = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    delivered_by = models.CharField(max_length=10, choices=Way, blank=True)
    delivered_on = models.DateField(null=True)
    duty_overlap = models.BooleanField(default=False)  # 一人多岗: handler and issuer are one person
    cites = models.PositiveSmallIntegerField(default=0)  # entries of the knowledge base it rests on (Citation)

    class Meta:
        constraints = [
            UniqueConstraint(name="result_ordinal_once", fields=["matter", "ordinal"]),
            UniqueConstraint(
                name="result_one_in_hand",
                fields=["assignment"],
                condition=Q(state=ResultState.PREPARED),
            ),
            CheckConstraint(
                name="result_signed_has_issuer",
                condition=~Q(state__in=[ResultState.SIGNED, ResultState.RETURNED])
                | Q(issuer__isnull=False, signed_at__isnull=False, delivered_on__isnull=False),
            ),
            CheckConstraint(
                name="result_overlap_is_told",
                condition=Q(issuer__isnull=True) | ~Q(issuer=F("prepared_by")) | Q(duty_overlap=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} result {self.ordinal}"


class ResultPoint(Labelled):
    """The answer to one demand, with its outcome and what that outcome makes necessary."""

    history = History.RECORD

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="result_points")
    result = models.ForeignKey(Result, models.PROTECT, related_name="points")
    demand = models.ForeignKey(Demand, models.PROTECT, related_name="answers")
    outcome = models.CharField(max_length=14, choices=Outcome)
    text = EncryptedText(owner="matter")
    because = EncryptedText(owner="matter", blank=True)

    class Meta:
        constraints = [UniqueConstraint(name="result_point_once", fields=["result", "demand"])]

    def __str__(self) -> str:
        return f"{self.outcome} {self.demand_id}"


class FollowUp(models.Model):
    """One attempt of the registry to ask the resident (4.4.1)."""

    history = History.RECORD

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="follow_ups")
    round = models.ForeignKey(Round, models.PROTECT, related_name="follow_ups")
    asked_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    way = models.CharField(max_length=8, choices=Way)
    reached = models.BooleanField()
    text = EncryptedText(owner="matter", blank=True)
    proof = models.CharField(max_length=12, choices=Proof, blank=True)
    proof_ref = EncryptedText(owner="matter", blank=True)
    declined = models.BooleanField(default=False)  # reached, and would not say
    spokesperson = models.ForeignKey(Spokesperson, models.PROTECT, null=True, related_name="+")  # of a group

    class Meta:
        constraints = [
            CheckConstraint(name="followup_declined_was_reached", condition=Q(declined=False) | Q(reached=True)),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.at}"


class Rating(models.Model):
    """What the person answered. Never edited, never converted: another opinion is another row."""

    history = History.RECORD

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="ratings")
    round = models.ForeignKey(Round, models.PROTECT, related_name="ratings")
    follow_up = models.OneToOneField(FollowUp, models.PROTECT, null=True, related_name="rating")
    source = models.CharField(max_length=8, choices=RatingSource)
    contacted = models.BooleanField()
    solved = models.CharField(max_length=8, choices=Solved)
    result = models.CharField(max_length=1, choices=Satisfaction)
    attitude = models.CharField(max_length=1, choices=Satisfaction)
    words = EncryptedText(owner="matter", blank=True)
    rest_wanted = models.BooleanField(null=True)
    for_another = models.BooleanField(default=False)  # the matter was raised on behalf of somebody: counted apart
    spokesperson = models.ForeignKey(Spokesperson, models.PROTECT, null=True, related_name="+")  # of a group
    at = models.DateTimeField()

    class Meta:
        constraints = [
            CheckConstraint(
                name="rating_taken_by_staff_has_follow_up",
                condition=Q(source=RatingSource.SPEAKER) | Q(follow_up__isnull=False),
            ),
        ]
        indexes = [Index(name="rating_lately", fields=["at"])]  # queries.overview

    def __str__(self) -> str:
        return f"{self.matter_id} {self.result}"
