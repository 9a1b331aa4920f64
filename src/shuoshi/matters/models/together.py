"""Matters that belong together: what was merged into what, for how long and why (4.2)."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from shuoshi.kernel.crypto import EncryptedText
from shuoshi.kernel.history import History
from shuoshi.kernel.ids import new_id
from shuoshi.matters.models.matter import Matter
from shuoshi.matters.vocabulary import RelationKind, Status


class Merging(models.Model):
    """One matter is handled with another, the main one, and keeps number, receipt, reply and rating of its own."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="mergings")
    main = models.ForeignKey(Matter, models.PROTECT, related_name="merged_once")
    came_from = models.CharField(max_length=20, choices=Status)  # where it goes back to
    merged_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    merged_at = models.DateTimeField()
    why = EncryptedText(owner="matter")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            UniqueConstraint(name="merging_one_open", fields=["matter"], condition=Q(ended_at__isnull=True)),
            CheckConstraint(name="merging_not_into_itself", condition=~Q(matter=F("main"))),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} → {self.main_id}"


class Relation(models.Model):
    """A matter that was raised from an earlier one of the same speaker; each goes its own way (4.4.1)."""

    history = History.RECORD

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.OneToOneField(Matter, models.PROTECT, related_name="raised_from")
    earlier = models.ForeignKey(Matter, models.PROTECT, related_name="raised_afterwards")
    kind = models.CharField(max_length=8, choices=RelationKind)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [CheckConstraint(name="relation_not_to_itself", condition=~Q(matter=F("earlier")))]

    def __str__(self) -> str:
        return f"{self.matter_id} ← {self.earlier_id}"
