"""What became of a suggestion: adopted, in part, or not; and whether it was carried out (2.2.3)."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from shuoshi.kernel.crypto import EncryptedText
from shuoshi.kernel.history import History
from shuoshi.kernel.ids import new_id
from shuoshi.kernel.labels import Labelled
from shuoshi.matters.models.matter import Matter
from shuoshi.matters.models.rounds import Round
from shuoshi.matters.vocabulary import Adopted


class Adoption(Labelled):
    """A decision on a suggestion. Another decision, in another round, is another row."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="adoptions")
    round = models.ForeignKey(Round, models.PROTECT, related_name="adoptions")
    ordinal = models.PositiveSmallIntegerField()
    extent = models.CharField(max_length=6, choices=Adopted)
    text = EncryptedText(owner="matter", blank=True)  # what is going to be done
    because = EncryptedText(owner="matter", blank=True)  # of what is not adopted: why not
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+")
    decided_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    carried_out_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            UniqueConstraint(name="adoption_ordinal_once", fields=["matter", "ordinal"]),
            UniqueConstraint(name="adoption_one_in_a_round", fields=["round"]),
            CheckConstraint(
                name="adoption_adopted_has_date", condition=Q(extent=Adopted.NOT) ^ Q(due_at__isnull=False)
            ),
            CheckConstraint(
                name="adoption_carried_out_by_somebody",
                condition=Q(carried_out_at__isnull=True, confirmed_by__isnull=True)
                | Q(carried_out_at__isnull=False, confirmed_by__isnull=False, due_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.extent} {self.matter_id}"
