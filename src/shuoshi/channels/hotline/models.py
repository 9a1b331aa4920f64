"""Exchanges that tell of calls, and the calls."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from shuoshi.kernel.crypto import EncryptedText, KeyHolder
from shuoshi.kernel.history import History
from shuoshi.kernel.ids import new_id

MISSED = Q(answered_at__isnull=True, settled_at__isnull=True)  # once it is over
UNWRITTEN = Q(answered_at__isnull=False, settled_at__isnull=True)


class Exchange(models.Model):
    """A telephone exchange that pushes what happens at it to an address nobody guesses; of it only the digest is kept."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=40)
    networks = models.CharField(max_length=200, blank=True)  # from which it pushes, by commas; "" from anywhere
    key_digest = models.CharField(max_length=64, unique=True)
    key_tail = models.CharField(max_length=4)
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class Call(KeyHolder):
    """One call that came in. `caller` is its number as the exchange gave it, "" for a withheld one."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    exchange = models.ForeignKey(Exchange, models.PROTECT, related_name="calls")
    call_id = models.CharField(max_length=80)  # the exchange's
    caller = EncryptedText(owner="self", blank=True)
    caller_index = models.CharField(max_length=64, blank=True)  # blind: to know the same number again
    rang_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    extension = models.CharField(max_length=40, blank=True)  # where it was answered
    ended_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)  # missed: rung back; answered: nothing to register
    settled_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    reached = models.BooleanField(null=True)  # missed: whether somebody was reached; false where there is no number
    tries = models.PositiveSmallIntegerField(default=0)  # to ring back, in vain

    class Meta:
        constraints = [
            UniqueConstraint(name="call_once", fields=["exchange", "call_id"]),
            CheckConstraint(
                name="call_settled_by_somebody",
                condition=Q(settled_at__isnull=True, settled_by__isnull=True)
                | Q(settled_at__isnull=False, settled_by__isnull=False),
            ),
            CheckConstraint(
                name="call_goes_forward",
                condition=(Q(answered_at__isnull=True) | Q(answered_at__gte=F("rang_at")))
                & (Q(ended_at__isnull=True) | Q(ended_at__gte=F("rang_at"))),
            ),
        ]
        indexes = [
            Index(name="call_by_time", fields=["-rang_at"]),  # queries: of a period, the last ones
            # queries: missed and not rung back; answered and not written down
            Index(name="call_missed", fields=["rang_at"], condition=MISSED),
            Index(name="call_unwritten", fields=["-rang_at"], condition=UNWRITTEN),
            Index(name="call_by_number", fields=["caller_index"], condition=MISSED),
        ]

    def __str__(self) -> str:
        return self.call_id


class FromCall(models.Model):
    """That a matter was raised in a call: one of them may raise several."""

    history = History.RECORD

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    call = models.ForeignKey(Call, models.PROTECT, related_name="raised")
    matter = models.OneToOneField("matters.Matter", models.PROTECT, related_name="call")

    def __str__(self) -> str:
        return f"{self.call_id} → {self.matter_id}"
