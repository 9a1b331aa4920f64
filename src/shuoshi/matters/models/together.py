"""Matters that belong together: what was merged into what, for how long and why (4.2)."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from shuoshi.kernel.crypto import EncryptedText
from shuoshi.kernel.history import History
from shuoshi.kernel.ids import new_id
from shuoshi.matters.models.matter import Matter
from shuoshi.matters.vocabulary import Status


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
