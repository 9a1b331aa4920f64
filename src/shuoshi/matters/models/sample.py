"""Ends that followed from facts, which of them were drawn, and what the person said when a third one asked (1.3.1)."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint

from shuoshi.kernel.crypto import EncryptedText
from shuoshi.kernel.history import History
from shuoshi.kernel.ids import new_id
from shuoshi.matters.models.group import Spokesperson
from shuoshi.matters.models.matter import Matter
from shuoshi.matters.models.rounds import Round
from shuoshi.matters.vocabulary import BY_FACTS, Drawn, Exit, FollowUpBy, Looked, Proof, Way


class Sample(models.Model):
    """One end that nobody decided, and whether it is looked at. What is found changes neither the end nor a rating."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="samples")
    round = models.ForeignKey(Round, models.PROTECT, related_name="samples")
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+")  # whose end it is
    place = models.PositiveIntegerField()  # the how manieth of the unit
    exit = models.CharField(max_length=20, choices=Exit)
    at = models.DateTimeField()
    drawn = models.CharField(max_length=5, choices=Drawn, blank=True)
    asked_by = models.CharField(max_length=10, choices=FollowUpBy, blank=True)  # as fixed when it was drawn
    found = models.CharField(max_length=12, choices=Looked, blank=True)
    found_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            UniqueConstraint(name="sample_once_a_round", fields=["round"]),
            UniqueConstraint(
                name="sample_one_to_look_at",
                fields=["matter"],
                condition=~Q(drawn="") & Q(found="") & ~Q(asked_by=FollowUpBy.SPEAKER),
            ),
            CheckConstraint(name="sample_of_facts", condition=Q(exit__in=sorted(BY_FACTS))),
            CheckConstraint(name="sample_drawn_has_who_asks", condition=Q(drawn="") ^ ~Q(asked_by="")),
            CheckConstraint(
                name="sample_found_when_drawn",
                condition=Q(found="", found_at__isnull=True) | ~Q(found="") & ~Q(drawn="") & Q(found_at__isnull=False),
            ),
        ]
        indexes = [
            Index(name="sample_of_unit", fields=["unit", "-place"]),  # actions.drawing: the last, and its lot
            Index(name="sample_drawn", fields=["at"], condition=~Q(drawn="")),  # queries.overview
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.exit} {self.drawn or '-'}"


class SampleCall(models.Model):
    """One attempt of a third person to ask; of the one that reached somebody what they said, with what proves it."""

    history = History.RECORD

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="sample_calls")
    sample = models.ForeignKey(Sample, models.PROTECT, related_name="calls")
    asked_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    way = models.CharField(max_length=8, choices=Way)
    reached = models.BooleanField()
    found = models.CharField(max_length=12, choices=Looked, blank=True)
    words = EncryptedText(owner="matter", blank=True)
    proof = models.CharField(max_length=12, choices=Proof, blank=True)
    proof_ref = EncryptedText(owner="matter", blank=True)
    spokesperson = models.ForeignKey(Spokesperson, models.PROTECT, null=True, related_name="+")  # of a group

    class Meta:
        constraints = [
            CheckConstraint(
                name="samplecall_says_what_was_found",
                condition=Q(reached=False, found="") | Q(reached=True) & ~Q(found__in=["", Looked.UNREACHED]),
            ),
            CheckConstraint(
                name="samplecall_word_has_proof",
                condition=~Q(found__in=[Looked.CONFIRMED, Looked.CONTRADICTED]) | ~Q(proof=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.at}"
