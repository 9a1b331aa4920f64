"""What the speaker asks the tier above to look at once more, and what it decides (4.4.2)."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from shuoshi.kernel.crypto import EncryptedText
from shuoshi.kernel.history import History
from shuoshi.kernel.ids import new_id
from shuoshi.matters.models.matter import Matter
from shuoshi.matters.models.rounds import Round
from shuoshi.matters.vocabulary import Exit


class Review(models.Model):
    """One review of an answer: asked for within its days, decided by people who had nothing to do with it."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="reviews")
    round = models.ForeignKey(Round, models.PROTECT, related_name="reviews")  # whose answer is reviewed
    ordinal = models.PositiveSmallIntegerField()
    body_path = models.CharField(max_length=120)  # the tier that decides
    asked_at = models.DateTimeField()
    text = EncryptedText(owner="matter")
    exit_before = models.CharField(max_length=20, choices=Exit, blank=True)  # how it had ended; empty: it had not
    nobody_left = models.BooleanField(default=False)  # to decide it, here or above, when that was last looked for
    lapsed_at = models.DateTimeField(null=True)  # nobody decided, and nobody is left who could
    decided_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    upheld = models.BooleanField(null=True)
    decision = EncryptedText(owner="matter", blank=True)
    basis = EncryptedText(owner="matter", blank=True)
    remedies = EncryptedText(owner="matter", blank=True)

    class Meta:
        constraints = [
            UniqueConstraint(name="review_ordinal_once", fields=["matter", "ordinal"]),
            UniqueConstraint(
                name="review_one_open", fields=["matter"], condition=Q(decided_at__isnull=True, lapsed_at__isnull=True)
            ),
            CheckConstraint(
                name="review_decided_whole",
                condition=Q(decided_at__isnull=True, decided_by__isnull=True, upheld__isnull=True)
                | Q(decided_at__isnull=False, decided_by__isnull=False, upheld__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} ? {self.ordinal}"
