"""Cards: what lateness brought upon a unit, each with its cause (6.1.1)."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from shuoshi.kernel.crypto import EncryptedText
from shuoshi.kernel.history import History
from shuoshi.kernel.ids import new_id
from shuoshi.matters.models.matter import Matter
from shuoshi.matters.models.rounds import Deadline
from shuoshi.matters.vocabulary import CardCause, CardColour, DeadlineKind


class Card(models.Model):
    """One card of a unit, by rule and for good: nobody gives one, and nobody takes one back."""

    history = History.RECORD

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="cards")
    deadline = models.ForeignKey(Deadline, models.PROTECT, related_name="cards")  # the clock that brought it
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+")
    colour = models.CharField(max_length=6, choices=CardColour)
    cause = models.CharField(max_length=8, choices=CardCause)
    kind = models.CharField(max_length=30, choices=DeadlineKind)  # what was owed
    due_at = models.DateTimeField()
    at = models.DateTimeField()
    quarter = models.CharField(max_length=6, blank=True)  # 2026Q4, of a talk for what came together in it
    reds = models.PositiveIntegerField(null=True)  # matters of the unit with a red card in that quarter
    given = models.PositiveIntegerField(null=True)  # matters it was given in that quarter

    class Meta:
        constraints = [
            UniqueConstraint(name="card_once", fields=["deadline", "cause"]),
            UniqueConstraint(name="card_one_talk_a_quarter", fields=["unit", "quarter"], condition=~Q(quarter="")),
            CheckConstraint(
                name="card_cause_fits_colour",
                condition=Q(colour=CardColour.YELLOW, cause=CardCause.NEAR)
                | Q(colour=CardColour.RED, cause=CardCause.PASSED)
                | Q(colour=CardColour.TALK, cause__in=[CardCause.LONG, CardCause.OFTEN]),
            ),
            CheckConstraint(
                name="card_quarter_has_counts",
                condition=Q(cause=CardCause.OFTEN, reds__isnull=False, given__isnull=False) & ~Q(quarter="")
                | ~Q(cause=CardCause.OFTEN) & Q(quarter="", reds__isnull=True, given__isnull=True),
            ),
        ]
        indexes = [
            Index(name="card_newest", fields=["-at", "-id"]),  # queries.cards
            Index(name="card_of_unit", fields=["unit", "colour", "at"]),  # what a quarter brought; the list of a unit
        ]

    def __str__(self) -> str:
        return f"{self.colour} {self.unit_id} {self.matter_id}"


class Talk(models.Model):
    """That whoever leads talked with whoever heads a unit, as a card asked for: when, and what was agreed (约谈)."""

    history = History.RECORD

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="talks")
    card = models.OneToOneField(Card, models.PROTECT, related_name="talk")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")  # whom the talk was with
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    in_place_of = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")  # who was away
    talked_at = models.DateTimeField()
    text = EncryptedText(owner="matter")  # what was agreed
    at = models.DateTimeField()

    class Meta:
        constraints = [
            CheckConstraint(name="talk_with_another", condition=~Q(by=F("person"))),
            CheckConstraint(name="talk_before_it_is_recorded", condition=Q(talked_at__lte=F("at"))),
        ]

    def __str__(self) -> str:
        return f"{self.by_id} ↔ {self.person_id}"
