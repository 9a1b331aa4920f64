"""What a leader wrote on a matter, and what a conference settled (7.1, 4.2.2)."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from shuoshi.kernel.crypto import EncryptedText
from shuoshi.kernel.history import History
from shuoshi.kernel.ids import new_id
from shuoshi.matters.models.matter import Matter
from shuoshi.matters.models.rounds import Round


class Instruction(models.Model):
    """A task of a leader to the lead unit with the day of its answer (批示)."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="instructions")
    round = models.ForeignKey(Round, models.PROTECT, related_name="instructions")
    ordinal = models.PositiveSmallIntegerField()
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+")
    given_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    text = EncryptedText(owner="matter")
    due_at = models.DateTimeField()
    answered_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answer = EncryptedText(owner="matter", blank=True)

    class Meta:
        constraints = [
            UniqueConstraint(name="instruction_ordinal_once", fields=["matter", "ordinal"]),
            CheckConstraint(
                name="instruction_answered_by_somebody",
                condition=Q(answered_at__isnull=True, answered_by__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} » {self.ordinal}"
