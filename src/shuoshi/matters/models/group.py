"""Several people with one demand: how many they are, and the spokespersons they chose (集体反映, 条例 20)."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from shuoshi.kernel.history import History
from shuoshi.kernel.ids import new_id
from shuoshi.matters.models.matter import Matter, Party
from shuoshi.matters.vocabulary import Heard, TellBy

SEATS = 5  # spokespersons at most


class Spokesperson(models.Model):
    """One of at most five who speak for all: with a code, a receipt, a reply and a rating of their own.

    `heard` is what came of asking them about the reply that stands now; every new reply is asked about anew.
    """

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="spokespersons")
    party = models.OneToOneField(Party, models.PROTECT, related_name="spokesperson")
    seat = models.PositiveSmallIntegerField()
    query_generation = models.PositiveSmallIntegerField(default=1)
    tell_by = models.CharField(max_length=16, choices=TellBy)
    no_messages = models.BooleanField(default=False)
    joined_at = models.DateTimeField()
    receipt_handed_over_at = models.DateTimeField(null=True)
    heard = models.CharField(max_length=12, choices=Heard, default=Heard.OWED)
    attempts = models.PositiveSmallIntegerField(default=0)  # to reach them about the reply
    withdrawal_entered = models.BooleanField(default=False)  # the last one, written down by staff
    left_at = models.DateTimeField(null=True)  # their withdrawal took effect

    class Meta:
        constraints = [
            UniqueConstraint(
                name="spokesperson_seat_once", fields=["matter", "seat"], condition=Q(left_at__isnull=True)
            ),
            CheckConstraint(name="spokesperson_seat_known", condition=Q(seat__gte=1, seat__lte=SEATS)),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} · {self.seat}"
