"""Who is kept from a matter, and who did what in it."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint

from shuoshi.kernel.history import History
from shuoshi.kernel.ids import new_id
from shuoshi.matters.models.matter import Matter
from shuoshi.matters.vocabulary import Bond, ExcludedBecause


class Exclusions(models.QuerySet["Exclusion"]):
    """Rows of `Exclusion`."""

    def in_force(self) -> Exclusions:
        return self.filter(lifted_at__isnull=True)


class Exclusion(models.Model):
    """Whom this matter concerns: kept from it everywhere — lists, choices, notices, rulings (2.2.4, 5.3).

    It holds while `lifted_at` is empty; only one's own declaration that a ruling did not uphold is ever lifted.
    """

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="exclusions")
    unit = models.ForeignKey("organization.Unit", models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    why = models.CharField(max_length=16, choices=ExcludedBecause)
    at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)

    objects = Exclusions.as_manager()

    class Meta:
        constraints = [
            CheckConstraint(
                name="exclusion_of_unit_or_person",
                condition=Q(unit__isnull=False, person__isnull=True) | Q(unit__isnull=True, person__isnull=False),
            ),
            UniqueConstraint(
                name="exclusion_unit_once", fields=["matter", "unit"], condition=Q(lifted_at__isnull=True)
            ),
            UniqueConstraint(
                name="exclusion_person_once", fields=["matter", "person"], condition=Q(lifted_at__isnull=True)
            ),
        ]
        indexes = [
            Index(name="exclusion_by_person", fields=["person", "matter"]),  # queries.visible_to
            Index(name="exclusion_by_unit", fields=["unit", "matter"]),  # queries.visible_to
        ]

    def __str__(self) -> str:
        return f"{self.why} {self.matter_id}"


class Involvement(models.Model):
    """What a natural person did in a matter, under whatever post. Separation of duty is asked here, for ever."""

    history = History.RECORD

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="involvements")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    bond = models.CharField(max_length=12, choices=Bond)
    over_path = models.CharField(
        max_length=120, blank=True
    )  # the unit this person headed then: its people are subordinates
    at = models.DateTimeField()

    class Meta:
        constraints = [UniqueConstraint(name="involvement_once", fields=["matter", "person", "bond", "over_path"])]
        indexes = [
            Index(name="involvement_by_person", fields=["person", "matter"])
        ]  # queries.visible_to: what I touched

    def __str__(self) -> str:
        return f"{self.bond} {self.matter_id}"
