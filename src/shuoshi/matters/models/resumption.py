"""Ends that did not last, each with its time: what the balance of the ledger counts beside the end that holds now."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q

from shuoshi.kernel.history import History
from shuoshi.kernel.ids import new_id
from shuoshi.matters.models.matter import Matter
from shuoshi.matters.vocabulary import Exit


class Resumption(models.Model):
    """A matter was over and is so no longer: when it had ended and as what, and when it came back (rule 8).

    The end that holds now stands in the matter; with these rows it can be told of any moment whether it was open.
    """

    history = History.RECORD

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="resumptions")
    exit = models.CharField(max_length=20, choices=Exit, blank=True)  # "" where it had not been accepted
    ended_at = models.DateTimeField()
    back_at = models.DateTimeField()

    class Meta:
        constraints = [
            CheckConstraint(name="resumption_not_before_its_end", condition=Q(back_at__gte=F("ended_at"))),
        ]
        indexes = [  # queries.balance: what ended, and what came back, in a period
            Index(name="resumption_ended", fields=["ended_at"]),
            Index(name="resumption_back", fields=["back_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.exit or '-'}"
